"""Real registry records: all are imported and come back; most are split as a person would."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from eligo.registry.criteria import field_criteria
from eligo.registry.knowledge import Knowledge
from eligo.registry.model import Record
from eligo.registry.read import Reading, read_records
from eligo.registry.write import criteria_of
from registry.registry_kit import decide, rules_of
from registry.test_formats import through_rdf
from script_loader import load_script

COUNT = 1826
SAMPLE = 60
OLD_NAMES = {
    "eligibilityCriteria": ("criteria", "EligibilityCriteria"),
    "studyPopulation": ("study_pop", "StudyPopulation"),
    "genderDescription": ("gender_description", "GenderDescription"),
    "minimumAge": ("minimum_age", "MinimumAge"),
    "maximumAge": ("maximum_age", "MaximumAge"),
}


@cache
def reading(data: Path) -> Reading:
    return read_records([str(data / "trials" / "trials_dev.jsonl.gz")])


@cache
def rows(data: Path) -> dict[str, dict[str, Any]]:
    with gzip.open(data / "trials" / "trials_dev.jsonl.gz", "rt", encoding="utf-8") as file:
        return {row["nct_id"]: row for row in map(json.loads, file)}


def sample(data: Path) -> list[Record]:
    records = list(reading(data).records.values())
    return random.Random(20260302).sample(records, SAMPLE)


def test_all_are_read(data: Path) -> None:
    found = reading(data)
    assert (found.failures, found.remarks) == ([], [])
    assert found.records.keys() == rows(data).keys()
    assert len(found.records) == COUNT


def test_every_value_of_every_field_is_understood(data: Path) -> None:
    """A field stays open only where the record says nothing, or speaks of gender."""
    knowledge = Knowledge.installed()
    for record in reading(data).records.values():
        for draft in field_criteria(record, knowledge):
            if draft.reason is not None:
                assert draft.quote is None or "gender" in draft.reason, record.identifier


def test_a_sample_comes_back(data: Path, tmp_path: Path) -> None:
    for record in sample(data):
        comes_back(record, rows(data)[record.identifier], tmp_path)


@pytest.mark.slow
def test_all_come_back(data: Path, tmp_path: Path) -> None:
    for record in reading(data).records.values():
        comes_back(record, rows(data)[record.identifier], tmp_path)


def comes_back(record: Record, row: Mapping[str, Any], folder: Path) -> None:
    found = through_rdf(record, folder)["protocolSection"]["eligibilityModule"]
    published = row["eligibility"]
    if row["source_format"] == "ctgov_api_v2_json":
        assert found == published, record.identifier
    else:
        assert found == _as_api(published), record.identifier


def _as_api(published: Mapping[str, Any]) -> dict[str, Any]:
    """Say a module of an older format in the words of API version 2, without the product's help."""

    def old(*names: str) -> Any:
        return next((published[name] for name in names if name in published), None)

    expected = {name: old(*names) for name, names in OLD_NAMES.items()}
    sex, healthy = old("gender", "Gender"), old("healthy_volunteers", "HealthyVolunteers")
    sampling, ages = old("sampling_method", "SamplingMethod"), old("StdAgeList")
    gender = old("gender_based", "GenderBased")
    expected["sex"] = sex and sex.upper()
    expected["healthyVolunteers"] = None if healthy is None else healthy != "No"
    expected["genderBased"] = None if gender is None else gender == "Yes"
    expected["samplingMethod"] = sampling and sampling.upper().replace(" ", "_").replace("-", "_")
    expected["stdAges"] = ages and [age.upper().replace(" ", "_") for age in ages["StdAge"]]
    return {k: v for k, v in expected.items() if v is not None and v != "N/A"}


def test_a_sample_decides_by_age_and_sex(data: Path) -> None:
    for record in sample(data)[:6]:
        decides(record, rows(data)[record.identifier]["eligibility"])


@pytest.mark.slow
def test_all_decide_by_age_and_sex(data: Path) -> None:
    for record in reading(data).records.values():
        decides(record, rows(data)[record.identifier]["eligibility"])


def decides(record: Record, row: Mapping[str, Any]) -> None:
    rules = rules_of(record)
    least, most = (
        next((row[n] for n in (name, *OLD_NAMES[name]) if n in row), "N/A")
        for name in ("minimumAge", "maximumAge")
    )
    found = decide(rules, {"months": 12_000, "days": 365_250, "sex": "Intersex"})
    assert found.get("I-min-age", "met") == "met"
    assert found.get("I-max-age", "met") == ("met" if most == "N/A" else "not met")
    found = decide(rules, {"months": 0, "days": 0, "sex": "Intersex"})
    newborns = least == "N/A" or least.startswith("0 ")
    assert found.get("I-min-age", "met") in (("met",) if newborns else ("not met", "unknown"))
    assert found["EligiblePopulation"] != "met"


def test_items_quote_the_text(data: Path) -> None:
    knowledge = Knowledge.installed()
    for record in list(reading(data).records.values())[::5]:
        drafts = criteria_of(record, knowledge)
        assert len({draft.name for draft in drafts}) == len(drafts)
        assert any(draft.reason for draft in drafts)
        for draft in drafts:
            if draft.field is None and draft.quote is not None:
                end = draft.start + len(draft.quote)
                assert record.criteria_text[draft.start : end] == draft.quote


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned on", "held out"])
def test_splitting_agrees_with_labels(held_out: bool, data: Path) -> None:
    script = load_script("score_splitting")
    texts = [text for text in script.labelled(data) if text.held_out == held_out]
    assert len(texts) == (26 if held_out else 52)
    for name, (precision, recall) in script.score(texts).items():
        least = 0.9 if name == "nesting" else 0.95
        assert min(precision, recall) >= least, name
