"""Measures without a window, and kinds that no code stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import URIRef

from eligo.expression.model import (
    Attribute,
    Definition,
    Expression,
    HasValue,
    Kind,
    Range,
    Some,
    children,
)
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

WINDOWS = (ELIG.daysBefore, ELIG.monthsBefore)
TRUE = "true"


@dataclass(frozen=True)
class Used:
    """What definitions use.

    Attributes:
        measures: Measures of patients.
        kinds: Kinds of facts, with the relations that hold them.
    """

    measures: frozenset[URIRef]
    kinds: frozenset[tuple[URIRef, URIRef]]

    @staticmethod
    def by(definitions: Iterable[Definition]) -> Used:
        """Return what definitions use.

        Args:
            definitions: The definitions.
        """
        measures: set[URIRef] = set()
        kinds: set[tuple[URIRef, URIRef]] = set()

        def walk(expression: Expression, relation: URIRef | None) -> None:
            match expression:
                case Some(of, filler):
                    walk(filler, of)
                    return
                case Kind(concept) if relation is not None:
                    kinds.add((relation, concept))
                case Attribute(attribute) | Range(attribute) | HasValue(attribute):
                    if relation is None:
                        measures.add(attribute)
            for child in children(expression):
                walk(child, relation)

        for definition in definitions:
            if definition.expression is not None:
                walk(definition.expression, None)
        return Used(frozenset(measures), frozenset(kinds))


def without_window(used: Used, ontology: Ontology) -> Iterator[URIRef]:
    """Yield measures whose value may be as old as it likes, though its family wants a window.

    Args:
        used: What a trial uses.
        ontology: The general ontology with that of the trial.
    """
    graph = ontology.graph
    for measure in sorted(used.measures):
        family = graph.value(measure, ELIG.family)
        if family is None or str(graph.value(family, ELIG.wantsWindow)) != TRUE:
            continue
        if not any((measure, window, None) in graph for window in WINDOWS):
            yield measure


def without_code(
    used: Used, ontology: Ontology, below: Mapping[URIRef, frozenset[URIRef]]
) -> Iterator[URIRef]:
    """Yield kinds that no code stands for, neither for them nor for anything below them.

    Args:
        used: What a trial uses.
        ontology: The general ontology with that of the trial.
        below: For each concept, the kinds it is at or below.
    """
    kinds = {kind for relation, kind in used.kinds if relation != ELIG.hasAttestation}
    if not kinds:
        return
    coded: set[URIRef] = set()
    for concept in ontology.graph.subjects(ELIG.hasCode, None):
        if isinstance(concept, URIRef):
            coded |= below.get(concept, frozenset())
    yield from sorted(kinds - coded)
