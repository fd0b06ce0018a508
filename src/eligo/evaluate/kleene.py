"""Evaluate expressions directly, by the same rules as the compiled shapes.

Validation gives the verdict. This evaluator explains it, computes prescreens (where some answers
are assumed) and is the independent check that the shapes say what they should.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rdflib import URIRef
from rdflib.term import Node

from eligo.evaluate.truth import UNKNOWN, Truth
from eligo.evaluate.view import GraphView
from eligo.expression.model import (
    And,
    Attribute,
    Definition,
    Expression,
    HasValue,
    Kind,
    Not,
    Or,
    Range,
    Ref,
    Some,
)
from eligo.expression.rules import Rules
from eligo.expression.scope import AllScopes, AnyScope, Scope


@dataclass
class Evaluator:
    """Evaluates expressions for one patient.

    Attributes:
        view: The enriched graph.
        patient: The patient.
        rules: The named classes and what must be complete before they are refuted.
        assumed: Named classes whose truth is taken as given.
    """

    view: GraphView
    patient: Node
    rules: Rules
    assumed: Mapping[URIRef, Truth] = field(default_factory=dict)
    _named: dict[tuple[URIRef, Node], Truth] = field(default_factory=dict)
    _known: dict[tuple[int, Node, URIRef], Truth] = field(default_factory=dict)

    def named(self, name: URIRef, node: Node | None = None) -> Truth:
        """Evaluate a named class for the patient or for a fact."""
        if name in self.assumed:
            return self.assumed[name]
        key = (name, self.patient if node is None else node)
        if key not in self._named:
            self._named[key] = self._definition(self.rules.definitions[name], key[1])
        return self._named[key]

    def _definition(self, definition: Definition, node: Node) -> Truth:
        if definition.expression is None:
            return UNKNOWN
        truth = self.evaluate(definition.expression, node, definition)
        if definition.refuted_by is None:
            return truth
        return Truth(truth.met, self.named(definition.refuted_by, node).met and not truth.met)

    def evaluate(self, expression: Expression, node: Node, owner: Definition) -> Truth:
        """Evaluate an expression at a node, on behalf of the named class that owns it."""
        # By identity: expressions belong to the rule book, which outlives the evaluator.
        key = (id(expression), node, owner.name)
        if key not in self._known:
            self._known[key] = self._evaluate(expression, node, owner)
        return self._known[key]

    def _evaluate(self, expression: Expression, node: Node, owner: Definition) -> Truth:
        match expression:
            case And(parts):
                truths = [self.evaluate(part, node, owner) for part in parts]
                return Truth(all(t.met for t in truths), any(t.refuted for t in truths))
            case Or(parts):
                truths = [self.evaluate(part, node, owner) for part in parts]
                return Truth(any(t.met for t in truths), all(t.refuted for t in truths))
            case Not(part):
                return ~self.evaluate(part, node, owner)
            case Ref(name):
                return self.named(name, node)
            case Kind(concept):
                return Truth(self.view.is_kind(node, concept), not self.view.can_be(node, concept))
            case Some():
                return self._some(expression, node, owner)
            case Attribute(attribute, filler):
                values = self.view.values(node, attribute)
                truths = [self.evaluate(filler, value, owner) for value in values]
                return Truth(
                    any(t.met for t in truths), bool(truths) and all(t.refuted for t in truths)
                )
            case HasValue(attribute, value):
                found = self.view.values(node, attribute)
                return Truth(value in found, bool(found) and value not in found)
            case Range():
                return in_range(self.view, node, expression)

    def _some(self, some: Some, node: Node, owner: Definition) -> Truth:
        facts = self.view.facts(node, some.relation)
        truths = [self.evaluate(some.filler, fact, owner) for fact in facts]
        scope = self.rules.needed_scope(some, owner)
        left = sum(not truth.refuted for truth in truths)
        refuted = left < some.count and (scope is None or self.is_complete(some.relation, scope))
        return Truth(sum(truth.met for truth in truths) >= some.count, refuted)

    def is_complete(self, relation: URIRef, scope: Scope) -> bool:
        """Tell whether the record is complete for a scope."""
        if isinstance(scope, AnyScope):
            return any(self.is_complete(relation, part) for part in scope.parts)
        if isinstance(scope, AllScopes):
            return all(self.is_complete(relation, part) for part in scope.parts)
        return self.view.is_complete(self.patient, relation, scope.kind)


def in_range(view: GraphView, node: Node, wanted: Range) -> Truth:
    """Compare the bounds of a number with a range."""
    bounds = view.bounds(node, wanted.attribute)
    met = bounds.known
    refuted = False
    if wanted.minimum is not None:
        met = met and bounds.low is not None
        if bounds.low is not None:
            at = bounds.low == wanted.minimum and wanted.minimum_inclusive
            met = met and (bounds.low > wanted.minimum or at)
        if bounds.high is not None:
            at = bounds.high == wanted.minimum and not wanted.minimum_inclusive
            refuted = refuted or bounds.high < wanted.minimum or at
    if wanted.maximum is not None:
        met = met and bounds.high is not None
        if bounds.high is not None:
            at = bounds.high == wanted.maximum and wanted.maximum_inclusive
            met = met and (bounds.high < wanted.maximum or at)
        if bounds.low is not None:
            at = bounds.low == wanted.maximum and not wanted.maximum_inclusive
            refuted = refuted or bounds.low > wanted.maximum or at
    return Truth(met, refuted)
