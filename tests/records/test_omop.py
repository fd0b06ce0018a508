"""OMOP tables and, beside them, the whole graph and remarks that reading them must give."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph
from rdflib.namespace import OWL

from eligo.errors import ModelError
from eligo.records.omop import databases_in
from eligo.records.omop.maps import OmopMaps
from eligo.records.omop.reader import EVENTS, HEADER, SCRIPTS
from eligo.records.omop.terms import CDM
from eligo.resources import importer_statements
from eligo.services.check import read_records
from eligo.vocabulary.ontology import PREFIXES
from records.omop_kit import (
    CASES,
    CLINIC,
    Reading,
    as_database,
    as_parquet,
    expected,
    read,
    rows_of,
    shuffled,
    text_of,
)

ONTOLOGY = Path(__file__).parents[2] / "ontology"
WORDS = re.compile(r"rows? [\d, ]+(?: and \d+ more)?(?=\)$)")
STATED = re.compile(r'AS\s+"([^"]+)"')


@pytest.fixture(scope="module")
def graph() -> frozenset[ox.Triple]:
    return expected(CASES / "clinic.ttl")


@pytest.fixture(scope="module")
def clinic() -> Reading:
    return read(CLINIC)


def test_case(graph: frozenset[ox.Triple], clinic: Reading) -> None:
    assert clinic.triples == graph
    assert clinic.notes == (CASES / "clinic.notes.txt").read_text("utf-8").splitlines()


def test_every_row_is_counted(clinic: Reading) -> None:
    files = {path.stem.lower(): len(rows_of(path)) - 1 for path in CLINIC.glob("*.csv")}
    counted = {tally.table: tally.rows for tally in clinic.result.tallies}
    vocabulary = {"cdm_source", "concept", "concept_ancestor", "drug_strength"}
    assert counted == {table: n for table, n in files.items() if table not in vocabulary}


def test_order_of_rows_and_columns_changes_nothing(
    tmp_path: Path, graph: frozenset[ox.Triple]
) -> None:
    shuffled(tmp_path, 1)
    reading = read(tmp_path)
    assert reading.triples == graph
    words = (CASES / "clinic.notes.txt").read_text("utf-8").splitlines()
    assert sorted(WORDS.sub("rows", n) for n in reading.notes) == sorted(
        WORDS.sub("rows", n) for n in words
    )


@pytest.mark.parametrize("form", ["parquet", "duckdb", "tabs", "packed"])
def test_format_changes_nothing(form: str, tmp_path: Path, graph: frozenset[ox.Triple]) -> None:
    location = tmp_path
    if form == "parquet":
        as_parquet(tmp_path)
    elif form == "duckdb":
        location = tmp_path / "cdm.duckdb"
        as_database(location, schema="omop")
    else:
        write_as(form, tmp_path)
    assert read(location).triples == graph


def write_as(form: str, folder: Path) -> None:
    for path in CLINIC.glob("*.csv"):
        rows = rows_of(path)
        if form == "packed":
            text = text_of(rows, ";", ends="\r\n")
            packed = gzip.compress(b"\xef\xbb\xbf" + text.encode())
            (folder / f"{path.name.upper()}.gz").write_bytes(packed)
        else:
            (folder / path.name).write_text(text_of(rows, "\t"), encoding="utf-8")


def test_quotes_between_tabs_are_letters(tmp_path: Path) -> None:
    """As the vocabularies of Athena come: a quote opens nothing."""
    (tmp_path / "person.csv").write_text(text_of(rows_of(CLINIC / "person.csv")))
    head, *_ = rows_of(CLINIC / "condition_occurrence.csv")
    row = {name: "0" for name in head} | {
        "condition_occurrence_id": "1",
        "person_id": "1",
        "condition_start_date": "2011-10-10",
        "condition_source_value": '"open',
    }
    lines = ["\t".join(head), "\t".join(row[name] for name in head)]
    (tmp_path / "condition_occurrence.csv").write_text("\n".join(lines))
    notations = {t.object.value for t in read(tmp_path).triples if isinstance(t.object, ox.Literal)}
    assert '"open' in notations


def test_patients_that_are_asked_for_are_read_as_among_all(graph: frozenset[ox.Triple]) -> None:
    wanted = "urn:eligo:omop:person:3"
    reading = read(CLINIC, wanted)
    assert reading.triples <= graph
    about = {t for t in graph if t.subject == ox.NamedNode(wanted)}
    assert {t for t in reading.triples if t.subject == ox.NamedNode(wanted)} == about
    patients = {str(t.subject) for t in reading.triples if "person:" in str(t.subject)}
    assert patients == {f"<{wanted}>"}


def test_the_records_are_well_formed_but_for_what_is_remarked() -> None:
    """The record shapes find the impossible dates, and nothing that the mapping did wrong."""
    from eligo.records.model import Severity
    from eligo.services.check import check_records

    records = read_records([str(CLINIC)])
    assert not records.failures
    found = {
        (finding.node.removeprefix("urn:eligo:omop:"), finding.path)
        for finding in check_records(records).findings
        if finding.severity is Severity.VIOLATION
    }
    assert found == {
        ("person:5", "elig:birthDate"),
        ("condition_occurrence:10", "elig:startDate"),
        ("person:2", None),
    }


def test_a_folder_is_recognised_and_other_files_beside_the_tables_are_read(tmp_path: Path) -> None:
    (tmp_path / "cdm").mkdir()
    shuffled(tmp_path / "cdm", 3)
    (tmp_path / "more.ttl").write_text(
        "<urn:eligo:omop:person:1> <https://w3id.org/eligo/ns/note> 'more' ."
    )
    assert databases_in(str(tmp_path)) == [tmp_path / "cdm"]
    records = read_records([str(tmp_path)])
    assert not records.failures
    assert str(tmp_path / "more.ttl") in records.sources
    assert str(tmp_path / "cdm" / "person.csv") in records.sources


def test_mappings_state_declared_properties_only() -> None:
    declared = set()
    for path in (*ONTOLOGY.glob("*.ttl"), ONTOLOGY / "concepts" / "systems.ttl"):
        graph = Graph().parse(path, format="turtle")
        declared |= {str(s) for s in graph.subjects(RDF.type, None)}
    for name, text in importer_statements("omop").items():
        for column in STATED.findall(text):
            for curie in column.split("/"):
                prefix, _, local = curie.partition(":")
                iri = PREFIXES[prefix] + local
                assert iri in declared or prefix == "rdfs", f"{name}: {curie}"


def test_every_mapping_says_what_it_does_and_each_table_has_one() -> None:
    statements = importer_statements("omop")
    for name, text in statements.items():
        assert text.startswith("--+ summary: "), name
    tables = {named[1] for text in statements.values() if (named := HEADER.search(text))}
    assert {*EVENTS, "person"} <= tables
    assert {name.replace("_", "-") for name in (*EVENTS, "person")} | {
        *SCRIPTS
    } <= statements.keys()


def test_closed_namespace_is_what_the_importer_declares() -> None:
    graph = Graph().parse(ONTOLOGY / "importers" / "omop-cdm.ttl", format="turtle")
    namespace = str(CDM._NS)
    declared = {
        str(subject).removeprefix(namespace)
        for kind in (OWL.Class, OWL.AnnotationProperty)
        for subject in graph.subjects(RDF.type, kind)
    }
    assert set(CDM.__annotations__) - {"_NS", "_fail"} == declared | {"OmopCdm"}


def test_maps_without_importer_are_an_error() -> None:
    with pytest.raises(ModelError, match="add mintsUnder"):
        OmopMaps.load(Graph())
