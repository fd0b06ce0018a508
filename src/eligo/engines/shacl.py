"""The reference engine: what SHACL validation says is the status. pySHACL is imported here only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyshacl
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from eligo.errors import EngineError
from eligo.evaluate.truth import Truth
from eligo.vocabulary import naming
from eligo.vocabulary.terms import ELIG

PROBE = Namespace("urn:eligo:probe:")


@dataclass(frozen=True)
class Report:
    """A W3C validation report.

    Attributes:
        conforms: Whether no shape was violated, at any severity.
        graph: The report as RDF.
        checked: Whether any shape had a focus node; if none had, nothing was checked.
    """

    conforms: bool
    graph: Graph
    checked: bool


MAX_DEPTH = 40
"""Shapes of a whole trial population nest deeper than the validator's default allows."""


def validate(data: Graph, shapes: Graph) -> Report:
    """Validate data against shapes.

    Raises:
        EngineError: The shapes are malformed or the validator failed.
    """
    try:
        conforms, report, text = pyshacl.validate(
            data,
            shacl_graph=shapes,
            inplace=True,
            inference="none",
            max_validation_depth=MAX_DEPTH,
        )
    except Exception as error:
        raise EngineError(f"SHACL validation failed: {error}") from error
    if not isinstance(report, Graph):
        raise EngineError(f"SHACL validation failed: {text}")
    return Report(bool(conforms), report, _has_focus(data, shapes))


def _has_focus(data: Graph, shapes: Graph) -> bool:
    for target in shapes.objects(None, SH.targetClass):
        if (None, RDF.type, target) in data:
            return True
    for target in shapes.objects(None, SH.targetSubjectsOf):
        if (None, target, None) in data:
            return True
    return any((None, target, None) in data for target in shapes.objects(None, SH.targetObjectsOf))


class ShaclEngine:
    """Decides named classes by validating their compiled shapes.

    Each shape gets a probe that targets patients and requires it; a patient without a result from
    the probe conforms. Shapes are read once.
    """

    def __init__(self, shapes: Graph, names: Iterable[URIRef]) -> None:
        self._names = tuple(names)
        self._shapes = Graph(bind_namespaces="none")
        self._probes: dict[Node, tuple[URIRef, bool]] = {}
        for triple in shapes:
            if triple[1] != SH.targetClass:
                self._shapes.add(triple)
        for name in self._names:
            for shape, met in ((naming.met_shape(name), True), (naming.not_met_shape(name), False)):
                if (shape, RDF.type, SH.NodeShape) not in shapes:
                    raise EngineError(f"no compiled shape {shape}; compile the trial again")
                probe = PROBE[str(shape)]
                self._probes[probe] = (name, met)
                self._shapes.add((probe, RDF.type, SH.NodeShape))
                self._shapes.add((probe, SH.targetClass, ELIG.Patient))
                self._shapes.add((probe, SH.node, shape))
                self._shapes.add((probe, SH.message, Literal("probe")))

    def decide(self, data: Graph) -> Mapping[URIRef, Mapping[URIRef, Truth]]:
        """Decide every named class for every patient of a graph.

        Returns:
            For each patient, the truth of each named class.

        Raises:
            EngineError: There is no patient in the graph, or validation failed.
        """
        patients = [p for p in data.subjects(RDF.type, ELIG.Patient) if isinstance(p, URIRef)]
        if not patients:
            raise EngineError("no patient in the graph: nothing was checked")
        report = validate(data, self._shapes)
        failed: set[tuple[URIRef, bool, Node]] = set()
        for result in report.graph.objects(None, SH.result):
            source = report.graph.value(result, SH.sourceShape)
            focus = report.graph.value(result, SH.focusNode)
            if source not in self._probes or focus is None:
                raise EngineError(f"unexpected validation result from {source}")
            failed.add((*self._probes[source], focus))
        return {
            patient: {
                name: Truth(
                    (name, True, patient) not in failed, (name, False, patient) not in failed
                )
                for name in self._names
            }
            for patient in patients
        }
