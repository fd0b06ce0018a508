"""Mistakes of authors: each is named with file, row or term, and mend; the rest goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.command import eligo

RECORD = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT90000010"},
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Lupus\n* Platelets of 50 or more\n\n"
            "Exclusion Criteria:\n\n* Pregnant women",
            "sex": "ALL",
        },
    }
}
ROWS = (
    ("criterion", "pattern", "test", "minimum", "unit", "window", "condition", "status"),
    ("I1", "Diagnosis", "", "", "", "", "Lupsu", "active"),
    ("I2", "LabThreshold", "PlateletCount", "50", "furlong", "28 days", "", ""),
    ("E1", "Pregnancy", "", "", "", "", "", ""),
    ("E9", "Pregnancy", "", "", "", "", "", ""),
)


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """Return the file of a trial that was begun, with its table filled in badly."""
    record = tmp_path / "record.json"
    record.write_text(json.dumps(RECORD), encoding="utf-8")
    assert eligo("trial", "new", record, "--to", tmp_path).code == 0
    rows = "".join("\t".join(row) + "\n" for row in ROWS)
    (tmp_path / "rows.tsv").write_text(rows, encoding="utf-8")
    return tmp_path / "NCT90000010.ttl"


def test_rows_with_unknown_names_are_told_and_the_rest_is_expanded(trial: Path) -> None:
    rows = trial.with_name("rows.tsv")
    ran = eligo("trial", "expand", trial, rows, "--in-place")
    assert ran.code == 3
    assert {line for line in ran.err.splitlines() if line.startswith("error: ")} == {
        f"error: {rows}:2: column 7 (condition): condition is "
        "'https://w3id.org/eligo/concept/Lupsu', which is no known concept; correct or declare it",
        f"error: {rows}:3: column 5 (unit): unit is 'furlong', which is no known unit; write a "
        "UCUM code that units.ttl has",
        f"error: {rows}:5: column 1 (criterion): the trial has no criterion E9 nor one it could be "
        "a part of; correct the number",
    }
    text = trial.read_text(encoding="utf-8")
    assert "elig:byPattern [ a pattern:Pregnancy ]" in text
    assert text.count("elig:notFormalised") == 2 + 1  # the two, and the healthy volunteers


def test_import_that_cannot_be_reached_and_cycle(trial: Path) -> None:
    text = trial.read_text(encoding="utf-8")
    ours = "owl:imports <https://w3id.org/eligo/ontology/eligo>"
    assert ours in text
    trial.write_text(text.replace(ours, f"{ours}, <https://nowhere.example/terms>"), "utf-8")
    cyclic = trial.with_name("cyclic.ttl")
    head, _, tail = text.partition('elig:notFormalised "')
    cycle = "owl:equivalentClass [ a owl:Class ; owl:complementOf nct:I1 ] .\n"
    cyclic.write_text(f"{head}{cycle}{tail.partition('@en .')[2]}", encoding="utf-8")
    ran = eligo("trial", "check", trial, cyclic, "--no-reasoner", "--no-shapes", "--no-notes")
    assert ran.code == 1
    told = " ".join(ran.out.split())
    assert "imports <https://nowhere.example/terms>, which is not here, and nothing is" in told
    assert "leave the import out" in told
    assert "cyclic definition I1 → I1" in told
