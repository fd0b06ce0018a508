"""Each field of a record becomes a criterion that decides patients, or says that it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from registry.registry_kit import decide, rules_of, with_fields

CASES = yaml.safe_load(Path(__file__).with_name("fields.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_case(case: dict[str, Any]) -> None:
    rules = rules_of(with_fields(case["fields"]))
    names = {name.rpartition("/")[2] for name in rules.definitions if "/trial/" in name}
    if "criteria" in case:
        assert sorted(names - {"EligiblePopulation"}) == case["criteria"]
    for patient, expected in case.get("decide", ()):
        found = decide(rules, patient)
        assert {name: found[name] for name in expected} == expected, patient
        assert found["I-text"] == "unknown"
        assert found["EligiblePopulation"] != "met"


def test_somebody_must_always_read_the_text() -> None:
    """Whatever the fields say, nobody is called eligible by them alone."""
    fields = {"sex": "ALL", "healthyVolunteers": True, "minimumAge": "N/A"}
    for text in (None, "", " \n ", "Inclusion Criteria:\n\nExclusion Criteria:", "Adults", "-"):
        record = with_fields(fields if text is None else {**fields, "eligibilityCriteria": text})
        assert decide(rules_of(record), {"months": 300})["EligiblePopulation"] == "unknown", text
