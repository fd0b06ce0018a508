"""The check names contradictions of fields, text, quotations and source, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from eligo.registry.check import check
from eligo.registry.knowledge import Knowledge
from eligo.registry.load import load
from eligo.registry.write import write_trial
from registry.registry_kit import with_fields

CASES = yaml.safe_load(Path(__file__).with_name("checking.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "trial.ttl"
    text = write_trial(with_fields({"healthyVolunteers": False, **case["module"]}))
    if "replace" in case:
        old, new = (words.replace("\n", "\\n") for words in case["replace"])
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    knowledge = Knowledge.installed()
    found = [finding.text for finding in check([load(path, knowledge)], knowledge)]
    expected = case.get("says", [])
    assert len(found) == len(expected), found
    assert [words for words in expected if not any(words in text for text in found)] == [], found


@pytest.mark.parametrize(("text", "count"), [("* Gout", 0), ("* Tophi", 1)])
def test_one_number_with_two_texts(text: str, count: int, tmp_path: Path) -> None:
    knowledge = Knowledge.installed()
    trials = []
    for name, words in (("a", "* Gout"), ("b", text)):
        path = tmp_path / f"{name}.ttl"
        fields = {"eligibilityCriteria": words, "sex": "ALL", "healthyVolunteers": True}
        path.write_text(write_trial(with_fields(fields)), encoding="utf-8")
        trials.append(load(path, knowledge))
    found = list(check(trials, knowledge))
    assert [finding.place for finding in found] == [str(tmp_path / "b.ttl")] * count
    assert all("has another text of criteria than" in finding.text for finding in found)
