"""`eligo screen`: verdicts, formats, exit codes."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from cli.command import Ran, eligo, example
from cli.schema_check import faults
from eligo.vocabulary.terms import ELIG

ELENA = "https://example.org/patient/elena/patient"
GRETA = "https://example.org/patient/greta/patient"


@pytest.fixture(scope="module")
def text() -> Ran:
    return eligo("screen", example("elena"), example("greta"))


def test_that_somebody_is_not_eligible_is_no_finding(text: Ran) -> None:
    assert text.code == 0
    assert text.err == ""


def test_summary_comes_first(text: Ran) -> None:
    lines = text.out.splitlines()
    assert lines[0].startswith("NCT06150651: 2 patients screened")
    assert lines[1].strip() == ("0 eligible, 1 not eligible, 1 undetermined, no data problems")
    assert "policy default" in lines[2]
    assert "2026-03-02" in lines[3]
    assert "2026-04-20" in lines[3]


def test_an_exclusion_that_is_met_reads_as_excluded(text: Ran) -> None:
    block = text.out[text.out.index("NOT ELIGIBLE") : text.out.index("UNDETERMINED  ")]
    assert f"Elena <{ELENA}>" in block
    assert "E9  eGFR below 30: excluded (met)" in block
    assert "because: eGFR" in block


def test_what_is_missing_is_grouped_by_criterion(text: Ran) -> None:
    block = text.out[text.out.index("UNDETERMINED  ") :]
    assert f"Greta <{GRETA}>" in block
    for notation in ("E1", "E4", "E6", "E7"):
        assert f"    {notation}  " in block
    assert "ask for: A pregnancy test" in block


def test_no_colour_and_no_wrapping_when_piped(text: Ran) -> None:
    assert "\x1b" not in text.out
    assert max(map(len, text.out.splitlines())) > 110


def test_details_show_every_criterion_with_the_words_of_the_record() -> None:
    out = eligo("screen", example("elena"), "--details").out
    assert "record: “eGFR CKD-EPI < 30 ml/min/1.73m^2.”" in out
    assert "D-36: CKD-EPI 2021 creatinine" in out
    assert "E3  Organ or stem cell transplantation: not excluded (not met)" in out
    assert "I3.1-B2  Azathioprine at 1.5 mg/kg/day or more: not met" in out
    assert "<https://example.org/patient/elena/creatinine>" in out


def test_json_and_rdf_tell_the_same(tmp_path: Path) -> None:
    target = tmp_path / "run.json"
    assert eligo("screen", example("elena"), "-o", target).out == ""
    run = json.loads(target.read_text(encoding="utf-8"))
    (assessment,) = run["assessments"]
    assert assessment["patient"] == ELENA
    assert assessment["verdict"] == "not eligible"
    assert run["summary"]["notEligible"] == 1
    assert run["today"] is None
    statuses: dict[str, str] = {}
    pending = list(assessment["criteria"])
    while pending:
        item = pending.pop()
        statuses[item["criterion"]] = item["status"]
        pending += item["parts"]
    assert statuses["E9"] == "met"

    turtle = eligo("screen", example("elena"), "--format", "turtle").out
    graph = Graph().parse(data=turtle, format="turtle")
    (found,) = graph.subjects(RDF.type, ELIG.Assessment)
    assert graph.value(found, ELIG.ofPatient) == URIRef(ELENA)
    assert graph.value(found, ELIG.verdict) == ELIG.NotEligible
    assert len(set(graph.objects(found, ELIG.hasResult))) == len(statuses)


def test_the_same_record_gives_the_same_text() -> None:
    first, second = (eligo("screen", example("elena"), "-f", "trig").out for _ in range(2))
    assert first == second
    assert len({str(quad.graph_name) for quad in ox.parse(first, format=ox.RdfFormat.TRIG)}) == 1


def test_json_keeps_to_its_schema() -> None:
    schema = json.loads(files("eligo.report").joinpath("assessment.schema.json").read_text("utf-8"))
    run = json.loads(eligo("screen", example("greta"), "missing.ttl", "--format", "json").out)
    assert run["unreadable"]
    assert list(faults(run, schema, schema["$defs"])) == []
    run["assessments"][0]["verdict"] = "perhaps"
    del run["summary"]
    assert len(list(faults(run, schema, schema["$defs"]))) == 2


def test_dates_are_taken_from_the_record_unless_forced() -> None:
    given = ("--screening-date", "2026-01-05")
    stated = json.loads(eligo("screen", example("elena"), *given, "-f", "json").out)
    assert stated["assessments"][0]["dates"]["screening"] == "2026-03-02"
    forced = json.loads(
        eligo("screen", example("elena"), *given, "--force-dates", "-f", "json").out
    )
    assert forced["assessments"][0]["dates"]["screening"] == "2026-01-05"


def test_without_any_date_today_is_used_and_said(tmp_path: Path) -> None:
    text = example("elena").read_text(encoding="utf-8")
    undated = tmp_path / "undated.ttl"
    undated.write_text(text.replace("elig:hasScreening :screening ;", ""), encoding="utf-8")
    ran = eligo("screen", undated)
    assert f"today, {date.today()}, was used" in ran.out
    assert "--screening-date" in ran.out
    assert "today" not in eligo("screen", undated, "--screening-date", "2026-03-02").out


def test_one_patient_of_several() -> None:
    ran = eligo("screen", example("elena"), example("greta"), "--patient", f"<{GRETA}>")
    assert "1 patient screened" in ran.out
    assert ELENA not in ran.out
    unknown = eligo("screen", example("elena"), "--patient", "https://example.org/nobody")
    assert unknown.code == 2
    assert ELENA in unknown.err


def test_standard_input_may_be_gzipped() -> None:
    packed = gzip.compress(example("elena").read_bytes())
    ran = eligo("screen", "-", "--format", "csv", stdin=packed)
    assert ran.code == 0
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert {row["patient"] for row in rows} == {ELENA}
    assert {row["criterion"]: row["reading"] for row in rows}["E9"] == "excluded"


def test_output_is_complete_or_absent(tmp_path: Path) -> None:
    missing = tmp_path / "no" / "such" / "folder.txt"
    ran = eligo("screen", example("elena"), "-o", missing)
    assert ran.code == 2
    assert "cannot be written" in ran.err
    assert list(tmp_path.iterdir()) == []
