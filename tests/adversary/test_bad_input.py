"""Broken files on the command line are named, and nobody is eligible because of them."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import Graph

from adversary.facts import EXCLUDING
from adversary.test_mutants import record
from eligo.cli.main import main

ELIGIBLE = "\nELIGIBLE"
OPEN = pytest.mark.xfail(strict=True, reason="found by this test; to be mended")
CANCER = """:cancer a elig:Condition ; elig:code concept:BreastCancer ;
    elig:clinicalStatus elig:Active ."""


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture
def eligo(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run the command line for the first trial."""
    monkeypatch.setenv("ELIGO_TRIAL", "NCT06150651")

    def run(*arguments: str | Path) -> Ran:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Ran(code, *capfd.readouterr())

    return run


def good() -> Graph:
    return record("base").graph()


def turtle() -> str:
    return good().serialize(format="turtle")


def noise(size: int) -> bytes:
    return random.Random(5).randbytes(size)


UNREADABLE: dict[str, Callable[[], bytes]] = {
    "cut.ttl": lambda: turtle()[:1500].encode(),
    "empty.ttl": lambda: b"",
    "nul.ttl": lambda: b"\0" * 99,
    "utf-16.ttl": lambda: turtle().encode("utf-16"),
    "latin-1.ttl": lambda: (turtle() + "# caf\u00e9\n<x:caf\u00e9> a <x:y> .").encode("latin-1"),
    "noise.ttl": lambda: noise(5_000_000),
    "noise.json": lambda: noise(100_000),
    "list.json": lambda: b"[1, 2]",
    "other.json": lambda: b'{"hello": "world"}',
    "cut.json": lambda: b'{"resourceType": "Bundle",',
    "deep.json": lambda: b"[" * 100_000 + b"]" * 100_000,
    "remote.jsonld": lambda: b'{"@context": "http://example.org/c.jsonld", "@id": "http://x"}',
    "cut.rdf": lambda: b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:De",
    "cut.nt": lambda: good().serialize(format="nt")[:-9].encode(),
    "cut.ttl.gz": lambda: gzip.compress(turtle().encode())[:900],
    "circle.ttl": lambda: b"_:a <http://x/p> _:b . _:b <http://x/p> _:a .",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_file_is_named_and_nobody_is_eligible(
    name: str, eligo: Command, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(UNREADABLE[name]())
    ran = eligo("screen", tmp_path / name)
    assert ran.code == 3
    assert name in ran.err
    assert ELIGIBLE not in ran.out
    assert "Traceback" not in ran.err


def test_other_files_are_read_and_the_exit_code_tells(eligo: Command, tmp_path: Path) -> None:
    for name in ("cut.ttl", "other.json", "noise.ttl"):
        (tmp_path / name).write_bytes(UNREADABLE[name]())
    (tmp_path / "good.ttl").write_text(turtle(), encoding="utf-8")
    ran = eligo("screen", tmp_path)
    assert ran.code == 3
    assert ELIGIBLE in ran.out
    assert all(name in ran.err for name in ("cut.ttl", "other.json", "noise.ttl"))


def test_the_same_file_twice_is_one_record(eligo: Command, tmp_path: Path) -> None:
    for name in ("one.ttl", "two.ttl"):
        (tmp_path / name).write_text(turtle(), encoding="utf-8")
    ran = eligo("screen", tmp_path / "one.ttl", tmp_path / "one.ttl", tmp_path / "two.ttl")
    assert ran.code == 0
    assert ELIGIBLE in ran.out


UNTRUSTED: dict[str, Callable[[], str]] = {
    "a fact that belongs to nobody": lambda: record("base", CANCER).turtle(),
    "a fact of two patients": lambda: record(
        "base",
        ":other a elig:Patient ; elig:hasObservation :creatinine .",
    ).turtle(),
    "two birth dates": lambda: record(
        "base", ':patient elig:birthDate "2010-01-01"^^xsd:date .'
    ).turtle(),
    "a relation to a text": lambda: record(
        "base", ':patient elig:hasCondition "breast cancer" .'
    ).turtle(),
    "a day that does not exist": lambda: turtle().replace("2026-02-26", "2026-02-30"),
    "a negative dose": lambda: turtle().replace("elig:value 1000.0", "elig:value -1000.0"),
    "a patient without the class": lambda: turtle().replace("a elig:Patient ;", ""),
    "a misspelt relation": lambda: record(
        "base", f":patient elig:hasConditon :cancer . {CANCER}"
    ).turtle(),
    "an undated positive result": lambda: record(
        "base",
        """:patient elig:hasObservation :x . :x a elig:Observation ;
            elig:code concept:HbvDna ; elig:result concept:Positive .""",
    ).turtle(),
    "a coding without a system": lambda: record(
        "base",
        """:patient elig:hasObservation :x . :x a elig:Observation ;
            elig:code [ a elig:Coding ; elig:notation "98979-8" ] ;
            elig:date "2026-02-27"^^xsd:date ;
            elig:quantity [ elig:value 20.0 ; elig:unit "mL/min/{1.73_m2}" ] .""",
    ).turtle(),
}
"""Records with something in them that cannot be right."""


USUAL = 16
"""Every so many is screened in each run; the others take part in the long one."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if number % USUAL == 0 else pytest.mark.slow)
        for number, name in enumerate(UNTRUSTED)
    ],
)
def test_untrusted_record_is_never_eligible(name: str, eligo: Command, tmp_path: Path) -> None:
    path = tmp_path / "patient.ttl"
    path.write_text(UNTRUSTED[name](), encoding="utf-8")
    ran = eligo("screen", path)
    assert ELIGIBLE not in ran.out
    assert ran.code == 1
    assert eligo("validate", path).code == 1


def test_cut_rdf_xml_is_not_read_as_whole(eligo: Command, tmp_path: Path) -> None:
    case = record("base", EXCLUDING["breast-cancer"])
    graph = case.graph()
    fact = case.namespace["x"]
    last = Graph()
    for triple in [t for t in graph if fact in (t[0], t[2])]:
        graph.remove(triple)
        last.add(triple)
    whole = graph.serialize(format="xml").replace("</rdf:RDF>", "")
    path = tmp_path / "patient.rdf"
    path.write_text(whole, encoding="utf-8")
    ran = eligo("screen", path)
    assert ELIGIBLE not in ran.out
    assert ran.code == 3


def test_nested_entities_are_refused(eligo: Command, tmp_path: Path) -> None:
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(9)
    )
    path = tmp_path / "entities.rdf"
    path.write_text(
        f"<!DOCTYPE a [{entities}]>"
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description rdf:about='http://x'><rdf:value>&e8;</rdf:value></rdf:Description>"
        "</rdf:RDF>",
        encoding="utf-8",
    )
    ran = eligo("screen", path)
    assert ran.code == 3
    assert "entities.rdf" in ran.err


def test_one_huge_literal_does_not_stop_the_run(eligo: Command, tmp_path: Path) -> None:
    (tmp_path / "huge.nt").write_text(f'<http://a> <http://b> "{"x" * 17_000_000}" .\n')
    (tmp_path / "good.ttl").write_text(turtle(), encoding="utf-8")
    ran = eligo("screen", tmp_path)
    assert ran.code == 3
    assert "huge.nt" in ran.err
    assert ELIGIBLE in ran.out


def test_link_to_no_file_is_reported(eligo: Command, tmp_path: Path) -> None:
    (tmp_path / "rest.ttl").symlink_to(tmp_path / "nowhere.ttl")
    (tmp_path / "good.ttl").write_text(turtle(), encoding="utf-8")
    ran = eligo("screen", tmp_path)
    assert ran.code == 3
    assert "rest.ttl" in ran.err


def test_fhir_patient_without_identity_is_reported(eligo: Command, tmp_path: Path) -> None:
    (tmp_path / "patient.json").write_text('{"resourceType": "Patient"}')
    ran = eligo("screen", tmp_path)
    assert ran.code == 3
    assert "patient.json" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--trial", "NCT1"),
        ("--policy", "none"),
        ("--screening-date", "2026-02-30"),
        ("--patient", "http://x"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_wrong_options_are_refused(
    arguments: tuple[str, str], eligo: Command, tmp_path: Path
) -> None:
    path = tmp_path / "good.ttl"
    path.write_text(turtle(), encoding="utf-8")
    ran = eligo("screen", *arguments, path)
    assert ran.code == 2
    assert ELIGIBLE not in ran.out
