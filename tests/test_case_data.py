"""Check the cases themselves: names, terms, coverage and agreement within each expectation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from case_loader import EXAMPLES, PREFIXES, Case, Example, load_cases, load_examples

TRIAL = "NCT06150651"
ROOT = Path(__file__).parent.parent
CASES = load_cases(TRIAL)
REFRACTORY = ("I3.1", "I3.2", "I3.3")
INCLUSIONS = ("I1", "I2", "I3", "I4", "I5")
EXCLUSIONS = tuple(f"E{number}" for number in range(1, 12))
TOP = (*INCLUSIONS, *REFRACTORY, *EXCLUSIONS)
PARTS = {
    "I2": "ACR SLICC EULAR",
    "I3.1": "A B B1 B2 C C1 C2",
    "I3.2": "P Q R S",
    "I3.3": "B G W M",
    "E1": "pregnant breastfeeding",
    "E4": "infection heart-failure unstable-angina arrhythmia pulmonary cirrhosis"
    " psychosocial other",
    "E6": "HIV HBV HCV",
}
SUB = frozenset(f"{name}-{part}" for name, parts in PARTS.items() for part in parts.split())
VERDICTS = {"overall", "prescreen"}
DECISIONS = {f"D-{number:02}" for number in range(1, 52)}
RULINGS = {f"4.1.{number}" for number in range(1, 26)}
OWN = (PREFIXES["elig"], PREFIXES["concept"], PREFIXES["measure"], PREFIXES["system"])


@cache
def declared() -> frozenset[str]:
    graph = Graph()
    for path in sorted((ROOT / "ontology").rglob("*.ttl")):
        graph.parse(path)
    return frozenset(str(term) for term in graph.subjects(unique=True))


def overall(expected: Mapping[str, str]) -> str:
    if any(expected[name] == "not_met" for name in INCLUSIONS) or any(
        expected[name] == "met" for name in EXCLUSIONS
    ):
        return "not_eligible"
    unknown = any(expected[name] == "unknown" for name in (*INCLUSIONS, *EXCLUSIONS))
    return "undetermined" if unknown else "eligible"


def any_of(values: list[str]) -> str:
    return "met" if "met" in values else "unknown" if "unknown" in values else "not_met"


def test_ids_are_unique() -> None:
    counts = Counter(case.id.lower() for case in CASES)
    assert [name for name, count in counts.items() if count > 1] == []


def check_expectation(given: Mapping[str, str]) -> None:
    expected = dict(given)
    assert set(TOP) | VERDICTS <= set(expected)
    assert set(expected) <= set(TOP) | SUB | VERDICTS
    verdicts = {expected.pop("prescreen"), expected["overall"]}
    assert verdicts <= {"eligible", "not_eligible", "undetermined"}
    assert expected.pop("overall") == overall(expected)
    assert set(expected.values()) <= {"met", "not_met", "unknown"}
    assert expected["I3"] == any_of([expected[name] for name in REFRACTORY])


def check_terms(graph: Graph) -> None:
    used = {
        str(term)
        for triple in graph
        for term in triple
        if isinstance(term, URIRef) and str(term).startswith(OWN)
    }
    assert sorted(used - declared()) == []
    roots = set(graph.subjects()) - set(graph.objects())
    assert [str(root).rpartition("/")[2] for root in roots] == ["patient"], "a fact hangs on nobody"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_expectation_is_whole_and_agrees_with_itself(case: Case) -> None:
    check_expectation(case.expected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_record_can_be_read_and_uses_declared_terms(case: Case) -> None:
    check_terms(case.graph())


@pytest.mark.parametrize("example", load_examples(TRIAL), ids=lambda example: example.path.stem)
def test_example_can_be_read_and_uses_declared_terms(example: Example) -> None:
    check_expectation(example.expected)
    check_terms(Graph().parse(example.path))


def test_every_example_has_an_expectation() -> None:
    assert {example.path for example in load_examples(TRIAL)} == set(EXAMPLES.glob("*.ttl"))


def test_every_decision_and_ruling_is_cited() -> None:
    text = " ".join(case.because for case in CASES)
    assert sorted(DECISIONS - set(re.findall(r"D-\d\d", text))) == []
    assert sorted(RULINGS - set(re.findall(r"4\.1\.\d+", text))) == []


@pytest.mark.parametrize("name", TOP)
def test_every_criterion_is_met_refuted_and_unknown_somewhere(name: str) -> None:
    assert {case.expected[name] for case in CASES} == {"met", "not_met", "unknown"}
