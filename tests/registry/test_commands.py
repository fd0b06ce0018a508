"""`eligo trial import`, `export` and `check`, and what an imported trial is good for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.command import eligo
from eligo.cli.exits import Exit
from registry.registry_kit import formats

RECORD = formats()["json"]
PATIENT = """\
@prefix elig: <https://w3id.org/eligo/ns/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://example.org/{name}> a elig:Patient ;
    elig:birthDate "{born}"^^xsd:date ;
    elig:sexAtBirth elig:{sex} .
"""


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    path = tmp_path / "NCT90000001.ttl"
    assert eligo("trial", "import", RECORD, "--to", path).code == Exit.FINE
    return path


def test_a_record_goes_to_standard_output() -> None:
    ran = eligo("trial", "import", "-", stdin=RECORD.read_bytes())
    assert ran.code == Exit.FINE
    assert ran.out.startswith("@prefix ")
    assert 'elig:sourceFile "-"' in ran.out


def test_several_records_need_a_folder(tmp_path: Path) -> None:
    lines = [
        f'{{"nct_id": "NCT9000000{n}", "eligibility": {{"criteria": "Adults"}}}}' for n in (4, 5)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    for target in ((), ("--to", "-"), ("--to", tmp_path / "one.ttl")):
        ran = eligo("trial", "import", path, *target)
        assert ran.code == Exit.USAGE
        assert "2 records were read; name a folder with --to" in ran.err
    ran = eligo("trial", "import", path, "--to", tmp_path / "new" / "folder")
    assert ran.code == Exit.FINE
    assert "2 trials imported" in ran.err
    assert len(list((tmp_path / "new" / "folder").iterdir())) == 2


def test_edits_are_not_lost(trial: Path) -> None:
    assert eligo("trial", "import", RECORD, "--to", trial).code == Exit.FINE
    edited = trial.read_text("utf-8") + "\n<https://example.org/a> <https://example.org/b> 1 .\n"
    trial.write_text(edited, encoding="utf-8")
    ran = eligo("trial", "import", RECORD, "--to", trial)
    assert ran.code == Exit.USAGE
    assert "is there and differs; --replace writes over it" in ran.err
    assert trial.read_text("utf-8") == edited
    assert eligo("trial", "import", RECORD, "--to", trial, "--replace").code == Exit.FINE
    assert trial.read_text("utf-8") != edited


def test_the_user_may_say_when_it_was_retrieved(tmp_path: Path) -> None:
    row = tmp_path / "row.json"
    row.write_text('{"nct_id": "NCT90000004", "eligibility": {"criteria": "Adults"}}', "utf-8")
    ran = eligo("trial", "import", row, "--retrieved", "2026-03-02")
    assert 'elig:retrieved "2026-03-02"' in ran.out
    ran = eligo("trial", "import", RECORD, "--retrieved", "2026-03-02")
    assert 'elig:retrieved "2025-07-01"' in ran.out


def test_export_gives_the_record_back(trial: Path, tmp_path: Path) -> None:
    ran = eligo("trial", "export", trial)
    assert ran.code == Exit.FINE
    assert json.loads(ran.out) == json.loads(RECORD.read_text("utf-8"))
    ran = eligo("trial", "export", trial, "NCT06150651", tmp_path / "missing.ttl")
    assert ran.code == Exit.UNREADABLE
    assert "unknown trial" in ran.err
    studies = json.loads(ran.out)["studies"]
    modules = [study["protocolSection"]["eligibilityModule"] for study in studies]
    assert [module["maximumAge"] for module in modules] == ["75 Years", "60 Years"]
    assert modules[1]["eligibilityCriteria"].startswith("Inclusion Criteria: 1. Age between 18")


def test_check_tells_findings(trial: Path) -> None:
    quick = ("--no-shapes", "--no-reasoner", "--no-notes")
    ran = eligo("trial", "check", trial, "NCT06150651", "NCT05781750", *quick)
    assert ran.code == Exit.FINE
    assert ran.out.startswith("3 trials checked: no findings, ")
    text = trial.read_text("utf-8")
    trial.write_text(text.replace('Age "75 Years"', 'Age "7 Years"'), encoding="utf-8")
    ran = eligo("trial", "check", trial, *quick)
    assert ran.code == Exit.FINDINGS
    assert "NCT90000001: the minimum age (18 Years) is above the maximum (7 Years)" in ran.out


def test_nothing_to_check(tmp_path: Path) -> None:
    ran = eligo("trial", "check", tmp_path)
    assert ran.code == Exit.UNREADABLE
    assert "holds no Turtle file of a trial" in ran.err
    (tmp_path / "other.ttl").write_text("<a:b> <a:c> <a:d> .", encoding="utf-8")
    ran = eligo("trial", "check", tmp_path)
    assert ran.code == Exit.UNREADABLE
    assert "exactly one elig:ClinicalTrial is needed, found 0" in ran.err


def test_an_imported_trial_screens_patients(trial: Path, tmp_path: Path) -> None:
    people = {
        "fits": ("2000-01-01", "Female"),
        "other": ("1940-01-01", "Male"),
    }
    for name, (born, sex) in people.items():
        text = PATIENT.format(name=name, born=born, sex=sex)
        (tmp_path / f"p-{name}.ttl").write_text(text, encoding="utf-8")
    files = [tmp_path / f"p-{name}.ttl" for name in people]
    ran = eligo(
        "screen", *files, "--trial", trial, "--screening-date", "2026-03-02", "--format", "json"
    )
    assert ran.code == Exit.FINE, ran.err
    found = json.loads(ran.out)
    against = {
        criterion["criterion"]
        for criterion in found["assessments"][1]["criteria"]
        if criterion["status"] == "not met"
    }
    assert against == {"I-max-age", "I-sex"}
    verdicts = {a["patient"].rpartition("/")[2]: a["verdict"] for a in found["assessments"]}
    assert verdicts == {"fits": "undetermined", "other": "not eligible"}


def test_an_imported_trial_compiles(trial: Path) -> None:
    ran = eligo("compile", trial, "--output", "-")
    assert ran.code == Exit.FINE, ran.err
    assert "nct:I-min-age.met a sh:NodeShape" in ran.out
