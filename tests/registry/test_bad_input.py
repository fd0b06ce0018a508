"""Damaged and misleading files: what is wrong is named with its place, and the rest goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.command import eligo
from eligo.cli.exits import Exit
from eligo.registry.read import read_records
from eligo.registry.split import split

CASES = yaml.safe_load(Path(__file__).with_name("bad.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    for name, text in case.get("files", {}).items():
        (tmp_path / name).write_bytes(text.encode(case.get("encoding", "utf-8"), "surrogatepass"))
    for name, digits in case.get("bytes", {}).items():
        (tmp_path / name).write_bytes(bytes.fromhex(digits))
    for name, (text, times) in case.get("repeat", {}).items():
        (tmp_path / name).write_text(text * times, encoding="utf-8")
    reading = read_records([str(tmp_path)])
    said = "\n".join(str(failure) for failure in reading.failures)
    assert [words for words in case.get("says", []) if words not in said] == [], said
    assert bool(said) == bool(case.get("says"))
    remarked = "\n".join(reading.remarks)
    assert [words for words in case.get("remarks", []) if words not in remarked] == [], remarked
    assert sorted(reading.records) == case.get("imported", [])
    if "text" in case:
        assert [record.criteria_text for record in reading.records.values()] == [case["text"]]


def test_unreadable_path(tmp_path: Path) -> None:
    reading = read_records([str(tmp_path / "missing.json")])
    (failure,) = reading.failures
    assert str(failure).endswith(
        "missing.json: cannot be read (No such file or directory); check the path"
    )


def test_the_rest_goes_on(tmp_path: Path) -> None:
    good = '{"nct_id": "NCT90000002", "eligibility": {"criteria": "Adults"}}'
    (tmp_path / "a.jsonl").write_text(f"{good}\nno json\n", encoding="utf-8")
    ran = eligo("trial", "import", tmp_path, "--to", tmp_path / "out")
    assert ran.code == Exit.UNREADABLE
    assert "a.jsonl:2:1: not valid JSON" in ran.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["NCT90000002.ttl"]


def test_nothing_to_import(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    ran = eligo("trial", "import", tmp_path / "a.json")
    assert ran.code == Exit.UNREADABLE
    assert "nothing was imported" in ran.err


def test_long_text_is_split_whole() -> None:
    text = "Inclusion Criteria:\n\n" + "\n".join(
        f"{n}. Criterion number {n}, "
        + "which goes on at length and asks much of the patient, " * 3
        for n in range(1, 100)
    )
    assert len(text) > 17_000
    items = split(text)
    assert len(items) == 99
    assert all(text[i.start : i.end].startswith("Criterion number") for i in items)
