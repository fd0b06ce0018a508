"""Check patient records with the record shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SH

from eligo.engines.shacl import Report, validate
from eligo.records.model import DataProblem, RecordFinding, Severity
from eligo.records.records import Records
from eligo.records.skolem import PREFIX as SKOLEM
from eligo.resources import query_text, shape_selects, shapes
from eligo.shapes_sql import Names, RecordCheck, compile_shapes
from eligo.vocabulary.ontology import PREFIXES, Ontology, parse_turtle, to_rdflib
from eligo.vocabulary.terms import ELIG

VOCABULARY_QUERY = "check/construct-record-vocabulary"
SEVERITIES = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING}


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

    @cached_property
    def vocabulary(self) -> Graph:
        """What of the ontology the shapes read: concepts, code systems and units."""
        found = self.ontology.graph.query(query_text(VOCABULARY_QUERY)).graph
        return Graph() if found is None else found

    @cached_property
    def sql(self) -> RecordCheck:
        """The same shapes as SQL, for the records of a whole store."""
        return compile_shapes(
            self.shapes,
            self.vocabulary,
            Names(PREFIXES, short=True),
            shape_selects("record"),
            sources=True,
        )

    def report(self, data: Graph) -> Report:
        """Validate a graph of records as they were read.

        Raises:
            EngineError: Validation failed.
        """
        mixed = Graph(bind_namespaces="none")
        for graph in (data, self.vocabulary):
            for triple in graph:
                mixed.add(triple)
        return validate(mixed, self.shapes)

    def findings(self, records: Records, report: Report) -> tuple[RecordFinding, ...]:
        """Return the results of a report as values, in a stable order.

        Args:
            records: What was validated; tells the source of each node.
            report: The report on it.
        """
        graph = report.graph
        found = set()
        for result in graph.objects(None, SH.result):
            node = graph.value(result, SH.focusNode)
            path = graph.value(result, SH.resultPath)
            value = graph.value(result, SH.value)
            shown = str(value) if isinstance(value, Literal) else self.ontology.short(str(value))
            weight = graph.value(result, SH.resultSeverity)
            severity = Severity.INFORMATION
            if isinstance(weight, URIRef):
                severity = SEVERITIES.get(weight, severity)
            owner, steps = _owner(records, str(node))
            if isinstance(path, URIRef):
                steps = (*steps, str(path))
            found.add(
                RecordFinding(
                    severity=severity,
                    node=owner,
                    path="/".join(self.ontology.short(step) for step in steps) or None,
                    message=str(graph.value(result, SH.resultMessage)),
                    value=None if value is None or value == node else shown,
                    sources=(
                        tuple(records.sources_of(str(node))) if isinstance(node, URIRef) else ()
                    ),
                )
            )
        return tuple(sorted(found, key=lambda f: (f.sources, f.node, f.path or "", f.message)))

    def check(self, records: Records, patient: URIRef) -> tuple[RecordFinding, ...]:
        """Return the findings about one patient's record.

        Raises:
            EngineError: Validation failed.
        """
        return self.findings(records, self.report(record_graph(records, patient)))

    def problems(self, records: Records, patient: URIRef) -> tuple[DataProblem, ...]:
        """Return the violations in one patient's record.

        Raises:
            EngineError: Validation failed.
        """
        return problems_of(self.check(records, patient))


def problems_of(findings: Iterable[RecordFinding]) -> tuple[DataProblem, ...]:
    """Return the violations among findings as data problems."""
    return tuple(
        DataProblem(finding.text, finding.node, ", ".join(finding.sources) or None)
        for finding in findings
        if finding.severity is Severity.VIOLATION
    )


def in_order(problems: Iterable[DataProblem]) -> tuple[DataProblem, ...]:
    """Return each problem once, by source, node and text, however they were found."""
    return tuple(sorted(set(problems), key=lambda p: (p.source or "", p.node, p.text)))


def _owner(records: Records, node: str) -> tuple[str, tuple[str, ...]]:
    """Return the named node that an unnamed one hangs on, with the steps from there."""
    steps: tuple[str, ...] = ()
    while node.startswith(SKOLEM):
        links = list(records.store.quads_for_pattern(None, None, ox.NamedNode(node)))
        subject = min((link.subject for link in links), key=str, default=None)
        if not isinstance(subject, ox.NamedNode):
            break
        predicate = min(link.predicate.value for link in links if link.subject == subject)
        node, steps = subject.value, (predicate, *steps)
    return node, steps


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
            subject, predicate, value = (
                to_rdflib(t) for t in (quad.subject, quad.predicate, quad.object)
            )
            graph.add((subject, predicate, value))
            is_patient = (value, RDF.type, ELIG.Patient) in graph
            if isinstance(value, URIRef) and not is_patient and predicate != RDF.type:
                open_nodes.append(str(value))
    return graph


def records_graph(records: Records) -> Graph:
    """Return everything that the sources say."""
    graph = Graph(bind_namespaces="none")
    for quad in records.store:
        subject, predicate, value = (
            to_rdflib(t) for t in (quad.subject, quad.predicate, quad.object)
        )
        graph.add((subject, predicate, value))
    return graph
