"""Interpretation decisions that every imported trial adopts, read from the ontology."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rdflib import RDF, SKOS, Graph
from rdflib.term import Node

from eligo.registry.knowledge import knowledge_graph, one
from eligo.registry.terms import REGISTRY
from eligo.vocabulary.terms import ELIG


@dataclass(frozen=True)
class Standing:
    """An interpretation decision that imported trials adopt.

    Attributes:
        notation: Its number.
        fields: The fields that it is about.
        adopted: The reading adopted.
        alternative: The reading set aside.
        rationale: Why.
    """

    notation: str
    fields: frozenset[Node]
    adopted: str
    alternative: str
    rationale: str


@cache
def standing_decisions() -> tuple[Standing, ...]:
    """Return the decisions that come with Eligo, in the order of their numbers."""
    found = _decisions(knowledge_graph())
    return tuple(sorted(found, key=lambda decision: decision.notation))


def _decisions(graph: Graph) -> Iterator[Standing]:
    words = (ELIG.adopted, ELIG.alternative, ELIG.rationale)
    for node in graph.subjects(RDF.type, REGISTRY.StandingDecision):
        yield Standing(
            str(one(graph, node, SKOS.notation)),
            frozenset(graph.objects(node, REGISTRY.decidesOn)),
            *(str(one(graph, node, word)) for word in words),
        )
