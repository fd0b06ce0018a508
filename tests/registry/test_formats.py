"""One record in every format becomes the same trial, and comes back as it was."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from eligo.registry.export import export_study
from eligo.registry.files import read_documents
from eligo.registry.knowledge import Knowledge
from eligo.registry.load import load
from eligo.registry.model import Record, SourceFormat
from eligo.registry.read import read_records
from eligo.registry.write import criteria_of, write_trial
from eligo.vocabulary.terms import ELIG
from registry.registry_kit import decide, formats, record_of, rules_of, with_fields

FORMATS = formats()
API = "json"
EXPECTED = {
    "json": SourceFormat.API,
    "classic.json": SourceFormat.CLASSIC,
    "xml": SourceFormat.XML,
    "txt": SourceFormat.TEXT,
    "jsonl": SourceFormat.ROW,
}
ODD = yaml.safe_load(Path(__file__).with_name("odd-modules.yaml").read_text("utf-8"))


def read(path: Path) -> Record:
    reading = read_records([str(path)])
    assert not reading.failures, reading.failures
    (record,) = reading.records.values()
    return record


def through_rdf(record: Record, folder: Path) -> dict[str, Any]:
    """Write a record as a trial, read that, and export it."""
    path = folder / "trial.ttl"
    path.write_text(write_trial(record), encoding="utf-8")
    return export_study(load(path, Knowledge.installed()), Knowledge.installed())


def items(record: Record) -> list[tuple[str, str | None]]:
    drafts = criteria_of(record, Knowledge.installed())
    return [(d.name, d.quote) for d in drafts if d.field is None]


@pytest.mark.parametrize("name", FORMATS)
def test_formats_are_told_apart(name: str) -> None:
    assert read(FORMATS[name]).format is EXPECTED[name]


@pytest.mark.parametrize("name", FORMATS)
def test_the_criteria_are_the_same(name: str) -> None:
    record = read(FORMATS[name])
    assert items(record) == items(read(FORMATS[API]))
    rules = rules_of(record)
    for months, sex in ((216, "Female"), (215, "Female"), (911, "Female"), (912, "Male")):
        found = decide(rules, {"months": months, "sex": sex})
        assert found["I-min-age"] == ("met" if months >= 216 else "not met")
        assert found["I-max-age"] == ("met" if months < 912 else "not met")
        assert found["I-sex"] == ("met" if sex == "Female" else "not met")


@pytest.mark.parametrize("name", FORMATS)
def test_fields_come_back(name: str, tmp_path: Path) -> None:
    study = through_rdf(read(FORMATS[name]), tmp_path)
    whole = json.loads(FORMATS[API].read_text("utf-8"))
    if name == API:
        assert study == whole
        assert list(study["protocolSection"]) == list(whole["protocolSection"])
        return
    expected = whole["protocolSection"]["eligibilityModule"]
    found = study["protocolSection"]["eligibilityModule"]
    text = found.pop("eligibilityCriteria")
    assert bare(text) == bare(expected["eligibilityCriteria"])
    assert {**expected, **found} == expected
    assert expected.keys() - found.keys() <= {"eligibilityCriteria", "stdAges"}
    identification = study["protocolSection"]["identificationModule"]
    assert identification["nctId"] == "NCT90000001"
    assert identification["briefTitle"] == "An Invented Trial in Gout"


def bare(text: str) -> str:
    """Return the words of a text without the marks of its lists."""
    return re.sub(r"\s+[-*]?\s*", " ", text).strip()


@pytest.mark.parametrize("name", FORMATS)
def test_the_source_is_named(name: str, tmp_path: Path) -> None:
    path = tmp_path / "trial.ttl"
    path.write_text(write_trial(read(FORMATS[name])), encoding="utf-8")
    trial = load(path, Knowledge.installed())
    data = FORMATS[name].read_bytes()
    assert trial.text(trial.module, ELIG.sourceSha256) == hashlib.sha256(data).hexdigest()
    assert trial.text(trial.module, ELIG.sourceFile) == str(FORMATS[name])
    record = trial.text(trial.module, ELIG.sourceRecord)
    if name != "classic.json":
        assert record is not None
        assert record.strip() == data.decode().strip()
    retrieved = trial.text(trial.module, ELIG.retrieved)
    assert (retrieved is None) == (name == "jsonl")


@pytest.mark.parametrize("case", ODD, ids=lambda case: case["title"])
def test_odd_modules_come_back(case: dict[str, Any], tmp_path: Path) -> None:
    module = case["module"]
    study = through_rdf(with_fields(module), tmp_path)
    assert study["protocolSection"]["eligibilityModule"] == module


def test_edited_fields_are_exported(tmp_path: Path) -> None:
    record = with_fields({"minimumAge": "18 Years", "sex": "ALL", "healthyVolunteers": True})
    path = tmp_path / "trial.ttl"
    text = write_trial(record)
    for old, new in (
        ('elig:minimumAge "18 Years"', 'elig:minimumAge "21 Years"'),
        ("elig:sexEligibility elig:AllSexes", "elig:sexEligibility elig:MaleOnly"),
        ("elig:healthyVolunteers true", "elig:healthyVolunteers false"),
    ):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    study = export_study(load(path, Knowledge.installed()), Knowledge.installed())
    module = study["protocolSection"]["eligibilityModule"]
    assert module == {"minimumAge": "21 Years", "sex": "MALE", "healthyVolunteers": False}


def test_a_file_may_be_packed_or_hold_many(tmp_path: Path) -> None:
    study = json.loads(FORMATS[API].read_text("utf-8"))
    studies = []
    for number in range(3):
        copy = json.loads(json.dumps(study))
        copy["protocolSection"]["identificationModule"]["nctId"] = f"NCT9000001{number}"
        studies.append(copy)
    lines = "\n".join(json.dumps(one) for one in studies)
    written = {
        "list.json.gz": json.dumps(studies),
        "answer.json.gz": json.dumps({"studies": studies, "totalCount": 3}),
        "lines.jsonl.gz": lines,
        "lines-by-content.json.gz": lines,
    }
    for name, text in written.items():
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()))
        reading = read_records([str(path)])
        assert not reading.failures, reading.failures
        assert len(reading.records) == 3
        for record in reading.records.values():
            assert json.loads(record.text) in studies


def test_the_same_record_gives_the_same_text() -> None:
    record = record_of(json.loads(FORMATS[API].read_text("utf-8")))
    assert write_trial(record) == write_trial(record)


def test_a_file_named_twice_is_read_once() -> None:
    paths = [str(FORMATS[API]), str(FORMATS[API].parent)]
    names = [getattr(document, "name", "") for document in read_documents(paths)]
    assert len(names) == len(set(names)) == len(FORMATS)
