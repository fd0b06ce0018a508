"""What the tests of reading FHIR share: the value maps, and results in a form to compare."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse
from rdflib import Graph

from eligo.records.fhir import FhirMaps, FhirResult, read_fhir

ROOT = Path(__file__).parents[2]
ONTOLOGY = ROOT / "ontology"
IMPORTER_FILE = ONTOLOGY / "importers" / "fhir-r4.ttl"
CASES = Path(__file__).with_name("fhir-cases")
SYSTEMS = """
@prefix elig: <https://w3id.org/eligo/ns/> .
@prefix system: <https://w3id.org/eligo/system/> .
system:CVX elig:systemUri "http://hl7.org/fhir/sid/cvx" .
system:ICD10CM elig:systemUri "http://hl7.org/fhir/sid/icd-10-cm" .
system:LOINC elig:systemUri "http://loinc.org" .
system:RxNorm elig:systemUri "http://www.nlm.nih.gov/research/umls/rxnorm" .
system:SNOMEDCT elig:systemUri "http://snomed.info/sct" .
"""


@cache
def importer_graph() -> Graph:
    """The importer's ontology and a few code systems, so that cases do not hang on other files."""
    graph = Graph()
    graph.parse(IMPORTER_FILE, format="turtle")
    graph.parse(data=SYSTEMS, format="turtle")
    return graph


@cache
def maps() -> FhirMaps:
    return FhirMaps.load(importer_graph())


def read(document: Any, *, source: str = "case.json") -> FhirResult:
    return read_fhir(json.dumps(document).encode(), source=source, maps=maps())


def canonical(triples: tuple[Triple, ...]) -> set[Quad]:
    """Triples with blank nodes named by what they say, so that graphs compare as sets."""
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


def expected_graph(path: Path) -> set[Quad]:
    return canonical(tuple(quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)))


def report(result: FhirResult) -> dict[str, object]:
    return {
        "read": dict(result.read),
        "ignored": [[item.resource_type, item.id, item.reason] for item in result.ignored],
        "rejected": [item.reason for item in result.rejected],
        "left_out": [item.reason for item in result.left_out],
    }
