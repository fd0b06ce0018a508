"""A result that no living adult can have bars trust; one at the edge of what can be does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from eligo.api import Trial
from eligo.vocabulary.terms import ELIG
from trials.cohort import derive_cases

RANGES = Path(__file__).parents[2] / "ontology" / "plausible-ranges.ttl"
RECORD = """
@prefix elig: <https://w3id.org/eligo/ns/> .
@prefix concept: <https://w3id.org/eligo/concept/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:p:{n}> a elig:Patient ; elig:hasObservation <urn:o:{n}> .
<urn:o:{n}> a elig:Observation ; elig:code concept:{kind} ; elig:date "2026-02-01"^^xsd:date ;
    elig:verificationStatus elig:{status} ; elig:quantity [ {number} ; elig:unit "{unit}" ] .
"""
CASES = [
    ("SerumCreatinine", "elig:value 3.0", "umol/L", True),
    ("SerumCreatinine", "elig:value 265", "umol/L", False),
    ("SerumCreatinine", "elig:value 0.1", "mg/dL", False),
    ("SerumCreatinine", "elig:value 0.099", "mg/dL", True),
    ("SerumCreatinine", "elig:value 40.0", "mg/dL", False),
    ("SerumCreatinine", "elig:value 40.001", "mg/dL", True),
    ("SerumCreatinine", "elig:low 39.0 ; elig:high 50.0", "mg/dL", False),
    ("SerumCreatinine", 'elig:value 0.05 ; elig:comparator ">"', "mg/dL", False),
    ("UrineProteinCreatinineRatio", "elig:value 2000", "g/g", True),
    ("UrineProteinCreatinineRatio", "elig:value 2000", "mg/g", False),
    ("Sledai2kTotal", "elig:value 106", "{score}", True),
    ("Sledai2kTotal", "elig:value 105", "{score}", False),
    ("Sledai2kTotal", "elig:value -1", "{score}", True),
    ("BodyWeight", "elig:value -60", "kg", True),
    ("BodyWeight", "elig:value 60000", "g", False),
    ("EgfrCkdEpi2021", "elig:value 251", "mL/min/{1.73_m2}", True),
]


@pytest.fixture(scope="module")
def doubted(trial: Trial) -> set[str]:
    graph = Graph()
    for n, (kind, number, unit, _) in enumerate(CASES):
        text = RECORD.format(n=n, kind=kind, number=number, unit=unit, status="Confirmed")
        graph.parse(data=text, format="turtle")
    withdrawn = RECORD.format(
        n="withdrawn", kind="BodyWeight", number="elig:value -1", unit="kg", status="EnteredInError"
    )
    graph.parse(data=withdrawn, format="turtle")
    problems = derive_cases(trial, trial.read(graph)).problems
    assert all("implausible value" in p.text for found in problems.values() for p in found)
    return {str(patient) for patient in problems}


@pytest.mark.parametrize("n", range(len(CASES)), ids=lambda n: f"{CASES[n][0]} {CASES[n][1]}")
def test_value(n: int, doubted: set[str]) -> None:
    assert (f"urn:p:{n}" in doubted) is CASES[n][3]


def test_withdrawn_value_is_no_problem(doubted: set[str]) -> None:
    assert "urn:p:withdrawn" not in doubted


def test_every_range_has_a_case_outside() -> None:
    ranges = Graph().parse(RANGES)
    kinds = {str(kind) for kind in ranges.objects(None, ELIG.ofKind) if isinstance(kind, URIRef)}
    outside = {kind for kind, _, _, out in CASES if out}
    names = {kind.rpartition("/")[2] for kind in kinds}
    assert names - outside == {"EstimatedGfr", "SledaiTotal", "BodyHeight", "UrineProtein24h"}
