"""Whom the store doubts, today's rules doubt, and nobody else; what is lost is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import URIRef
from rdflib.namespace import SH

from eligo.records.load import load_records
from eligo.records.records import Records
from eligo.services.check import general_checker
from eligo.services.holders import graphs_of, unheld_facts
from eligo.store import Store
from store.store_kit import imported, maps, ontology, tables_of
from store.test_joining import PREFIXES

FHIR_PATIENT = '{"resourceType": "Patient", "id": "a", "birthDate": "1990-01-01"}'
FILES: dict[str, dict[str, str]] = {
    "a fact of nobody": {
        "a.ttl": PREFIXES + ":p a elig:Patient . :c a elig:Condition .",
        "b.ttl": PREFIXES + ":q a elig:Patient .",
    },
    "a fact of two": {
        "a.ttl": PREFIXES + ":p elig:hasCondition :c . :c a elig:Condition .",
        "b.ttl": PREFIXES + ":q elig:hasCondition :c .",
        "c.ttl": PREFIXES + ":r elig:hasCondition :d . :d a elig:Condition .",
    },
    "many facts of nobody": {
        "a.ttl": PREFIXES
        + ":p a elig:Patient . "
        + " ".join(f":c{n} a elig:Condition ." for n in range(30)),
    },
    "a line that is no FHIR": {
        "a.ndjson": FHIR_PATIENT + "\n{oops\n",
        "b.ttl": PREFIXES + ":q a elig:Patient .",
    },
    "a bundle that is short of a resource": {
        "a.json": '{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": '
        + FHIR_PATIENT
        + '}, {"resource": {"resourceType": "Condition", "id": "c"}}]}',
        "b.ttl": PREFIXES + ":q a elig:Patient .",
    },
    "a patient whom no document holds": {
        "a.ndjson": FHIR_PATIENT + '\n{"resourceType": "Condition", "id": "c", "subject": '
        '{"reference": "Patient/z"}, "code": {"text": "x"}}\n',
    },
    "nothing wrong": {"a.ttl": PREFIXES + ":p a elig:Patient ; elig:hasFinding :f ."},
}


def doubted_today(records: Records) -> set[str]:
    """Return the patients whom today's rules doubt for what is not in their shapes."""
    query = "SELECT DISTINCT ?p { GRAPH ?g { ?p a <https://w3id.org/eligo/ns/Patient> } } "
    found: set[str] = set()
    unheld = unheld_facts(records, ontology())
    typed = {row["p"].value for row in records.store.query(query)}  # type: ignore[union-attr]
    held = {
        q.subject.value
        for q in records.store
        if q.predicate.value.startswith("https://w3id.org/eligo/ns/has")
    }
    for patient in typed | held:
        if records.doubts_of(patient) or any(
            unheld.get(graph) for graph in graphs_of(records, URIRef(patient))
        ):
            found.add(ontology().short(patient))
    return found


def doubts(store: Path) -> list[tuple[object, object]]:
    """Return patients and messages of all problems, save what the record shapes find."""
    shapes = {str(text) for text in general_checker().shapes.objects(None, SH.message)}
    found = tables_of(store, "problem", ("patient_key", "message"))
    return [(key, message) for key, message in found if message not in shapes]


def doubted(store: Path) -> set[object]:
    """Return the patients whom a store doubts."""
    keys = {key for key, _ in doubts(store)}
    return {p for key, p in tables_of(store, "patient", ("patient_key", "patient")) if key in keys}


@pytest.mark.parametrize("files", FILES.values(), ids=list(FILES))
def test_the_same_patients_are_doubted(files: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    expected = doubted_today(load_records([str(folder)], maps()))
    imported(tmp_path / "store", folder)
    assert doubted(tmp_path / "store") == expected
    rdf = sorted(folder.glob("*.ttl"))
    if len(rdf) == len(files):
        for file in rdf:
            imported(tmp_path / "one", file)
        assert doubted(tmp_path / "one") == expected


def test_a_doubt_about_all_reaches_those_who_come_later_and_came_before(tmp_path: Path) -> None:
    for name, text in (
        ("a.ttl", PREFIXES + ":p a elig:Patient ."),
        ("b.ndjson", FHIR_PATIENT + "\n{oops\n"),
        ("c.ttl", PREFIXES + ":r a elig:Patient ."),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        imported(tmp_path / "store", tmp_path / name)
    assert len(doubted(tmp_path / "store")) == 3


def test_a_link_that_comes_later_mends(tmp_path: Path) -> None:
    first, second = tmp_path / "a.ttl", tmp_path / "b.ttl"
    first.write_text(PREFIXES + ":p a elig:Patient . :c a elig:Condition .", encoding="utf-8")
    second.write_text(PREFIXES + ":p elig:hasCondition :c .", encoding="utf-8")
    store = tmp_path / "store"
    imported(store, first)
    assert doubted(store) == {"https://example.org/x/p"}
    (lost,) = Store.open(store).manifest.rejected
    assert (lost.statements, lost.examples) == (1, ("https://example.org/x/c",))
    imported(store, second)
    assert doubted(store) == set()
    manifest = Store.open(store).manifest
    assert manifest.rejected == ()
    assert [(s.statements, s.kept, s.rejected) for s in manifest.sources] == [(2, 2, 0), (1, 1, 0)]


def test_many_doubts_of_one_kind_are_capped_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(FILES["many facts of nobody"]["a.ttl"], encoding="utf-8")
    imported(tmp_path / "store", file)
    told = [message for _, message in doubts(tmp_path / "store")]
    assert len(told) == 11
    assert "20 more of this kind; mend the source and import it again" in told


def test_codes_that_no_concept_lists_are_counted(tmp_path: Path) -> None:
    code = '[ elig:inSystem system:{} ; elig:notation "{}" ; rdfs:label "w" ]'
    listed = code.format("ICD10CM", "M32.14")
    strange = code.format("SNOMEDCT", "999")
    file = tmp_path / "a.ttl"
    file.write_text(
        PREFIXES
        + f":p elig:hasCondition :c , :d , :e . :c elig:code {listed} . "
        + f":d elig:code {strange} . :e elig:code {strange} .",
        encoding="utf-8",
    )
    imported(tmp_path / "store", file)
    (found,) = Store.open(tmp_path / "store").manifest.unmapped
    assert (found.system, found.notation, found.display, found.facts) == (
        "system:SNOMEDCT",
        "999",
        "w",
        2,
    )
