"""What of many trials cannot be read is named with its mend, and the rest goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.command import Ran, eligo
from match.match_kit import PEOPLE, write_trials

DATE = ("--screening-date", "2026-03-02")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of trials, some of which nobody can read."""
    folder = tmp_path_factory.mktemp("trials")
    write_trials(folder)
    child = (folder / "NCT90000002.ttl").read_text(encoding="utf-8")
    (folder / "NCT00000001.ttl").unlink()
    changed = {
        "again.ttl": child,
        "differs.ttl": child.replace("17 Years", "12 Years"),
        "cut.ttl": child[:3000],
        "empty.ttl": "",
        "cyclic.ttl": _cyclic(child.replace("NCT90000002", "NCT90000012")),
        "unordered.ttl": child.replace("NCT90000002", "NCT90000013").replace(
            "elig:ordinal 1 ;", 'elig:ordinal "first" ;'
        ),
        "undefined.ttl": child.replace("NCT90000002", "NCT90000014").replace(
            "elig:notFormalised", "rdfs:comment"
        ),
        "outside.ttl": child.replace("NCT90000002", "NCT90000015").replace(
            "xsd:minInclusive", "xsd:pattern"
        ),
    }
    for name, text in changed.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _cyclic(text: str) -> str:
    """Let the first criterion need itself."""
    head, _, rest = text.partition("nct:I1 a ")
    body, _, tail = rest.partition('elig:notFormalised "')
    _, _, after = tail.partition("@en .")
    return f"{head}nct:I1 a {body}owl:equivalentClass [ owl:complementOf nct:I1 ] .{after}"


@pytest.fixture(scope="module")
def ran(folder: Path) -> Ran:
    arguments = ("--trials", str(folder), "--trials", "NCT12345678", "--format", "json")
    return eligo("match", PEOPLE, *arguments, *DATE)


def test_each_broken_trial_is_named(ran: Ran, folder: Path) -> None:
    assert ran.code == 3
    for name, message in {
        "cut.ttl:": "not valid Turtle",
        "empty.ttl:": "exactly one elig:ClinicalTrial is needed",
        "differs.ttl:": "NCT90000002 was read before from",
        "cyclic.ttl:": "cyclic definition",
        "unordered.ttl:": "needs a whole number as elig:ordinal",
        "undefined.ttl:": "has no definition",
        "outside.ttl:": "pattern",
    }.items():
        (line,) = (line for line in ran.err.splitlines() if f"{folder / name}" in line)
        assert line.startswith("error: ")
        assert message in line
    assert "error: unknown trial 'NCT12345678'" in ran.err
    assert f"{folder / 'again.ttl'}" in ran.err


def test_the_others_are_matched(ran: Ran) -> None:
    told = json.loads(ran.out)
    assert told["trials"] == 5
    assert len(told["unreadable"]) == 8
    assert [len(patient["trials"]) for patient in told["patients"]] == [5, 5, 5, 5]


def test_data_problems_are_told(ran: Ran) -> None:
    patients = json.loads(ran.out)["patients"]
    assert {p["name"]: len(p["problems"]) for p in patients} == {
        "Ada": 0,
        "Ben": 0,
        "Cleo": 2,
        None: 0,
    }


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--trials", "nowhere"), 3, "no trial was read: nothing was matched"),
        (("--store", "elsewhere"), 2, "give patients or --store, not both"),
        (("--out", "pairs.csv"), 2, "--out takes the pairs of a record store"),
    ],
)
def test_wrong_options_are_told(arguments: tuple[str, ...], code: int, message: str) -> None:
    ran = eligo("match", PEOPLE, *arguments)
    assert ran.code == code
    assert message in ran.err
