"""Patients over several files, shared nodes, appended files: the store says what memory says."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from case_loader import EXAMPLES
from store.store_kit import contents, difference, imported, in_memory, ontology, stored, tables_of

PREFIXES = """\
@prefix : <https://example.org/x/> .
@prefix concept: <https://w3id.org/eligo/concept/> .
@prefix elig: <https://w3id.org/eligo/ns/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix system: <https://w3id.org/eligo/system/> .
"""
SPREAD = {
    "patient and facts apart": (
        ":p a elig:Patient ; elig:hasCondition :c .",
        ":c a elig:Condition ; elig:code :k .",
        ':k a elig:Coding ; elig:inSystem system:RxNorm ; elig:notation "1" .',
    ),
    "one coding for all": (
        ":p elig:hasCondition :c . :c elig:code :k . :q elig:hasCondition :d . :d elig:code :k .",
        ':k elig:inSystem system:RxNorm ; elig:notation "1" ; rdfs:label "one" .',
        ":r elig:hasCondition :e . :e elig:code :k .",
    ),
    "one coding, told beside one patient": (
        ':p elig:hasCondition :c . :c elig:code :k . :k elig:notation "1" .',
        ":q elig:hasCondition :d . :d elig:code :k .",
    ),
    "a concept that is told something of": (
        ":p elig:hasCondition :c . :c elig:code concept:Mycophenolate .",
        'concept:Mycophenolate rdfs:label "told" .',
    ),
    "one fact in two files": (
        ":p elig:hasCondition :c . :c elig:code concept:LupusNephritis .",
        ":c elig:severity elig:Mild .",
    ),
    "a fact of two patients": (
        ":p elig:hasCondition :c . :c a elig:Condition ; elig:code concept:LupusNephritis .",
        ":q elig:hasCondition :c .",
    ),
    "the same name for facts of two patients": (
        ":p elig:hasCondition :c . :c elig:code concept:LupusNephritis .",
        ":q elig:hasCondition :c . :c elig:code concept:HeartFailure .",
    ),
    "facts that refer to each other": (
        ":p elig:hasMedicationUse :m , :n . :m elig:basedOn :n .",
        ':n elig:dose :d . :d elig:value 1.50 ; elig:unit "mg" .',
    ),
    "a patient without a type": (':p elig:birthDate "1990" .', ":p elig:hasFinding :f ."),
    "deep": (
        ":p elig:hasObservation :o .",
        ":o elig:quantity :q .",
        ':q elig:value 1.0 ; elig:unit "mg" ; :more :z .',
        ':z rdfs:label "deep" .',
    ),
    "blank nodes": (
        ':p elig:hasObservation [ elig:quantity [ elig:value 1.0 ; elig:unit "m\\"g\\n" ] ] .',
        ':p elig:hasObservation [ elig:quantity [ elig:value 2.0 ; elig:unit "mg"@en ] ] .',
    ),
}


@pytest.fixture(params=SPREAD.values(), ids=list(SPREAD))
def files(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    """One file for each piece of text."""
    found = []
    for number, text in enumerate(request.param):
        path = tmp_path / f"{number}.ttl"
        path.write_text(PREFIXES + text, encoding="utf-8")
        found.append(path)
    return found


def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file be a segment of its own."""
    monkeypatch.setattr("eligo.store.sources.MOST_FILES", 1)


def test_at_once(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apart(monkeypatch)
    imported(tmp_path / "store", *files)
    assert difference(stored(tmp_path / "store"), in_memory(*files)) == {}


def test_one_after_the_other(files: list[Path], tmp_path: Path) -> None:
    for file in files:
        imported(tmp_path / "store", file)
    assert difference(stored(tmp_path / "store"), in_memory(*files)) == {}


@pytest.mark.slow
def test_in_the_other_order(files: list[Path], tmp_path: Path) -> None:
    for file in reversed(files):
        imported(tmp_path / "store", file)
    assert difference(stored(tmp_path / "store"), in_memory(*files)) == {}


@pytest.mark.parametrize("size", [5_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_pieces_of_one_file(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a file is cut, the store holds the same, blank nodes included."""
    file = tmp_path / "all.nt"
    quads = [
        q for name in ("anna", "bella", "carlos") for q in parse(path=EXAMPLES / f"{name}.ttl")
    ]
    file.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    monkeypatch.setattr("eligo.store.sources.PIECE", size)
    monkeypatch.setattr("eligo.store.layering.LEAST_PATIENTS", 2)
    imported(tmp_path / "store", file)
    assert difference(stored(tmp_path / "store"), in_memory(file)) == {}


def test_every_format_and_packing_gives_the_same(tmp_path: Path) -> None:
    anna = EXAMPLES / "anna.ttl"
    expected = in_memory(anna)
    quads = list(parse(path=anna))
    for ending, format_ in {
        "nt": RdfFormat.N_TRIPLES,
        "nq": RdfFormat.N_QUADS,
        "trig": RdfFormat.TRIG,
        "rdf": RdfFormat.RDF_XML,
        "jsonld": RdfFormat.JSON_LD,
    }.items():
        file = tmp_path / f"anna.{ending}.gz"
        file.write_bytes(gzip.compress(serialize(quads, format=format_) or b""))
        store = tmp_path / ending
        imported(store, file)
        assert difference(stored(store), expected) == {}, ending


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"
    imported(store, EXAMPLES)
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*") if path.is_file()}
    copy = tmp_path / "copy.ttl"
    copy.write_bytes((EXAMPLES / "anna.ttl").read_bytes())
    again = imported(store, EXAMPLES, copy)
    assert (again.read, len(again.known)) == (0, 8)
    assert {p: p.stat().st_mtime_ns for p in store.rglob("*") if p.is_file()} == before


def test_appended_patients_move_as_a_whole(tmp_path: Path) -> None:
    """What one import after the other gives is what all at once give."""
    files = sorted(EXAMPLES.glob("*.ttl"))[:4]
    more = tmp_path / "more.ttl"
    more.write_text(
        "<https://example.org/patient/anna/patient> <https://w3id.org/eligo/ns/hasFinding> "
        "<https://example.org/patient/anna/new> .",
        encoding="utf-8",
    )
    for file in (files[0], more, *files[1:]):
        imported(tmp_path / "one", file)
    imported(tmp_path / "all", more, *files)
    assert contents(tmp_path / "one") == contents(tmp_path / "all")
    assert difference(stored(tmp_path / "one"), in_memory(more, *files)) == {}


def test_keys_follow_the_names(tmp_path: Path) -> None:
    imported(tmp_path / "store", EXAMPLES)
    patients = tables_of(tmp_path / "store", "patient", ("patient_key", "patient"))
    assert patients == sorted(patients, key=lambda row: str(row[1]))
    facts = tables_of(tmp_path / "store", "fact", ("DISTINCT patient_key", "fact_key", "fact"))
    assert [f[1] for f in facts] == sorted(str(f[1]) for f in facts)
    assert all(str(key) > str(own) and len(str(key)) == 12 for own, key, _ in facts)
    by_patient: dict[object, list[str]] = {}
    for own, _, fact in facts:
        by_patient.setdefault(own, []).append(str(fact))
    assert all(names == sorted(names) for names in by_patient.values())


def test_extracted_statements_are_those_that_were_read(tmp_path: Path) -> None:
    from eligo.store import Store

    imported(tmp_path / "store", EXAMPLES)
    store = Store.open(tmp_path / "store")
    iris = [f"https://example.org/patient/{p.stem}/patient" for p in EXAMPLES.glob("*.ttl")]
    keys = store.find(iris, ontology())
    file = tmp_path / "out.nt"
    file.write_bytes(store.statements(keys.values(), ontology()))
    assert difference(in_memory(file), in_memory(EXAMPLES)) == {}
