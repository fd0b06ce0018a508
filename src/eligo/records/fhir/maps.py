"""The value maps of FHIR R4, read from the ontology: which code means which value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from pyoxigraph import NamedNode
from rdflib import RDF, Graph
from rdflib.term import Node

from eligo.errors import ModelError
from eligo.records.fhir.terms import IMPORTER
from eligo.resources import importer_files
from eligo.vocabulary.ontology import Ontology, load_ontology
from eligo.vocabulary.terms import ELIG

Code = tuple[str, str]
"""System URI (empty for elements of type code) and code."""


@dataclass(frozen=True)
class FhirMaps:
    """How FHIR R4 is read; the knowledge is in `ontology/importers/fhir-r4.ttl`.

    Attributes:
        prefix: What every minted IRI begins with.
        unit_system: URI of the code system of units.
        integer_unit: Unit of a number that FHIR writes without one.
        consent: IRI of the question that a consent to a study answers.
        bundles: Bundle types that are read.
        passed_over: Resource types that hold nothing a record keeps.
        systems: FHIR URI of a code system → IRI of the system.
        extensions: Element path → URL of the extension that carries it.
        values: Element path → code → value; None where the code says nothing that a record keeps.
        registries: FHIR URIs of registries of studies.
        timings: Code of a timing → times, period and unit of the period.
        pieces: Names of units that count pieces, in lower case.
        per_day: Unit of an amount → unit of that amount a day.
        days: Unit of time → how many days it is.
    """

    prefix: str
    unit_system: str
    integer_unit: str
    consent: str
    bundles: frozenset[str]
    passed_over: frozenset[str]
    systems: Mapping[str, str]
    extensions: Mapping[str, str]
    values: Mapping[str, Mapping[Code, NamedNode | None]]
    registries: frozenset[str]
    timings: Mapping[Code, tuple[int, int, str]]
    pieces: frozenset[str]
    per_day: Mapping[str, str]
    days: Mapping[str, Fraction]

    @classmethod
    def load(cls, graph: Graph) -> FhirMaps:
        """Return the maps that a graph states.

        Args:
            graph: The importer's ontology and the code systems (`elig:systemUri`).

        Raises:
            ModelError: The graph lacks the importer, or an entry contradicts another.
        """
        return cls(
            prefix=_one(graph, IMPORTER.FhirR4, IMPORTER.mintsUnder),
            unit_system=_one(graph, IMPORTER.FhirR4, IMPORTER.unitSystem),
            integer_unit=_one(graph, IMPORTER.FhirR4, IMPORTER.integerUnit),
            consent=_one(graph, IMPORTER.FhirR4, IMPORTER.consentMeans),
            bundles=frozenset(map(str, graph.objects(IMPORTER.FhirR4, IMPORTER.readsBundle))),
            passed_over=frozenset(map(str, graph.objects(IMPORTER.FhirR4, IMPORTER.passesOver))),
            systems={
                str(uri): str(system) for system, uri in graph.subject_objects(ELIG.systemUri)
            },
            extensions={
                str(element): str(url)
                for value_map, url in graph.subject_objects(IMPORTER.extensionUrl)
                for element in graph.objects(value_map, IMPORTER.ofElement)
            },
            values=_values(graph),
            registries=frozenset(map(str, graph.objects(IMPORTER.FhirR4, IMPORTER.registryUri))),
            timings=dict(_timings(graph)),
            pieces=frozenset(
                str(name).lower() for name in graph.objects(IMPORTER.FhirR4, IMPORTER.countsPieces)
            ),
            per_day={
                _one(graph, entry, ELIG.notation): _one(graph, entry, IMPORTER.perDay)
                for entry in graph.objects(IMPORTER.FhirR4, IMPORTER.hasDailyUnit)
            },
            days=dict(_days(graph)),
        )

    @classmethod
    def of(cls, ontology: Ontology) -> FhirMaps:
        """Return the maps of the importer, with the code systems that an ontology declares.

        Raises:
            EligoError: A file of the importer is malformed.
        """
        graph = load_ontology(importer_files()).graph
        for triple in ontology.graph.triples((None, ELIG.systemUri, None)):
            graph.add(triple)
        return cls.load(graph)

    def table(self, element: str) -> Mapping[Code, NamedNode | None]:
        """Return the map of an element.

        Raises:
            ModelError: The ontology has none.
        """
        if element not in self.values:
            raise ModelError(f"{element}: the ontology of the importer has no value map for it")
        return self.values[element]


def _one(graph: Graph, subject: Node, predicate: Node) -> str:
    values = list(graph.objects(subject, predicate))
    if len(values) != 1:
        raise ModelError(f"{subject}: {len(values)} values of {predicate}, one is needed")
    return str(values[0])


def _timings(graph: Graph) -> Iterator[tuple[Code, tuple[int, int, str]]]:
    for timings in graph.subjects(RDF.type, IMPORTER.TimingMap):
        system = _one(graph, timings, IMPORTER.ofSystem)
        for entry in graph.objects(timings, IMPORTER.hasEntry):
            yield (
                (system, _one(graph, entry, ELIG.notation)),
                (
                    int(_one(graph, entry, IMPORTER.times)),
                    int(_one(graph, entry, IMPORTER.period)),
                    _one(graph, entry, IMPORTER.periodUnit),
                ),
            )


def _days(graph: Graph) -> Iterator[tuple[str, Fraction]]:
    """Yield the units of time whose length in days is the same each time."""
    for entry in graph.objects(IMPORTER.FhirR4, IMPORTER.hasTimeUnit):
        numerator = int(_one(graph, entry, ELIG.numerator))
        denominator = int(_one(graph, entry, ELIG.denominator))
        yield _one(graph, entry, ELIG.notation), Fraction(numerator, denominator)


def _values(graph: Graph) -> Mapping[str, Mapping[Code, NamedNode | None]]:
    tables: dict[str, dict[Code, NamedNode | None]] = {}
    for value_map in graph.subjects(RDF.type, IMPORTER.ValueMap):
        for element in graph.objects(value_map, IMPORTER.ofElement):
            table = tables.setdefault(str(element), {})
            for code, value in _entries(graph, value_map):
                if table.setdefault(code, value) != value:
                    raise ModelError(f"{value_map}: code {code[1]} of {element} is mapped twice")
    return tables


def _entries(graph: Graph, value_map: Node) -> Iterator[tuple[Code, NamedNode | None]]:
    systems = [str(system) for system in graph.objects(value_map, IMPORTER.ofSystem)] or [""]
    for entry in graph.objects(value_map, IMPORTER.hasEntry):
        notation = _one(graph, entry, ELIG.notation)
        value = graph.value(entry, IMPORTER.toValue, any=False)
        for system in systems:
            yield (system, notation), None if value is None else NamedNode(str(value))
