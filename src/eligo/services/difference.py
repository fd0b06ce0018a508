"""What a patient's graph owes to each unmapped code: the statements that come and go with it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager

from rdflib import Graph, URIRef
from rdflib.namespace import PROV
from rdflib.term import Node

from eligo.vocabulary import naming
from eligo.vocabulary.terms import ELIG

UNMAPPED = "urn:eligo:unmapped:"
UNRELATED = "urn:eligo:unrelated"

Triple = tuple[Node, Node, Node]
Parts = dict[URIRef, list[Triple]]


class Difference:
    """The difference between a graph as it is and one whose unmapped codes are settled."""

    def __init__(
        self,
        patient: URIRef,
        open_: Graph,
        settled: Graph,
        codes: Mapping[tuple[Node, Node], URIRef],
        classifiers: Container[Node],
    ) -> None:
        """Trace every statement that differs to the codes it comes from.

        Args:
            patient: The patient.
            open_: The graph as it is.
            settled: The graph with every unmapped code mapped to something unrelated.
            codes: The unmapped code of a fact and attribute.
            classifiers: The attributes that say what a fact is.
        """
        self._patient = patient
        self._open = open_
        self._settled = settled
        self._codes = codes
        self._what = _by_fact((f, c) for (f, a), c in codes.items() if a in classifiers)
        self._any = _by_fact((f, c) for (f, _), c in codes.items())
        self._measures = self._measured()
        self._of_drugs = self._together(open_.objects(patient, ELIG.hasMedicationUse))
        before, after = set(open_), set(settled)
        self._come = self._parts(before - after)
        self._go = self._parts(after - before)

    @contextmanager
    def only(self, code: URIRef) -> Iterator[Graph]:
        """Hand out the settled graph with one code as it is; it is settled again afterwards."""
        come, go = self._come.get(code, []), self._go.get(code, [])
        self._swap(add=come, remove=go)
        try:
            yield self._settled
        finally:
            self._swap(add=go, remove=come)

    def _swap(self, *, add: Iterable[Triple], remove: Iterable[Triple]) -> None:
        for triple in remove:
            self._settled.remove(triple)
        for triple in add:
            self._settled.add(triple)

    def _parts(self, triples: Iterable[Triple]) -> Parts:
        parts: Parts = {}
        for triple in triples:
            for code in self._owners(triple):
                parts.setdefault(code, []).append(triple)
        return parts

    def _owners(self, triple: Triple) -> frozenset[URIRef]:
        subject, predicate, value = triple
        if (subject, predicate) in self._codes:
            return frozenset({self._codes[subject, predicate]})
        if subject in self._any:
            return self._any[subject]
        if isinstance(subject, URIRef) and subject.startswith(UNMAPPED):
            return frozenset({subject})
        if subject == URIRef(UNRELATED):
            return frozenset()
        if subject != self._patient:
            return self._behind(subject)
        if predicate in self._measures:
            return self._measures[predicate]
        return self._any.get(value) or self._behind(value)

    def _measured(self) -> dict[Node, frozenset[URIRef]]:
        found: dict[Node, frozenset[URIRef]] = {}
        for node in self._open.objects(self._patient, ELIG.hasMeasurement):
            for measure in self._open.objects(node, ELIG.ofMeasure):
                if isinstance(measure, URIRef):
                    owners = self._together(self._open.objects(node, PROV.wasDerivedFrom))
                    for name in (measure, naming.low(measure), naming.high(measure)):
                        found[name] = owners
        return found

    def _behind(self, node: Node) -> frozenset[URIRef]:
        """Codes of the facts a node is derived from; where it names none, those of all drugs."""
        sources = [
            source
            for graph in (self._open, self._settled)
            for source in graph.objects(node, PROV.wasDerivedFrom)
        ]
        return self._together(sources) or self._of_drugs

    def _together(self, facts: Iterable[Node]) -> frozenset[URIRef]:
        return frozenset().union(*(self._what.get(fact, frozenset()) for fact in facts))


def _by_fact(pairs: Iterable[tuple[Node, URIRef]]) -> dict[Node, frozenset[URIRef]]:
    found: dict[Node, frozenset[URIRef]] = {}
    for fact, code in pairs:
        found[fact] = found.get(fact, frozenset()) | {code}
    return found
