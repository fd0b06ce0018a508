"""Why a criterion is met or refuted, and what is missing when it is neither.

Reasons are read off the expression tree by the same rules that decided it: of an *and* that fails,
the parts that fail; of an *or* that holds, the parts that hold.
"""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef
from rdflib.namespace import PROV
from rdflib.term import Node

from eligo.assess.model import Evidence, Missing
from eligo.evaluate.kleene import Evaluator
from eligo.explain.words import Words
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
from eligo.vocabulary.terms import ELIG

ASKED = "; asked: "
MOST_SOURCES = 3
"""How many facts behind a measure are named in a sentence; more are left to the details."""


@dataclass(frozen=True)
class Explainer:
    """Explains named classes for one patient.

    Attributes:
        evaluator: Knows the truth of every part.
        words: Writes values and facts.
    """

    evaluator: Evaluator
    words: Words

    def evidence(self, name: URIRef, node: Node, *, met: bool) -> tuple[Evidence, ...]:
        """Say why a named class is met (or refuted)."""
        return tuple(dict.fromkeys(self._named_because(name, node, met)))

    def missing(self, name: URIRef, node: Node) -> tuple[Missing, ...]:
        """Say what would settle a named class that is neither met nor refuted."""
        return tuple(dict.fromkeys(self._named_missing(name, node)))

    def _named_because(self, name: URIRef, node: Node, met: bool) -> list[Evidence]:
        definition = self.evaluator.rules.definitions[name]
        if definition.expression is None:
            return []
        if not met and definition.refuted_by is not None:
            if isinstance(definition.expression, Range):
                return self._because(definition.expression, node, definition, False)
            return self._named_because(definition.refuted_by, node, True)
        return self._because(definition.expression, node, definition, met)

    def _because(
        self, expression: Expression, node: Node, owner: Definition, met: bool
    ) -> list[Evidence]:
        match expression:
            case And(parts) | Or(parts):
                truths = [(part, self.evaluator.evaluate(part, node, owner)) for part in parts]
                decisive = [part for part, t in truths if (t.met if met else t.refuted)]
                return [e for part in decisive for e in self._because(part, node, owner, met)]
            case Not(part):
                return self._because(part, node, owner, not met)
            case Ref(name):
                return self._named_because(name, node, met)
            case Some():
                return self._facts_because(expression, node, owner, met)
            case Attribute() | HasValue() | Range():
                text = self._value(expression, node) + self._origin(expression, node)
                return [Evidence(text, self._sources(expression, node))]
            case Kind():
                return []

    def _facts_because(
        self, some: Some, node: Node, owner: Definition, met: bool
    ) -> list[Evidence]:
        facts = self.evaluator.view.facts(node, some.relation)
        found = []
        for fact in facts:
            truth = self.evaluator.evaluate(some.filler, fact, owner)
            if met and truth.met:
                detail = self._because(some.filler, fact, owner, True)
            elif not met and truth.refuted and not self._other_kind(some.filler, fact, owner):
                detail = self._because(some.filler, fact, owner, False)
            else:
                continue
            notes = [e.text for e in detail if not self._says_what(e.text, fact)]
            text = self.words.fact(fact) + ("".join(f"; {n}" for n in dict.fromkeys(notes)))
            found.append(Evidence(text, (str(fact), *self._derived_from(fact))))
        if met:
            return found
        about = self.words.subject(some.filler)
        what = f"no {self._noun(some)}" + (f" of kind {about}" if about else "")
        scope = self.evaluator.rules.needed_scope(some, owner)
        closing = "none on file (taken as complete)" if scope is None else "record complete"
        suffix = " that counts" if found else ""
        return [*found, Evidence(f"{what}{suffix}: {closing}")]

    def _other_kind(self, filler: Expression, fact: Node, owner: Definition) -> bool:
        """Whether a fact fails because it is of another kind, which nobody needs to read."""
        match filler:
            case Attribute():
                return self.evaluator.evaluate(filler, fact, owner).refuted
            case And(parts):
                return any(self._other_kind(part, fact, owner) for part in parts)
            case Or(parts):
                return all(self._other_kind(part, fact, owner) for part in parts)
            case Ref(name):
                expression = self.evaluator.rules.definitions[name].expression
                return expression is not None and self._other_kind(expression, fact, owner)
            case _:
                return False

    def _says_what(self, text: str, fact: Node) -> bool:
        return any(
            text.endswith(self.words.label(value))
            for value in self.evaluator.view.values(fact, ELIG.code)
            + self.evaluator.view.values(fact, ELIG.agent)
        )

    def _value(self, expression: Attribute | HasValue | Range, node: Node) -> str:
        name = self.words.attribute(expression)
        if isinstance(expression, Range):
            bounds = self.evaluator.view.bounds(node, expression.attribute)
            shown = self.words.bounds(bounds, expression.attribute)
            return f"{name} {shown} (asked: {self.words.range(expression)})"
        values = self.evaluator.view.values(node, expression.attribute)
        return f"{name}: {', '.join(self.words.label(v) for v in values)}"

    def _origin(self, expression: Attribute | HasValue | Range, node: Node) -> str:
        """Name the facts a measure was derived from, unless they are many."""
        if node != self.evaluator.patient:
            return ""
        graph = self.evaluator.view.graph
        facts = [URIRef(s) for s in self._sources(expression, node)]
        named = dict.fromkeys(
            self.words.fact(f)
            for f in facts
            if f != node and (f, ELIG.ofMeasure, None) not in graph
        )
        if not named or len(named) > MOST_SOURCES:
            return ""
        return " — from " + "; ".join(named)

    def _sources(self, expression: Attribute | HasValue | Range, node: Node) -> tuple[str, ...]:
        graph = self.evaluator.view.graph
        if node != self.evaluator.patient:
            return (str(node),)
        return tuple(
            sorted(
                str(source)
                for measurement in graph.objects(node, ELIG.hasMeasurement)
                if (measurement, ELIG.ofMeasure, expression.attribute) in graph
                for source in (measurement, *graph.objects(measurement, PROV.wasDerivedFrom))
            )
        )

    def _derived_from(self, fact: Node) -> tuple[str, ...]:
        return tuple(sorted(map(str, self.evaluator.view.graph.objects(fact, PROV.wasDerivedFrom))))

    def _noun(self, some: Some) -> str:
        return self.words.ontology.label(some.relation).removeprefix("has ")

    def _named_missing(self, name: URIRef, node: Node) -> list[Missing]:
        definition = self.evaluator.rules.definitions[name]
        if definition.expression is None:
            reason = self.words.ontology.text(name, ELIG.notFormalised)
            return [Missing(f"needs a human reading: {reason}")]
        found = self._missing(definition.expression, node, definition)
        if definition.refuted_by is not None:
            said = {m.text.partition(ASKED)[0] for m in found}
            other = self._named_missing(definition.refuted_by, node)
            found += [m for m in other if m.text.partition(ASKED)[0] not in said]
        return found

    def _missing(self, expression: Expression, node: Node, owner: Definition) -> list[Missing]:
        truth = self.evaluator.evaluate(expression, node, owner)
        if truth.met or truth.refuted:
            return []
        match expression:
            case And(parts) | Or(parts):
                return [m for part in parts for m in self._missing(part, node, owner)]
            case Not(part):
                return self._missing(part, node, owner)
            case Ref(name):
                return self._named_missing(name, node)
            case Some():
                return self._facts_missing(expression, node, owner)
            case Attribute() | HasValue() | Range():
                return [self._value_missing(expression, node)]
            case Kind():
                return []

    def _value_missing(self, expression: Attribute | HasValue | Range, node: Node) -> Missing:
        name = self.words.attribute(expression)
        sources = self._sources(expression, node)
        if isinstance(expression, Range):
            bounds = self.evaluator.view.bounds(node, expression.attribute)
            if bounds.known:
                shown = self.words.bounds(bounds, expression.attribute)
                text = f"{name} is {shown}{ASKED}{self.words.range(expression)}"
                return Missing(text + self.words.needs(expression.attribute), sources)
        elif values := self.evaluator.view.values(node, expression.attribute):
            shown = ", ".join(self.words.label(v) for v in values)
            if not isinstance(expression, Attribute):
                return Missing(f"{name} is {shown}", sources)
            kind = self.words.kind(expression.filler)
            if any(self.words.is_unmapped(v) for v in values):
                return Missing(f"{name} maps to no concept; it may be {kind}", sources)
            return Missing(f"{name} is {shown}, which may or may not be {kind}", sources)
        what = "value" if isinstance(expression, Range) else "answer"
        needs = self.words.needs(expression.attribute)
        return Missing(f"no usable {what}: {name}{needs}", sources)

    def _facts_missing(self, some: Some, node: Node, owner: Definition) -> list[Missing]:
        alike: dict[tuple[str, str], list[Node]] = {}
        for fact in self.evaluator.view.facts(node, some.relation):
            inner = self._missing(some.filler, fact, owner)
            if inner:
                detail = "; ".join(dict.fromkeys(m.text for m in inner))
                alike.setdefault((self.words.name(fact), detail), []).append(fact)
        found = [
            Missing(f"{self.words.facts(facts)}: {detail}", tuple(map(str, facts)))
            for (_, detail), facts in alike.items()
        ]
        scope = self.evaluator.rules.needed_scope(some, owner)
        if scope is not None and not self.evaluator.is_complete(some.relation, scope):
            about = self.words.subject(some.filler)
            what = self._noun(some) + (f", {about}" if about else "")
            found.append(Missing(f"record not stated to be complete: {what}"))
        return found
