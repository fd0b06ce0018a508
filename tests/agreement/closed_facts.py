"""An enriched graph of one patient as OWL, with everything said that its answers rest on.

OWL assumes nothing: what is not stated may hold, and two names may mean one thing. What the
enriched graph takes for granted is therefore stated:

- facts are all different, and so are coded values;
- an attribute has no values but those given (a number: the value, or its interval);
- a concept is none of the kinds that it cannot be;
- where a relation is complete for a kind, by the record or by a decision, each fact of that kind
  is one of those on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, XSD
from rdflib.term import Node

from agreement.owl_graph import OwlGraph
from eligo.expression.model import (
    Attribute,
    Definition,
    Expression,
    HasValue,
    Not,
    Range,
    Ref,
    Some,
    children,
    kinds,
)
from eligo.expression.rules import Rules
from eligo.vocabulary import naming
from eligo.vocabulary.terms import ELIG


@dataclass(frozen=True)
class Terms:
    """What a set of definitions speaks of; kinds by the attribute that has them."""

    relations: frozenset[URIRef]
    attributes: frozenset[URIRef]
    numbers: frozenset[URIRef]
    kinds: Mapping[URIRef, frozenset[URIRef]]
    values: frozenset[URIRef]


def terms_of(definitions: Iterable[Definition]) -> Terms:
    """Collect the relations, attributes, kinds and coded values that definitions use."""
    parts: list[Expression] = [d.expression for d in definitions if d.expression is not None]
    for part in parts:
        parts += children(part)
    named = {p.value for p in parts if isinstance(p, HasValue)}
    asked: dict[URIRef, frozenset[URIRef]] = {}
    for part in parts:
        if isinstance(part, Attribute):
            asked[part.attribute] = asked.get(part.attribute, frozenset()) | kinds(part)
    return Terms(
        frozenset(p.relation for p in parts if isinstance(p, Some)),
        frozenset(p.attribute for p in parts if isinstance(p, Attribute | HasValue)),
        frozenset(p.attribute for p in parts if isinstance(p, Range)),
        asked,
        frozenset(v for v in named if isinstance(v, URIRef)),
    )


def is_claimed(rules: Rules, name: URIRef, *, met: bool) -> bool:
    """Tell whether a class has an answer that OWL must entail.

    What is not formalised has no answer, and *not met* by a refutation of its own is no negation;
    neither is anything that builds on it.
    """
    definition = rules.definitions[name]
    if definition.expression is None or (definition.refuted_by and not met):
        return False
    return all(
        is_claimed(rules, used, met=positive)
        for used, positive in _uses(definition.expression, met)
    )


def _uses(expression: Expression, positive: bool) -> set[tuple[URIRef, bool]]:
    if isinstance(expression, Ref):
        return {(expression.name, positive)}
    inside = positive != isinstance(expression, Not)
    return {use for child in children(expression) for use in _uses(child, inside)}


class ClosedFacts:
    """Writes what an enriched graph says of patients as OWL.

    Args:
        data: The enriched graph.
        rules: The definitions and what their decisions close.
        into: Where the axioms go.
    """

    def __init__(self, data: Graph, rules: Rules, into: OwlGraph) -> None:
        self._data = data
        self._rules = rules
        self._into = into
        self._terms = terms_of(rules.definitions.values())
        self._values: dict[Node, set[URIRef]] = {}

    def state(self, patient: URIRef, *, complete: bool = True) -> None:
        """State what is known of a patient; without COMPLETE, any relation may hold more facts."""
        facts = {f for r in self._terms.relations for f in self._data.objects(patient, r)}
        self._values = {value: set() for value in self._terms.values}
        self._into.add(patient, RDF.type, ELIG.Patient)
        self._describe(patient)
        for fact in facts:
            self._into.add(fact, RDF.type, ELIG.Fact)
            self._describe(fact)
        for relation in self._terms.relations:
            for fact in self._data.objects(patient, relation):
                self._into.add(patient, relation, fact)
            if complete:
                self._close(patient, relation)
        for value, asked in self._values.items():
            self._tell_kinds(value, asked)
        self._into.all_different(facts)
        self._into.all_different(self._values.keys())

    def _describe(self, node: Node) -> None:
        for attribute in self._terms.attributes:
            values = set(self._data.objects(node, attribute))
            for value in values:
                self._into.add(node, attribute, value)
            if values and not any(isinstance(value, Literal) for value in values):
                listed = self._into.one_of(values)
                self._into.add(node, RDF.type, self._into.only(attribute, listed))
                for value in values:
                    self._values.setdefault(value, set()).update(self._asked(attribute))
        for attribute in self._terms.numbers:
            low = self._bound(node, naming.low(attribute))
            high = self._bound(node, naming.high(attribute))
            given = [(XSD.minInclusive, low), (XSD.maxInclusive, high)]
            facets = [(facet, number) for facet, number in given if number is not None]
            if low is not None and low == high:
                exact = Literal(f"{low:f}", datatype=XSD.decimal)
                self._into.add(node, attribute, exact)
            elif facets:
                within = self._into.some(attribute, self._into.numbers(*facets))
                self._into.add(node, RDF.type, within)

    def _asked(self, attribute: URIRef) -> frozenset[URIRef]:
        return self._terms.kinds.get(attribute, frozenset())

    def _bound(self, node: Node, path: URIRef) -> Decimal | None:
        value = self._data.value(node, path)
        return None if value is None else Decimal(str(value))

    def _tell_kinds(self, concept: Node, asked: Iterable[URIRef]) -> None:
        possible = set(self._data.objects(concept, ELIG.canBe))
        for kind in asked if possible else ():
            if (concept, RDF.type, kind) in self._data:
                self._into.add(concept, RDF.type, kind)
            elif kind not in possible:
                self._into.add(concept, RDF.type, self._into.complement(kind))

    def _close(self, patient: URIRef, relation: URIRef) -> None:
        known: set[Node | None] = set(self._data.objects(patient, naming.completeness(relation)))
        for definition in self._rules.definitions.values():
            known |= {kind for closed, kind in definition.closed if closed == relation}
        listed = self._into.one_of(set(self._data.objects(patient, relation)))
        if known & {None, ELIG.Anything}:
            self._into.add(patient, RDF.type, self._into.only(relation, listed))
        elif classifier := self._rules.classifiers.get(relation):
            for kind in self._asked(classifier) & known:
                other = self._into.complement(self._into.some(classifier, kind))
                either = self._into.combined(OWL.unionOf, [listed, other])
                self._into.add(patient, RDF.type, self._into.only(relation, either))
