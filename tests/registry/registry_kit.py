"""Imported trials without files: rules over a small ontology, patients as what is known of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import XSD

from eligo.errors import InputError
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.view import GraphView
from eligo.expression.rules import Rules, read_rules
from eligo.registry.files import Document
from eligo.registry.knowledge import Knowledge
from eligo.registry.model import Record
from eligo.registry.read import read_document
from eligo.registry.write import write_trial
from eligo.resources import root
from eligo.vocabulary import naming
from eligo.vocabulary.ontology import Ontology, load_ontology, to_rdflib
from eligo.vocabulary.terms import ELIG

MEASURE = "https://w3id.org/eligo/measure/"
PATIENT = URIRef("https://example.org/patient")
VOCABULARY = ("core.ttl", "clinical.ttl", "measures.ttl")


def record_of(study: Mapping[str, Any]) -> Record:
    """Read a study as JSON."""
    document = Document("study.json", "0" * 64, json.dumps(study), None)
    (found,) = read_document(document, Knowledge.installed())
    assert not isinstance(found, InputError), found
    return found


def with_fields(fields: Mapping[str, Any]) -> Record:
    """Return a record with the given fields of eligibility."""
    identification = {"nctId": "NCT90000009"}
    module = {"identificationModule": identification, "eligibilityModule": dict(fields)}
    return record_of({"protocolSection": module})


@cache
def _vocabulary() -> Ontology:
    return load_ontology(root() / "ontology" / name for name in VOCABULARY)


def rules_of(record: Record) -> Rules:
    """Import a record and read the rules of its trial."""
    ontology = Ontology(Graph(bind_namespaces="none"))
    ontology.graph += _vocabulary().graph
    for quad in ox.parse(write_trial(record).encode(), format=ox.RdfFormat.TURTLE):
        subject, predicate, value = (
            to_rdflib(part) for part in (quad.subject, quad.predicate, quad.object)
        )
        ontology.graph.add((subject, predicate, value))
    return read_rules(ontology)


def decide(rules: Rules, patient: Mapping[str, Any]) -> dict[str, str]:
    """Return the status of each named class for a patient, by its local name."""
    evaluator = Evaluator(GraphView(_enriched(patient)), PATIENT, rules)
    names = [name for name in rules.definitions if "/trial/" in name]
    return {name.rpartition("/")[2]: str(evaluator.named(name).status) for name in names}


def _enriched(patient: Mapping[str, Any]) -> Graph:
    graph = Graph(bind_namespaces="none")
    for key, local in (("months", "ageInMonths"), ("days", "ageInDays")):
        if key in patient:
            bounds = patient[key] if isinstance(patient[key], list) else [patient[key]] * 2
            measure = URIRef(MEASURE + local)
            for prop, bound in zip(
                (naming.low(measure), naming.high(measure)), bounds, strict=True
            ):
                graph.add((PATIENT, prop, Literal(Decimal(bound), datatype=XSD.decimal)))
    if "sex" in patient:
        graph.add((PATIENT, ELIG.sexAtBirth, ELIG[patient["sex"]]))
    if "healthy" in patient:
        stated = URIRef(MEASURE + "attestedHealthyVolunteer")
        graph.add((PATIENT, stated, Literal(patient["healthy"])))
    return graph


def formats() -> dict[str, Path]:
    """Return one invented record in every format, by the ending of its file."""
    folder = Path(__file__).parent / "formats"
    return {path.name.partition(".")[2]: path for path in sorted(folder.iterdir())}
