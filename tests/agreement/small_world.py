"""A small world for property tests: a vocabulary, patients as plain data, and an oracle.

The oracle shares no code with the product: it reads the plain data, knows the hierarchy from
`ABOVE`, and works out scopes by its own rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, XSD

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
from eligo.vocabulary import naming
from eligo.vocabulary.terms import ELIG

EX = Namespace("https://example.org/world/")
R1, R2 = EX.hasThing, EX.hasOther
CODE, AGENT, FLAG, STATE, NUMBER = EX.code, EX.agent, EX.flag, EX.state, EX.number
M_NUMBER, M_FLAG, M_CODE = EX.measuredNumber, EX.measuredFlag, EX.measuredCode
CLASSIFIER = {R1: CODE, R2: AGENT}
TOP, LEFT, RIGHT, BOTH, LONE, MAYBE, ODD = (
    EX[n] for n in ("Top", "Left", "Right", "Both", "Lone", "Maybe", "Odd")
)
KINDS = (TOP, LEFT, RIGHT, BOTH, LONE, MAYBE)
ABOVE: dict[URIRef, set[URIRef]] = {
    TOP: {TOP},
    LEFT: {LEFT, TOP},
    RIGHT: {RIGHT, TOP},
    BOTH: {BOTH, LEFT, RIGHT, TOP},
    LONE: {LONE},
    MAYBE: {MAYBE},
    ODD: {ODD},
}
"""`Both` lies below two kinds, so each can be the other; `Maybe` may be `Left`; `Odd` unmapped."""

CAN_BE: dict[URIRef, set[URIRef]] = {
    TOP: {TOP, LEFT, RIGHT, BOTH},
    LEFT: {LEFT, TOP, BOTH, RIGHT},
    RIGHT: {RIGHT, TOP, BOTH, LEFT},
    BOTH: {BOTH, LEFT, RIGHT, TOP},
    LONE: {LONE},
    MAYBE: {MAYBE, LEFT, TOP},
    ODD: {ODD, TOP, LEFT, RIGHT, BOTH, MAYBE},
}
"""`Odd` cannot be `Lone`: the codes of `Lone` are listed completely."""

Bounds = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True)
class Thing:
    """A node: coded values, booleans, states and numbers by attribute."""

    values: Mapping[URIRef, tuple[URIRef | Literal, ...]] = field(default_factory=dict)
    numbers: Mapping[URIRef, Bounds] = field(default_factory=dict)


@dataclass(frozen=True)
class Person(Thing):
    """A patient: attributes, facts and completely recorded kinds (None: all) by relation."""

    facts: Mapping[URIRef, tuple[Thing, ...]] = field(default_factory=dict)
    complete: Mapping[URIRef, frozenset[URIRef | None]] = field(default_factory=dict)


Answer = tuple[bool, bool]


@dataclass
class Oracle:
    """Decides expressions on plain data: (established, refuted)."""

    definitions: Mapping[URIRef, Definition]
    person: Person

    def decide(self, name: URIRef, thing: Thing | None = None) -> Answer:
        definition = self.definitions[name]
        thing = self.person if thing is None else thing
        if definition.expression is None:
            return False, False
        yes, no = self._of(definition.expression, thing, definition)
        if definition.refuted_by:
            no = self.decide(definition.refuted_by, thing)[0] and not yes
        return yes, no

    def _of(self, e: Expression, thing: Thing, owner: Definition) -> Answer:
        if isinstance(e, And | Or):
            answers = [self._of(p, thing, owner) for p in e.parts]
            every, any_ = (all, any) if isinstance(e, And) else (any, all)
            return every(y for y, _ in answers), any_(n for _, n in answers)
        if isinstance(e, Not):
            yes, no = self._of(e.part, thing, owner)
            return no, yes
        if isinstance(e, Ref):
            return self.decide(e.name, thing)
        if isinstance(e, Some):
            return self._some(e, owner)
        if isinstance(e, Attribute):
            answers = [self._kind(e.filler, v) for v in thing.values.get(e.attribute, ())]
            return any(y for y, _ in answers), bool(answers) and all(n for _, n in answers)
        if isinstance(e, HasValue):
            values = thing.values.get(e.attribute, ())
            return e.value in values, bool(values) and e.value not in values
        assert isinstance(e, Range)
        return self._range(e, thing.numbers.get(e.attribute, (None, None)))

    def _kind(self, e: Expression, concept: URIRef | Literal) -> Answer:
        if isinstance(e, And | Or):
            answers = [self._kind(p, concept) for p in e.parts]
            every, any_ = (all, any) if isinstance(e, And) else (any, all)
            return every(y for y, _ in answers), any_(n for _, n in answers)
        if isinstance(e, Not):
            yes, no = self._kind(e.part, concept)
            return no, yes
        assert isinstance(e, Kind)
        assert isinstance(concept, URIRef)
        return e.concept in ABOVE[concept], e.concept not in CAN_BE[concept]

    @staticmethod
    def _range(e: Range, bounds: Bounds) -> Answer:
        low, high = bounds
        if low is None and high is None:
            return False, False
        yes, no = True, False
        if e.minimum is not None:
            yes &= low is not None and (
                low >= e.minimum if e.minimum_inclusive else low > e.minimum
            )
            no |= high is not None and (
                high < e.minimum if e.minimum_inclusive else high <= e.minimum
            )
        if e.maximum is not None:
            yes &= high is not None and (
                high <= e.maximum if e.maximum_inclusive else high < e.maximum
            )
            no |= low is not None and (low > e.maximum if e.maximum_inclusive else low >= e.maximum)
        return yes, no

    def _some(self, e: Some, owner: Definition) -> Answer:
        answers = [self._of(e.filler, f, owner) for f in self.person.facts.get(e.relation, ())]
        known = set(self.person.complete.get(e.relation, frozenset()))
        known |= {kind for relation, kind in owner.closed if relation == e.relation}
        everything = None in known
        below = {k for k in KINDS for c in known if c is not None and c in ABOVE[k]}
        covered = everything or self._covers(e.filler, CLASSIFIER[e.relation], below)
        left = sum(1 for _, no in answers if not no)
        return sum(1 for yes, _ in answers if yes) >= e.count, covered and left < e.count

    def _covers(self, e: Expression, classifier: URIRef, known: set[URIRef]) -> bool:
        """Whether every fact that could satisfy a filler is of a completely recorded kind."""
        if isinstance(e, Attribute) and e.attribute == classifier:
            return self._covers_kind(e.filler, known)
        if isinstance(e, And):
            return any(self._covers(p, classifier, known) for p in e.parts)
        if isinstance(e, Or):
            return all(self._covers(p, classifier, known) for p in e.parts) and bool(e.parts)
        if isinstance(e, Ref):
            inner = self.definitions[e.name].expression
            return inner is not None and self._covers(inner, classifier, known)
        return False

    def _covers_kind(self, e: Expression, known: set[URIRef]) -> bool:
        if isinstance(e, Kind):
            return e.concept in known
        if isinstance(e, And):
            return any(self._covers_kind(p, known) for p in e.parts)
        if isinstance(e, Or):
            return all(self._covers_kind(p, known) for p in e.parts) and bool(e.parts)
        return False


def rules(definitions: Mapping[URIRef, Definition]) -> Rules:
    """The rule book of the small world."""
    return Rules(definitions, CLASSIFIER, {k: frozenset(v) for k, v in ABOVE.items()})


def graph_of(people: Mapping[URIRef, Person]) -> Graph:
    """The people as an enriched graph."""
    graph = Graph()
    for concept, above in ABOVE.items():
        for kind in above:
            graph.add((concept, RDF.type, kind))
        for kind in CAN_BE[concept]:
            graph.add((concept, ELIG.canBe, kind))
    for name, person in people.items():
        graph.add((name, RDF.type, ELIG.Patient))
        _describe(graph, name, person)
        for relation, things in person.facts.items():
            for index, thing in enumerate(things):
                fact = URIRef(f"{name}/{relation.split('/')[-1]}/{index}")
                graph.add((name, relation, fact))
                _describe(graph, fact, thing)
        for relation, covered in person.complete.items():
            for closed in covered:
                _complete(graph, name, relation, closed)
    return graph


def _complete(graph: Graph, name: URIRef, relation: URIRef, kind: URIRef | None) -> None:
    path = naming.completeness(relation)
    covered = list(KINDS) if kind is None else [k for k in KINDS if kind in ABOVE[k]]
    for concept in covered:
        graph.add((name, path, concept))
    if kind is None:
        graph.add((name, path, ELIG.Anything))


def _describe(graph: Graph, node: URIRef, thing: Thing) -> None:
    for attribute, values in thing.values.items():
        for value in values:
            graph.add((node, attribute, value))
    for attribute, (low, high) in thing.numbers.items():
        if low is not None:
            graph.add((node, naming.low(attribute), Literal(low, datatype=XSD.decimal)))
        if high is not None:
            graph.add((node, naming.high(attribute), Literal(high, datatype=XSD.decimal)))
