"""Results of a cohort: the same words as from files, and nothing taken for whole that is not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.command import EXAMPLES, TRIAL, eligo
from eligo.resources import root

DAY = ("--screening-date", "2026-03-02")
BAD = """
@prefix elig: <https://w3id.org/eligo/ns/> .
@prefix concept: <https://w3id.org/eligo/concept/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://example.org/bad/> .
:p a elig:Patient ;
    elig:birthDate "1990-02-30"^^xsd:date , "1991-01-01"^^xsd:date ;
    elig:sexAtBirth elig:Female ;
    elig:hasCondition :c , [ a elig:Condition ; elig:code concept:Nonsense ] .
:c a elig:Condition ; elig:codee concept:SystemicLupusErythematosus .
:q a elig:Patient ; elig:birthDate "1990-02-20"^^xsd:date .
:lost a elig:Condition ; elig:code concept:SystemicLupusErythematosus .
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good records and bad ones."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("elena", "greta"):
        shutil.copy(EXAMPLES / f"{name}.ttl", folder)
    (folder / "bad.ttl").write_text(BAD, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store and its results."""
    folder = tmp_path_factory.mktemp("made")
    store, results = folder / "store", folder / "results"
    eligo("import", data, "--to", store, "--jobs", "1")
    assert eligo("screen", store, *DAY, "--out", results).code == 1
    return store, results


@pytest.fixture
def results(made: tuple[Path, Path], tmp_path: Path) -> Path:
    """Results that a test may damage."""
    return Path(shutil.copytree(made[1], tmp_path / "results"))


@pytest.mark.parametrize("form", ["json", pytest.param("trig", marks=pytest.mark.slow)])
def test_results_say_what_the_files_say(data: Path, made: tuple[Path, Path], form: str) -> None:
    files = eligo("screen", data, *DAY, "--engine", "shacl", "--format", form)
    ours = eligo("screen", made[1], "--format", form)
    assert files.out == ours.out
    assert "hangs on no patient" in ours.out


def test_explanations_are_word_for_word(data: Path, made: tuple[Path, Path]) -> None:
    files = eligo("explain", data, *DAY)
    assert files.out == eligo("explain", made[1]).out
    assert len(files.out.splitlines()) > 500


def test_files_go_through_the_cohort_engine(data: Path) -> None:
    files = eligo("screen", data, *DAY, "--engine", "shacl", "-v")
    cohort = eligo("screen", data, *DAY, "--engine", "cohort", "-v")
    assert files.out == cohort.out


def test_quads_are_those_of_the_files(data: Path, made: tuple[Path, Path]) -> None:
    files = eligo("screen", data, *DAY, "--engine", "shacl", "--format", "nquads")
    ours = eligo("screen", made[1], "--format", "nquads")
    assert sorted(files.out.splitlines()) == sorted(ours.out.splitlines())


def test_the_cohort_in_numbers(made: tuple[Path, Path], tmp_path: Path) -> None:
    ran = eligo("screen", made[0], *DAY, "--format", "json", "--out", tmp_path / "again")
    told = json.loads(ran.out)
    assert told["manifest"]["verdicts"] == {"eligible": 0, "not eligible": 1, "undetermined": 3}
    assert told["untrusted"] == 2, "a fact that hangs on nobody doubts all of its file"
    by_number = {entry["notation"]: entry for entry in told["attrition"]}
    assert by_number["E9"]["against"] == by_number["E9"]["only_this"] == 1
    assert sum(entry["falls_here"] for entry in told["attrition"]) == 1
    items = {item["notation"]: item for item in told["items"]}
    assert items["E7"]["lacking"] >= 1
    assert told["items"][-1]["settled"] == 1, "Greta is the only one whom more data would settle"


def test_without_evidence_there_is_no_explanation(made: tuple[Path, Path], tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    eligo("screen", made[0], *DAY, "--out", bare, "--no-evidence")
    assert not (bare / "seen_value").exists()
    ran = eligo("explain", bare)
    assert ran.code == 2
    assert "--no-evidence" in ran.err


def test_results_are_not_overwritten(made: tuple[Path, Path], results: Path) -> None:
    before = (results / "manifest.json").read_bytes()
    ran = eligo("screen", made[0], *DAY, "--out", results)
    assert ran.code == 2
    assert "--overwrite" in ran.err
    assert (results / "manifest.json").read_bytes() == before
    assert eligo("screen", made[0], *DAY, "--out", results, "--overwrite").code == 1


def test_other_folders_are_never_overwritten(made: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "mine"
    other.mkdir()
    (other / "thesis.tex").write_text("years of work", encoding="utf-8")
    ran = eligo("screen", made[0], *DAY, "--out", other, "--overwrite")
    assert ran.code == 2
    assert (other / "thesis.tex").exists()


def test_no_room_leaves_nothing_behind(made: tuple[Path, Path], tmp_path: Path) -> None:
    """In a process of its own, as the limit on the size of files holds for all that it writes."""
    eligo_ = [sys.executable, "-c", "from eligo.cli.main import run; run()"]
    command = [*eligo_, "screen", str(made[0]), "--trial", TRIAL]
    ran = subprocess.run(
        ["bash", "-c", 'ulimit -f 4; exec "$@"', "bash", *command, *DAY, "--out", "results"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 4
    assert "results: cannot be written (File too large)" in ran.stderr
    assert not list(tmp_path.iterdir())


def test_a_cut_file_is_told(results: Path) -> None:
    file = next((results / "answer").iterdir())
    file.write_bytes(file.read_bytes()[:-20])
    ran = eligo("explain", results)
    assert ran.code in (3, 4)
    assert file.name in ran.err


def test_a_file_of_other_rows_is_told(results: Path) -> None:
    manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
    name = next(name for name in manifest["rows"] if name.startswith("answer/"))
    manifest["rows"][name] += 1
    (results / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    ran = eligo("explain", results)
    assert ran.code == 3
    assert name in ran.err


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("schema", 99, "schema version 99"),
        ("rules", "0" * 64, "other criteria or concepts"),
        ("trial", "NCT00000000", "NCT00000000"),
    ],
)
def test_results_of_something_else_are_refused(
    results: Path, key: str, value: object, said: str
) -> None:
    manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
    manifest[key] = value
    (results / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    ran = eligo("screen", results, "--trial", TRIAL)
    assert ran.code in (2, 3)
    assert said in ran.err


def test_a_recorded_answer_that_the_evidence_does_not_give_is_an_error(results: Path) -> None:
    import duckdb

    file = next((results / "answer").iterdir())
    changed = file.with_suffix(".new")
    duckdb.connect().execute(
        "COPY (SELECT patient_key, criterion, CASE criterion WHEN 'E9' THEN 'not met' ELSE status "
        f"END AS status FROM '{file}') TO '{changed}' (FORMAT parquet)"
    )
    changed.replace(file)
    elena = "https://example.org/patient/elena/patient"
    ran = eligo("explain", results, "--patient", elena, "E9")
    assert ran.code == 4
    assert "direct evaluation says" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{store}", "--patient", "https://example.org/bad/p"), "--patient"),
        (("{store}", "--engine", "shacl"), "eligo extract"),
        (("{store}", "--format", "csv"), "csv"),
        (("{store}", str(root() / "examples")), "alone"),
        (("{results}", str(root() / "examples")), "alone"),
        (("{results}", "--policy", "complete-lists"), "--policy"),
        (("{results}", "--screening-date", "2020-01-01"), "--screening-date"),
        (("{results}", "--patient", "https://example.org/nobody"), "nobody"),
        ((str(EXAMPLES), "--out", "x"), "--out"),
    ],
)
def test_what_does_not_go_together_is_said(
    made: tuple[Path, Path], arguments: tuple[str, ...], said: str
) -> None:
    filled = [a.format(store=made[0], results=made[1]) for a in arguments]
    ran = eligo("screen", *filled)
    assert ran.code == 2
    assert said in ran.err
