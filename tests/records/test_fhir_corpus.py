"""FHIR in several documents: one graph whatever the packing, and nothing lost without a word."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import zstandard

from eligo.records.fhir import FhirCorpus
from eligo.records.load import load_records
from eligo.records.records import Records
from records.fhir_kit import CASES, maps

DOCUMENTS = sorted(path for path in CASES.glob("*.json") if not path.stem.endswith(".report"))
PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1980-01-01"}
IRI = "urn:eligo:fhir:Patient:p"


def condition(identity: str, **others: Any) -> dict[str, Any]:
    subject = {"reference": "Patient/p"}
    return {"resourceType": "Condition", "id": identity, "subject": subject, **others}


def load(folder: Path, **files: Any) -> Records:
    """Write documents to a folder and read it; a list is written one resource a line."""
    for name, content in files.items():
        lines = content if isinstance(content, list) else [content]
        ending = "ndjson" if isinstance(content, list) else "json"
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        (folder / f"{name}.{ending}").write_text(text, encoding="utf-8")
    return load_records([str(folder)], maps())


def said(records: Records) -> set[str]:
    return {f"{quad.subject} {quad.predicate} {quad.object}" for quad in records.store}


def counts(records: Records, outcome: str) -> dict[str, int]:
    return {kind: n for (what, kind), n in records.counts.items() if what == outcome}


def whole(path: Path) -> list[dict[str, Any]]:
    """The resources of a case that have ids of their own and are no twins."""
    entries = json.loads(path.read_text("utf-8"))["entry"]
    found = [entry["resource"] for entry in entries if entry.get("resource", {}).get("id")]
    keys = Counter((resource.get("resourceType"), resource["id"]) for resource in found)
    return [r for r in found if keys[r.get("resourceType"), r["id"]] == 1 and "fullUrl" not in r]


@pytest.mark.parametrize(
    "path", [p for p in DOCUMENTS if p.stem != "references"], ids=lambda path: path.stem
)
def test_bundle_files_and_lines_say_the_same(path: Path, tmp_path: Path) -> None:
    """A Bundle, a folder of single resources and files of lines, in whatever order they come."""
    resources = whole(path)
    bundle, single, lines = tmp_path / "bundle", tmp_path / "single", tmp_path / "lines"
    for folder in (bundle, single, lines):
        folder.mkdir()
    entry = [{"resource": resource} for resource in resources]
    load(bundle, all={"resourceType": "Bundle", "type": "collection", "entry": entry})
    for number, resource in enumerate(reversed(resources)):
        (single / f"{number}.json").write_text(json.dumps(resource), encoding="utf-8")
    for resource in resources:
        with (lines / f"{resource['resourceType']}.ndjson").open("a", encoding="utf-8") as file:
            file.write(json.dumps(resource) + "\n")
    results = [load_records([str(folder)], maps()) for folder in (bundle, single, lines)]
    facts = [{line for line in said(r) if "/genid" not in line} for r in results]
    assert facts[0] == facts[1] == facts[2]
    assert facts[0]
    for outcome in ("read", "ignored", "rejected"):
        assert counts(results[0], outcome) == counts(results[1], outcome)
        assert counts(results[1], outcome) == counts(results[2], outcome)
    assert sum(results[0].counts.values()) == len(resources)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_packed_files_are_read(pack: Any, tmp_path: Path) -> None:
    ending = ".gz" if pack is gzip.compress else ".zst"
    data = pack((json.dumps(PATIENT) + "\n" + json.dumps(condition("c"))).encode())
    (tmp_path / f"all.ndjson{ending}").write_bytes(data)
    assert counts(load_records([str(tmp_path)], maps()), "read") == {"Patient": 1, "Condition": 1}
    (tmp_path / f"all.ndjson{ending}").write_bytes(data[:-9])
    cut = load_records([str(tmp_path)], maps())
    assert "damaged" in str(cut.failures[0])


def test_broken_line_is_named_and_doubts_everyone(tmp_path: Path) -> None:
    records = load(tmp_path, a=[PATIENT, '{"resourceType": "Condition",', condition("c")])
    assert counts(records, "read") == {"Patient": 1, "Condition": 1}
    assert str(records.failures[0]).startswith(f"{tmp_path / 'a.ndjson'}:2:")
    assert records.doubts_of(IRI)


def test_two_patients_with_one_id_are_both_doubted(tmp_path: Path) -> None:
    other = {**PATIENT, "birthDate": "1990-01-01"}
    records = load(tmp_path, a=[PATIENT, condition("c")], b=[other, condition("d")])
    assert counts(records, "rejected") == {"Patient": 1}
    assert "earlier document" in records.doubts_of(IRI)[0].text


def test_resource_repeated_in_another_document_counts_once(tmp_path: Path) -> None:
    again = {**PATIENT, "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}}
    records = load(tmp_path, a=PATIENT, b=again)
    assert counts(records, "read") == {"Patient": 1}
    assert counts(records, "ignored") == {"Patient": 1}
    assert not records.doubts_of(IRI)


def test_facts_of_a_patient_nobody_holds_are_doubted(tmp_path: Path) -> None:
    records = load(tmp_path, a=condition("c"))
    assert "which no document holds" in records.doubts_of(IRI)[0].text
    assert not records.doubts_of("urn:eligo:fhir:Patient:other")


def test_fact_of_nobody_may_be_anybodys(tmp_path: Path) -> None:
    stray = condition("c")
    del stray["subject"]
    records = load(tmp_path, a=PATIENT, b=stray)
    assert "has no subject" in records.doubts_of(IRI)[0].text


def test_fact_of_nobody_in_a_bundle_is_of_that_bundle(tmp_path: Path) -> None:
    stray = condition("c")
    del stray["subject"]
    entry = [{"resource": {**PATIENT, "id": "q"}}, {"resource": stray}]
    records = load(
        tmp_path, a=PATIENT, b={"resourceType": "Bundle", "type": "collection", "entry": entry}
    )
    assert not records.doubts_of(IRI)
    assert records.doubts_of("urn:eligo:fhir:Patient:q")


def test_rejected_fact_doubts_its_patient_alone(tmp_path: Path) -> None:
    odd = condition("c", verificationStatus={"coding": [{"system": "x", "code": "maybe"}]})
    records = load(tmp_path, a=PATIENT, b={**PATIENT, "id": "q"}, c=odd)
    assert records.doubts_of(IRI)
    assert not records.doubts_of("urn:eligo:fhir:Patient:q")


def test_pages_may_come_in_several_files(tmp_path: Path) -> None:
    def page(resource: dict[str, Any], own: str, after: str | None) -> dict[str, Any]:
        link = [{"relation": "self", "url": own}]
        link += [{"relation": "next", "url": after}] if after else []
        entry = [{"resource": resource}]
        return {"resourceType": "Bundle", "type": "searchset", "link": link, "entry": entry}

    records = load(tmp_path, a=page(PATIENT, "u:1", "u:2"))
    assert "next page u:2 was not given" in records.doubts_of(IRI)[0].text
    records = load(tmp_path, b=page(condition("c"), "u:2", None))
    assert not records.doubts_of(IRI)
    assert counts(records, "read") == {"Patient": 1, "Condition": 1}


def test_reference_by_identifier_and_by_address(tmp_path: Path) -> None:
    identifier = {"system": "urn:mrn", "value": "7"}
    by_address = {"reference": "https://server.example/fhir/Patient/p"}
    records = load(
        tmp_path,
        a=condition("c", subject={"identifier": identifier}),
        b=condition("d", subject=by_address),
        z={**PATIENT, "identifier": [identifier]},
    )
    assert counts(records, "read") == {"Patient": 1, "Condition": 2}
    assert not records.doubts_of(IRI)


def test_shared_identifier_names_nobody(tmp_path: Path) -> None:
    identifier = [{"system": "urn:mrn", "value": "7"}]
    records = load(
        tmp_path,
        a=condition("c", subject={"identifier": identifier[0]}),
        y={**PATIENT, "identifier": identifier},
        z={**PATIENT, "id": "q", "identifier": identifier, "gender": "male"},
    )
    assert counts(records, "rejected") == {"Condition": 1}


def test_damaged_bytes_leave_the_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_bytes(b'{"resourceType": "Condition", "id": "\xff"}')
    (tmp_path / "deep.json").write_text('{"resourceType":"Condition","x":' + "[" * 200_000)
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere.json")
    records = load(tmp_path, a=PATIENT)
    assert counts(records, "read") == {"Patient": 1}
    reasons = " ".join(str(failure) for failure in records.failures)
    for words in ("save the file as UTF-8", "nested too deeply", "cannot be read"):
        assert words in reasons


def test_turtle_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_bytes(b"\xef\xbb\xbf<urn:p> a <https://w3id.org/eligo/ns/Patient> .")
    assert not load_records([str(tmp_path)], maps()).failures


@pytest.mark.parametrize("kind", ["AdverseEvent", "MedicationUsage", "Conditon", "Parameters"])
def test_type_that_may_hold_what_matters_is_rejected(kind: str, tmp_path: Path) -> None:
    records = load(tmp_path, a=PATIENT, b={**condition("x"), "resourceType": kind})
    assert counts(records, "rejected") == {kind: 1}
    assert "may hold what matters" in records.doubts_of(IRI)[0].text


def test_type_that_holds_no_fact_is_passed_over(tmp_path: Path) -> None:
    records = load(tmp_path, a=PATIENT, b={**condition("x"), "resourceType": "Encounter"})
    assert counts(records, "ignored") == {"Encounter": 1}
    assert records.notes[0] == "FHIR resources read: Patient 1; ignored 1, rejected 0"
    assert not records.doubts_of(IRI)


@pytest.mark.parametrize("kind", ["replaced-by", "replaces", "refer", "seealso"])
def test_person_with_two_records_is_doubted(kind: str, tmp_path: Path) -> None:
    link = [{"other": {"reference": "Patient/q"}, "type": kind}]
    records = load(tmp_path, a={**PATIENT, "link": link}, b={**PATIENT, "id": "q"})
    assert "another record of the same person" in records.doubts_of(IRI)[0].text
    assert not records.doubts_of("urn:eligo:fhir:Patient:q")


def test_link_to_what_became_no_fact_is_dropped(tmp_path: Path) -> None:
    nothing = {"coding": [{"system": "http://snomed.info/sct", "code": "787481004"}]}
    order = {"resourceType": "MedicationRequest", "id": "o", "status": "active", "intent": "order"}
    statement = {"resourceType": "MedicationStatement", "id": "s", "status": "active"}
    records = load(
        tmp_path,
        a=PATIENT,
        b={**order, "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": nothing},
        c={
            **statement,
            "subject": {"reference": "Patient/p"},
            "medicationCodeableConcept": {"text": "x"},
            "basedOn": [{"reference": "MedicationRequest/o"}],
        },
    )
    assert not any("basedOn" in line for line in said(records))
    assert any("link to a record that was not read" in note for note in records.notes)


def test_corpus_can_be_read_again() -> None:
    corpus = FhirCorpus(maps())
    assert list(corpus.finish()) == []
    assert list(corpus.doubts()) == []
