"""Check the cases themselves: names, terms, coverage and agreement within each expectation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SKOS

from case_loader import FILES, PREFIXES, TRIALS, Case, Example, load_cases, load_examples
from eligo.vocabulary.terms import ELIG

ROOT = Path(__file__).parent.parent
CASES = [case for trial in TRIALS for case in load_cases(trial)]
EXAMPLES = [example for trial in TRIALS for example in load_examples(trial)]
REFRACTORY = ("I3.1", "I3.2", "I3.3")
ALSO_NAMED = {"NCT06150651": REFRACTORY}
"""Sub-criteria that every expectation of a trial names."""
VERDICTS = {"overall", "prescreen"}
OWN = (PREFIXES["elig"], PREFIXES["concept"], PREFIXES["measure"], PREFIXES["system"])


@dataclass(frozen=True)
class Outline:
    """The criteria and decisions of a trial, read from its file without the loader under test."""

    inclusions: frozenset[str]
    exclusions: frozenset[str]
    all: frozenset[str]
    decisions: frozenset[str]
    rulings: frozenset[str]

    @property
    def top(self) -> frozenset[str]:
        return self.inclusions | self.exclusions


@cache
def outline(trial: str) -> Outline:
    graph = Graph().parse(ROOT / "ontology" / "trials" / f"{trial}.ttl")

    def named(kind: URIRef, of: URIRef | None = None) -> frozenset[str]:
        found = (
            t for t in graph.subjects(RDF.type, kind) if of in (None, graph.value(t, ELIG.kind))
        )
        return frozenset(str(graph.value(term, SKOS.notation)) for term in found)

    return Outline(
        named(ELIG.Criterion, ELIG.Inclusion),
        named(ELIG.Criterion, ELIG.Exclusion),
        named(ELIG.Criterion),
        named(ELIG.Decision),
        named(ELIG.Ruling),
    )


@cache
def declared() -> frozenset[str]:
    graph = Graph()
    for path in sorted((ROOT / "ontology").rglob("*.ttl")):
        graph.parse(path)
    return frozenset(str(term) for term in graph.subjects(unique=True))


def overall(trial: str, expected: Mapping[str, str]) -> str:
    known = outline(trial)
    if any(expected[name] == "not_met" for name in known.inclusions) or any(
        expected[name] == "met" for name in known.exclusions
    ):
        return "not_eligible"
    unknown = any(expected[name] == "unknown" for name in known.top)
    return "undetermined" if unknown else "eligible"


def any_of(values: list[str]) -> str:
    return "met" if "met" in values else "unknown" if "unknown" in values else "not_met"


def test_the_trials_are_those_with_a_file() -> None:
    assert set(TRIALS) == {path.stem for path in (ROOT / "ontology" / "trials").glob("*.ttl")}


def test_ids_are_unique() -> None:
    counts = Counter(case.name.lower() for case in CASES)
    assert [name for name, count in counts.items() if count > 1] == []


def check_expectation(trial: str, given: Mapping[str, str]) -> None:
    expected = dict(given)
    needed = outline(trial).top | set(ALSO_NAMED.get(trial, ()))
    assert needed | VERDICTS <= set(expected)
    assert set(expected) <= outline(trial).all | VERDICTS
    verdicts = {expected.pop("prescreen"), expected["overall"]}
    assert verdicts <= {"eligible", "not_eligible", "undetermined"}
    assert expected.pop("overall") == overall(trial, expected)
    assert set(expected.values()) <= {"met", "not_met", "unknown"}
    if set(REFRACTORY) <= set(expected):
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


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_expectation_is_whole_and_agrees_with_itself(case: Case) -> None:
    check_expectation(case.trial, case.expected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_record_can_be_read_and_uses_declared_terms(case: Case) -> None:
    check_terms(case.graph())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.path.stem)
def test_example_can_be_read_and_uses_declared_terms(example: Example) -> None:
    check_expectation(example.trial, example.expected)
    check_terms(Graph().parse(example.path))


def test_every_example_has_an_expectation() -> None:
    assert {example.path for example in EXAMPLES} == {
        path for path in FILES.glob("*/*.ttl") if path.parent.name != "trials"
    }


@pytest.mark.parametrize("trial", TRIALS)
def test_every_decision_and_ruling_is_cited(trial: str) -> None:
    known = outline(trial)
    text = " ".join(case.because for case in load_cases(trial))
    assert sorted(known.decisions - set(re.findall(r"D-\d\d", text))) == []
    cited = {f"R-{int(number):02}" for number in re.findall(r"4\.1\.(\d+)", text)}
    assert sorted(known.rulings - cited) == []


TOP = [(trial, name) for trial in TRIALS for name in sorted(outline(trial).top)]
TOP += [(trial, name) for trial, names in ALSO_NAMED.items() for name in names]


@pytest.mark.parametrize(("trial", "name"), TOP)
def test_every_criterion_is_met_refuted_and_unknown_somewhere(trial: str, name: str) -> None:
    assert {case.expected[name] for case in load_cases(trial)} == {"met", "not_met", "unknown"}
