"""Compile expressions to SHACL Core: one shape that establishes, one that refutes.

A compiled expression is a conjunction of constraints, so *and* is concatenation and nesting stays
shallow; validators limit how deeply shapes may nest. The table of design rules is strong Kleene
logic: see the page "Semantics" of the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rdflib import Literal, URIRef
from rdflib.namespace import SH, XSD

from eligo.compile.turtle import Block, Pairs, Sequence, Term
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
from eligo.vocabulary import naming
from eligo.vocabulary.terms import ELIG


@dataclass(frozen=True)
class Compiler:
    """Compiles definitions to constraints.

    Attributes:
        rules: The named classes and what must be complete before they are refuted.
    """

    rules: Rules

    def met(self, definition: Definition) -> Pairs:
        """Constraints of the shape that establishes a named class."""
        if definition.expression is None:
            return never()
        return together(self._met(definition.expression, definition))

    def not_met(self, definition: Definition) -> Pairs:
        """Constraints of the shape that refutes a named class."""
        if definition.expression is None:
            return never()
        if definition.refuted_by is not None:
            return [
                (SH.node, naming.met_shape(definition.refuted_by)),
                (SH["not"], naming.met_shape(definition.name)),
            ]
        return together(self._refuted(definition.expression, definition))

    def _met(self, expression: Expression, owner: Definition) -> Pairs:
        match expression:
            case And(parts):
                return [pair for part in parts for pair in self._met(part, owner)]
            case Or(parts):
                return either([self._met(part, owner) for part in parts])
            case Not(part):
                return self._refuted(part, owner)
            case Ref(name):
                return [(SH.node, naming.met_shape(name))]
            case Kind(concept):
                return [(SH["class"], concept)]
            case Some(relation, filler, count):
                return on(
                    relation,
                    (SH.qualifiedValueShape, shape(self._met(filler, owner))),
                    (SH.qualifiedMinCount, Literal(count)),
                )
            case Attribute(attribute, filler):
                return on(
                    attribute,
                    (SH.qualifiedValueShape, shape(self._met(filler, owner))),
                    (SH.qualifiedMinCount, Literal(1)),
                )
            case HasValue(attribute, value):
                return on(attribute, (SH.hasValue, value))
            case Range():
                return self._in_range(expression)

    def _refuted(self, expression: Expression, owner: Definition) -> Pairs:
        match expression:
            case And(parts):
                return either([self._refuted(part, owner) for part in parts])
            case Or(parts):
                return [pair for part in parts for pair in self._refuted(part, owner)]
            case Not(part):
                return self._met(part, owner)
            case Ref(name):
                return [(SH.node, naming.not_met_shape(name))]
            case Kind(concept):
                is_it = on(ELIG.canBe, (SH.hasValue, concept))
                return [*_described(), (SH["not"], shape(is_it))]
            case Some():
                return self._none_left(expression, owner)
            case Range():
                return self._out_of_range(expression)
            case Attribute() | HasValue():
                return self._other_value(expression, owner)

    def _other_value(self, expression: Attribute | HasValue, owner: Definition) -> Pairs:
        there = (SH.minCount, Literal(1))
        match expression:
            case HasValue(attribute, value):
                return on(attribute, there, (SH["not"], shape([(SH.hasValue, value)])))
            case Attribute(attribute, Kind(concept)):
                # One path instead of a nested shape for each value: validators limit nesting.
                possible = on(Sequence((attribute, ELIG.canBe)), (SH.hasValue, concept))
                return [*on(attribute, there, *_described()), (SH["not"], Block(tuple(possible)))]
            case Attribute(attribute, filler):
                return on(attribute, there, *self._refuted(filler, owner))

    def _none_left(self, some: Some, owner: Definition) -> Pairs:
        refuted = self._refuted(some.filler, owner)
        if some.count == 1:
            rest = on(some.relation, *refuted)
        else:
            rest = on(
                some.relation,
                (SH.qualifiedValueShape, shape([(SH["not"], shape(refuted))])),
                (SH.qualifiedMaxCount, Literal(some.count - 1)),
            )
        scope = self.rules.needed_scope(some, owner)
        return rest if scope is None else [*complete(some.relation, scope), *rest]

    @staticmethod
    def _in_range(wanted: Range) -> Pairs:
        pairs: Pairs = []
        if wanted.minimum is not None:
            facet = SH.minInclusive if wanted.minimum_inclusive else SH.minExclusive
            pairs += bound(naming.low(wanted.attribute), facet, wanted.minimum)
        if wanted.maximum is not None:
            facet = SH.maxInclusive if wanted.maximum_inclusive else SH.maxExclusive
            pairs += bound(naming.high(wanted.attribute), facet, wanted.maximum)
        return pairs

    @staticmethod
    def _out_of_range(wanted: Range) -> Pairs:
        sides: list[Pairs] = []
        if wanted.minimum is not None:
            facet = SH.maxExclusive if wanted.minimum_inclusive else SH.maxInclusive
            sides.append(bound(naming.high(wanted.attribute), facet, wanted.minimum))
        if wanted.maximum is not None:
            facet = SH.minExclusive if wanted.maximum_inclusive else SH.minInclusive
            sides.append(bound(naming.low(wanted.attribute), facet, wanted.maximum))
        return either(sides)


def shape(pairs: Pairs) -> URIRef | Block:
    """Return a shape for a conjunction; a named shape stands for itself."""
    if len(pairs) == 1 and pairs[0][0] == SH.node and isinstance(pairs[0][1], URIRef):
        return pairs[0][1]
    return Block(tuple(together(pairs)))


def together(pairs: Pairs) -> Pairs:
    """Return a conjunction without repetition and with one negation at most.

    Several values of `sh:not` are as many constraints, but not every engine checks them all.
    """
    unique = list(dict.fromkeys(pairs))
    refused = [part for predicate, part in unique if predicate == SH["not"]]
    if len(refused) < 2:
        return unique
    kept = [pair for pair in unique if pair[0] != SH["not"]]
    return [*kept, (SH["not"], Block(((SH["or"], Sequence(tuple(refused))),)))]


def either(options: list[Pairs]) -> Pairs:
    """Return a disjunction of conjunctions."""
    if len(options) == 1:
        return options[0]
    if not options:
        return never()
    return [(SH["or"], Sequence(tuple(shape(option) for option in options)))]


def _described() -> Pairs:
    """Return the constraint that the graph carries the hierarchy of a concept."""
    return on(ELIG.canBe, (SH.minCount, Literal(1)))


def never() -> Pairs:
    """Return a conjunction that nothing satisfies."""
    return [(SH["not"], Block(()))]


def on(path: URIRef | Sequence, *constraints: tuple[URIRef, Term]) -> Pairs:
    """Return a property shape for a path."""
    return [(SH.property, Block(((SH.path, path), *together(list(constraints)))))]


def bound(path: URIRef, facet: URIRef, number: Decimal) -> Pairs:
    """Return the constraint that a bound is present and on the right side of a number."""
    value = Literal(f"{number:f}", datatype=XSD.decimal, normalize=False)
    return on(path, (SH.minCount, Literal(1)), (facet, value))


def complete(relation: URIRef, scope: Scope) -> Pairs:
    """Return the constraint that a relation is completely recorded for a scope."""
    if isinstance(scope, AllScopes):
        return [pair for part in scope.parts for pair in complete(relation, part)]
    if isinstance(scope, AnyScope):
        return either([complete(relation, part) for part in scope.parts])
    kind = ELIG.Anything if scope.kind is None else scope.kind
    return on(naming.completeness(relation), (SH.hasValue, kind))
