"""An enriched graph as the evaluator sees it: facts, attributes, bounds, completeness, kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from eligo.vocabulary import naming
from eligo.vocabulary.terms import ELIG


@dataclass(frozen=True)
class Bounds:
    """An interval; a missing side is unbounded. `known` tells whether any bound is there."""

    low: Decimal | None
    high: Decimal | None

    @property
    def known(self) -> bool:
        """Whether there is a value at all."""
        return self.low is not None or self.high is not None

    @property
    def exact(self) -> bool:
        """Whether the interval is one number."""
        return self.low is not None and self.low == self.high


@dataclass(frozen=True)
class GraphView:
    """Reads an enriched graph."""

    graph: Graph
    _facts: dict[tuple[Node, URIRef], tuple[Node, ...]] = field(default_factory=dict)

    def facts(self, patient: Node, relation: URIRef) -> tuple[Node, ...]:
        """Facts of a relation, in a stable order."""
        key = (patient, relation)
        if key not in self._facts:
            self._facts[key] = tuple(sorted(set(self.graph.objects(patient, relation)), key=str))
        return self._facts[key]

    def values(self, node: Node, attribute: URIRef) -> list[Node]:
        """Values of a coded, boolean or text attribute."""
        return sorted(set(self.graph.objects(node, attribute)), key=str)

    def bounds(self, node: Node, attribute: URIRef) -> Bounds:
        """Bounds of a number; several values of one side count as the widest."""
        lows = self._numbers(node, naming.low(attribute))
        highs = self._numbers(node, naming.high(attribute))
        return Bounds(min(lows, default=None), max(highs, default=None))

    def _numbers(self, node: Node, path: URIRef) -> list[Decimal]:
        return [Decimal(str(v)) for v in self.graph.objects(node, path) if isinstance(v, Literal)]

    def is_complete(self, patient: Node, relation: URIRef, kind: URIRef | None) -> bool:
        """Whether the record is completely known for a relation and kind (None: all kinds)."""
        wanted = ELIG.Anything if kind is None else kind
        return (patient, naming.completeness(relation), wanted) in self.graph

    def is_kind(self, concept: Node, kind: URIRef) -> bool:
        """Whether a concept is certainly of a kind."""
        return (concept, RDF.type, kind) in self.graph

    def can_be(self, concept: Node, kind: URIRef) -> bool:
        """Whether a concept may be of a kind; an undescribed one can be anything."""
        return (concept, ELIG.canBe, kind) in self.graph or not self.is_described(concept)

    def is_described(self, concept: Node) -> bool:
        """Whether the graph carries the hierarchy of a concept."""
        return (concept, ELIG.canBe, None) in self.graph
