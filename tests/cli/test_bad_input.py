"""Bad input is named with its place and mend, and the other patients are still screened."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from cli.command import Ran, altered, eligo, example

MMF = 'elig:value 1000.0 ; elig:unit "mg"'
BIRTH = 'elig:birthDate "1991-05-14"^^xsd:date'
NOBODY = (
    "@prefix elig: <https://w3id.org/eligo/ns/> .\n<https://example.org/nobody> a elig:Patient .\n"
)


def unreadable(folder: Path) -> dict[str, str]:
    """Write files that cannot be read; return what must be said of each."""
    whole = example("anna").read_bytes()
    contents = {
        "cut.ttl": whole[:3000],
        "empty.ttl": b"",
        "blank.ttl": b"# nothing but a remark\n",
        "garbage.ttl": bytes(range(256)) * 8,
        "damaged.ttl.gz": gzip.compress(whole)[:400],
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return {
        "cut.ttl": ":60:49: not valid Turtle",
        "empty.ttl": ": is empty; nothing was read",
        "blank.ttl": ": has no statement; nothing was read",
        "garbage.ttl": ":1:1: not valid Turtle",
        "damaged.ttl.gz": ": is a damaged gzip file",
        "missing.ttl": ": cannot be read (No such file or directory)",
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bad")


@pytest.fixture(scope="module")
def expected(folder: Path) -> dict[str, str]:
    return unreadable(folder)


@pytest.fixture(scope="module")
def mixed(folder: Path, expected: dict[str, str]) -> Ran:
    return eligo("screen", example("elena"), *(folder / name for name in expected))


def test_every_unreadable_source_is_named_in_one_line(
    mixed: Ran, folder: Path, expected: dict[str, str]
) -> None:
    assert mixed.code == 3
    lines = mixed.err.splitlines()
    assert len(lines) == len(expected)
    for name, message in expected.items():
        assert any(line.startswith(f"error: {folder / name}{message}") for line in lines), name
    assert all(line.isprintable() for line in lines)


def test_the_others_are_still_screened(mixed: Ran, expected: dict[str, str]) -> None:
    assert "1 patient screened" in mixed.out
    assert "NOT ELIGIBLE  Elena" in mixed.out
    assert mixed.out.count("! not read: ") == len(expected)


def test_nobody_to_screen_is_not_fine(folder: Path, expected: dict[str, str]) -> None:
    assert expected
    stray = folder / "stray.ttl"
    stray.write_text("<https://a.example/s> <https://a.example/p> 1 .", encoding="utf-8")
    for command in ("screen", "validate", "enrich", "report"):
        for path in (folder / "empty.ttl", stray):
            ran = eligo(command, path)
            assert ran.code == 3, (command, path)
            assert "nothing was checked" in ran.err
            assert ran.out == ""


@pytest.fixture(scope="module")
def ill_formed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ill")
    altered(folder, "no-such-day", "1991-05-14", "2026-02-30")
    altered(folder, "two-births", BIRTH, BIRTH + ' , "1992-05-14"^^xsd:date')
    altered(folder, "no-unit", MMF, "elig:value 1000.0")
    altered(folder, "negative", MMF, 'elig:value -1000.0 ; elig:unit "mg"')
    altered(folder, "odd-unit", MMF, 'elig:value 1000.0 ; elig:unit "spoonful"')
    return folder


def test_validate_names_place_and_mend(ill_formed: Path) -> None:
    ran = eligo("validate", ill_formed)
    assert ran.code == 1
    assert "5 patients checked: 4 violations" in ran.out
    assert "found: 2026-02-30" in ran.out
    assert f"in: {ill_formed / 'no-such-day.ttl'}:11" in ran.out
    assert "must be one value that exists in the calendar" in ran.out
    assert (
        "violation: elig:dose/elig:value of <https://example.org/patient/negative/mmf>" in ran.out
    )
    assert "above zero; correct it" in ran.out
    assert "add elig:unit with its UCUM code" in ran.out
    assert "warning: elig:dose of <https://example.org/patient/odd-unit/mmf>" in ran.out
    assert "Traceback" not in ran.err


def test_validate_writes_the_w3c_report(ill_formed: Path) -> None:
    ran = eligo("validate", ill_formed / "negative.ttl", "--format", "turtle")
    assert ran.code == 1
    assert "sh:ValidationReport" in ran.out
    assert "sh:conforms false" in ran.out
    assert ran.out == eligo("validate", ill_formed / "negative.ttl", "-f", "turtle").out


def test_a_well_formed_record_is_fine() -> None:
    ran = eligo("validate", example("elena"))
    assert ran.code == 0
    assert "nothing to mend" in ran.out


def test_ill_formed_records_are_never_eligible(ill_formed: Path) -> None:
    ran = eligo("screen", *(ill_formed / f"{n}.ttl" for n in ("two-births", "no-unit", "odd-unit")))
    assert ran.code == 1
    assert "0 eligible" in ran.out
    assert "2 with data problems" in ran.out
    assert "Data problems (a record with any is never called eligible)" in ran.out
    assert "conflicting birth dates" in ran.out
    assert "The unit is not in the units ontology" in ran.out


def test_an_unmapped_code_is_counted_and_leaves_the_criterion_open(tmp_path: Path) -> None:
    path = altered(tmp_path, "unmapped", '"68149"', '"99999999"')
    ran = eligo("screen", path)
    assert ran.code == 0
    assert "1 code on 1 fact mapped to no concept" in ran.out
    assert "RxNorm 99999999 (1)" in ran.out
    assert "I3  Refractory lupus: unknown" in ran.out


def test_a_patient_without_any_fact_is_undetermined() -> None:
    ran = eligo("screen", "-", "--screening-date", "2026-03-02", stdin=NOBODY.encode())
    assert ran.code == 0
    assert "UNDETERMINED  <https://example.org/nobody>" in ran.out
    assert "ask for: The date of birth" in ran.out
