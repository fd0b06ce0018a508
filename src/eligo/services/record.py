"""Check patient records with the record shapes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH

from eligo.engines.shacl import Report, validate
from eligo.records.load import Records
from eligo.records.model import DataProblem
from eligo.resources import shapes
from eligo.vocabulary.ontology import Ontology, parse_turtle, to_rdflib
from eligo.vocabulary.terms import ELIG


@dataclass(frozen=True)
class RecordChecker:
    """Finds what in a patient's record cannot be trusted.

    Attributes:
        ontology: Units and declared terms that the shapes look up.
    """

    ontology: Ontology

    @cached_property
    def shapes(self) -> Graph:
        """All record shapes."""
        graph = Graph(bind_namespaces="none")
        for path in shapes("record"):
            for triple in parse_turtle(path)[0]:
                graph.add(triple)
        return graph

    def report(self, data: Graph) -> Report:
        """Validate a graph of records as they were read.

        Raises:
            EngineError: Validation failed.
        """
        return validate(data, self.shapes, ontology=self.ontology.graph)

    def problems(self, records: Records, patient: URIRef) -> tuple[DataProblem, ...]:
        """Return the violations in one patient's record.

        Raises:
            EngineError: Validation failed.
        """
        report = self.report(record_graph(records, patient)).graph
        found = []
        for result in report.subjects(RDF.type, SH.ValidationResult):
            if report.value(result, SH.resultSeverity) != SH.Violation:
                continue
            node = report.value(result, SH.focusNode)
            path = report.value(result, SH.resultPath)
            value = report.value(result, SH.value)
            message = str(report.value(result, SH.resultMessage))
            detail = "" if value is None else f" (found: {value})"
            where = "" if not isinstance(path, URIRef) else f"{self.ontology.short(path)}: "
            sources = records.sources_of(str(node))
            found.append(
                DataProblem(f"{where}{message}{detail}", str(node), ", ".join(sources) or None)
            )
        return tuple(sorted(set(found), key=lambda problem: (problem.node, problem.text)))


def record_graph(records: Records, patient: URIRef) -> Graph:
    """Return everything the sources say about a patient and what hangs on them."""
    graph = Graph(bind_namespaces="none")
    seen: set[str] = set()
    open_nodes = [str(patient)]
    while open_nodes:
        node = open_nodes.pop()
        if node in seen:
            continue
        seen.add(node)
        for quad in records.store.quads_for_pattern(ox.NamedNode(node), None, None):
            subject, predicate, value = (to_rdflib(t) for t in (quad.subject, quad.predicate, quad.object))
            graph.add((subject, predicate, value))
            is_patient = (value, RDF.type, ELIG.Patient) in graph
            if isinstance(value, URIRef) and not is_patient and predicate != RDF.type:
                open_nodes.append(str(value))
    return graph
