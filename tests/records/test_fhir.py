"""FHIR documents and, beside each, the whole graph and report that reading it must give."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import OWL

from eligo.errors import InputError, ModelError
from eligo.records.fhir import READERS, FhirMaps, read_fhir
from eligo.records.fhir.terms import DECIMAL, HAS_CONDITION, IMPORTER
from records.fhir_kit import (
    CASES,
    ONTOLOGY,
    canonical,
    expected_graph,
    importer_graph,
    maps,
    read,
    report,
)

DOCUMENTS = sorted(path for path in CASES.glob("*.json") if not path.stem.endswith(".report"))
ODD: list[object] = [None, 1, 1.5, True, "x", "\ud800", "1E+999999999", [], {}, [1], [{}], {"x": 1}]
PATIENT = {"resourceType": "Patient", "id": "p"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    result = read_fhir(path.read_bytes(), source=path.name, maps=maps())
    assert canonical(result.triples) == expected_graph(path.with_suffix(".ttl"))
    assert report(result) == json.loads(path.with_suffix(".report.json").read_text("utf-8"))


def test_every_case_has_its_expectation_and_every_reader_a_case() -> None:
    stems = {path.stem for path in DOCUMENTS}
    assert {path.stem for path in CASES.glob("*.ttl")} == stems
    seen = {key for path in DOCUMENTS for key in read(json.loads(path.read_text("utf-8"))).read}
    assert seen == {"Patient", *READERS}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_order_and_repetition_change_nothing(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    straight = read(document)
    document["entry"] = [*reversed(document["entry"]), *document["entry"]]
    mixed = read(document)
    assert set(mixed.triples) == set(straight.triples)
    assert mixed.read == straight.read
    assert {item.reason for item in straight.rejected} - {
        item.reason for item in mixed.rejected
    } <= {item.reason for item in straight.rejected if ": entry " in item.reason}


def test_blank_nodes_are_the_same_each_time() -> None:
    path = CASES / "conditions.json"
    first, second = (read(json.loads(path.read_text("utf-8"))) for _ in range(2))
    assert first.triples == second.triples


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b"", "f.json:1:1", "the file is empty"),
        (b'{"resourceType": "Patient",\n  "id": }', "f.json:2:9", "not JSON"),
        (b"<Patient xmlns='http://hl7.org/fhir'/>", "f.json:1:1", "convert it to FHIR JSON"),
        (b'{"resourceType":"Patient",\n"id":"p"}\n{"a":1}', "f.json:3:1", "or one a line"),
        (b'{"resourceType":"Patient"}\n{"resourceType"}', "f.json:2:16", "not JSON"),
        (b'{"resourceType":"Patient",\n"id":"\xff"}', "f.json:2:7", "save the file as UTF-8"),
        (b'{"resourceType":"Patient","id":"1","id":"2"}', "f.json", "'id' twice"),
        (
            b'{"resourceType":"Observation","valueInteger":NaN}',
            "f.json",
            "NaN is not a JSON number",
        ),
        (b'{"resourceType":"Observation","valueInteger":-Infinity}', "f.json", "-Infinity"),
        (b"[" * 100_000, "f.json", "nested too deeply"),
        (b"[]", "f.json", "not a FHIR resource"),
        (b"null", "f.json", "not a FHIR resource"),
        (b'{"id": "p"}', "f.json", "not a FHIR resource"),
        (b'{"resourceType": 5}', "f.json", "not a FHIR resource"),
        (b'{"resourceType":"Bundle","type":"history"}', "f.json", "'history' is not read"),
        (b'{"resourceType":"Bundle"}', "f.json", "None is not read"),
        (b'{"resourceType":"Bundle","type":"batch","entry":{}}', "f.json", "entry is not an array"),
    ],
)
def test_unreadable_document(data: bytes, place: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_fhir(data, source="f.json", maps=maps())
    assert str(caught.value).startswith(f"{place}: ")
    assert words in str(caught.value)


def test_byte_order_mark_is_skipped() -> None:
    data = b"\xef\xbb\xbf" + json.dumps(PATIENT).encode()
    assert read_fhir(data, source="f.json", maps=maps()).read == {"Patient": 1}


@pytest.mark.parametrize(
    ("subject", "outcome"),
    [
        ("Patient/p", "read"),
        ("Patient/p/_history/3", "read"),
        ("Group/p", "ignored"),
        ("#p", "ignored"),
        ("https://server.example/fhir/Patient/p", "rejected"),
    ],
)
def test_single_resource_names_its_patient(subject: str, outcome: str) -> None:
    result = read({"resourceType": "Condition", "id": "c", "subject": {"reference": subject}})
    counts = {name: len(getattr(result, name)) for name in ("read", "ignored", "rejected")}
    assert counts == {"read": 0, "ignored": 0, "rejected": 0, outcome: 1}
    subjects = {triple.subject for triple in result.triples if triple.predicate == HAS_CONDITION}
    assert subjects == ({NamedNode("urn:eligo:fhir:Patient:p")} if outcome == "read" else set())


def test_number_keeps_the_digits_of_the_source() -> None:
    written = '{"resourceType":"Observation","id":"o","status":"final",'
    written += (
        '"subject":{"reference":"Patient/p"},"valueQuantity":{"value":0.10000000000000000001}}'
    )
    result = read_fhir(written.encode(), source="f.json", maps=maps())
    assert Literal("0.10000000000000000001", datatype=DECIMAL) in {t.object for t in result.triples}


def test_number_beyond_reach_is_left_out() -> None:
    written = '{"resourceType":"Observation","id":"o","status":"final",'
    written += '"subject":{"reference":"Patient/p"},"valueQuantity":{"value":1E+999999999}}'
    result = read_fhir(written.encode(), source="f.json", maps=maps())
    assert [item.element for item in result.left_out] == ["valueQuantity"]


def test_odd_values_anywhere_never_break_the_reader() -> None:
    """Whatever stands in place of an element, the Bundle is read and the fault reported."""
    for path in DOCUMENTS:
        for entry in json.loads(path.read_text("utf-8"))["entry"]:
            for place in list(places(entry)):
                for odd in ODD:
                    changed = copy.deepcopy(entry)
                    put(changed, place, odd)
                    document = {"resourceType": "Bundle", "type": "collection"}
                    read({**document, "entry": [{"resource": PATIENT}, changed]})


def places(node: Any) -> Iterator[tuple[str | int, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        yield (key,)
        if isinstance(value, dict | list):
            yield from ((key, *rest) for rest in places(value))


def put(node: Any, place: tuple[str | int, ...], value: object) -> None:
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = value


def test_closed_namespace_is_what_the_importer_declares() -> None:
    namespace = str(IMPORTER._NS)
    graph = importer_graph()
    declared = {
        str(subject).removeprefix(namespace)
        for kind in (OWL.Class, OWL.AnnotationProperty)
        for subject in graph.subjects(RDF.type, kind)
        if str(subject).startswith(namespace)
    }
    named = {"FhirR4"}
    assert set(IMPORTER.__annotations__) - {"_NS", "_fail"} == declared | named


def test_every_value_of_the_maps_is_a_declared_individual() -> None:
    library = Graph()
    for path in (*ONTOLOGY.glob("*.ttl"), *ONTOLOGY.glob("concepts/*.ttl")):
        library.parse(path, format="turtle")
    individuals = set(library.subjects(RDF.type, OWL.NamedIndividual))
    values = {v.value for table in maps().values.values() for v in table.values() if v is not None}
    assert {value for value in values if URIRef(value) not in individuals} == set()


def test_maps_without_importer_are_an_error() -> None:
    with pytest.raises(ModelError, match="one is needed"):
        FhirMaps.load(Graph())


def test_code_mapped_twice_is_an_error() -> None:
    twice = """
        @prefix elig: <https://w3id.org/eligo/ns/> .
        @prefix importer: <https://w3id.org/eligo/importer/> .
        importer:ReactionSeverity importer:hasEntry
            [ elig:notation "mild" ; importer:toValue elig:Severe ] .
    """
    graph = Graph() + importer_graph()
    graph.parse(data=twice, format="turtle")
    with pytest.raises(ModelError, match="mapped twice"):
        FhirMaps.load(graph)
