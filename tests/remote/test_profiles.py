"""Profiles: those of Eligo are whole, one of a user's own works, and a bad one is named."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from cli.command import eligo
from docs.pages import ROOT, blocks
from eligo.api import Endpoint, Trial
from eligo.errors import EligoError, InputError, UsageError
from eligo.records.profile import load_profile
from eligo.records.profiled import read_endpoint, read_files
from eligo.records.remote.queries import RemoteQueries
from eligo.vocabulary.ontology import PREFIXES
from remote.endpoint_kit import Server, serving

QUERIES = sorted(
    path for folder in ("profiles", "remote") for path in (ROOT / "queries" / folder).rglob("*.rq")
)
PATIENTS = """
SELECT DISTINCT ?patient WHERE {
  VALUES ?after { "" } ?patient a <https://a.example/P> . FILTER(STR(?patient) > ?after)
} ORDER BY STR(?patient) LIMIT 100
"""
RECORD = """
CONSTRUCT { ?subject ?predicate ?object } WHERE {
  VALUES ?patient { UNDEF } ?patient ?predicate ?object BIND(?patient AS ?subject)
}
"""


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: "-".join(path.parts[-3:]))
def test_every_query_has_a_header_and_parses_on_two_engines(path: Path) -> None:
    text = path.read_text("utf-8")
    header = re.match(r"#\+ summary: [A-Z].+[^.]\.\n#\+ tags: [a-z, -]+\n", text)
    assert header, "summary and tags"
    prepareQuery(text)
    ox.Store().query(text)
    declared = dict(re.findall(r"^PREFIX (\w+): <(.+)>$", text, re.MULTILINE))
    body = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>|^(#|PREFIX).*$', "", text, flags=re.MULTILINE)
    assert set(declared) == set(re.findall(r"(?<![\w?])([a-z]+):\w", body))
    for prefix, iri in declared.items():
        assert PREFIXES.get(prefix, iri) == iri


@pytest.mark.parametrize("name", ["eligo", "fhir-rdf"])
def test_what_comes_with_eligo_can_be_paged_and_counted(name: str) -> None:
    queries = RemoteQueries.of(load_profile(name), "https://a.example/")
    iris = ["https://a.example/1", "https://a.example/2"]
    after = 'https://a.example/" } ?s ?p ?o . # \\'
    for text in (
        queries.page(after, 7),
        queries.records(iris),
        queries.count_records(iris),
        queries.count_patients(),
    ):
        prepareQuery(text)
        ox.Store().query(text)
    assert "LIMIT 7" in queries.page(after, 7)
    assert str(ox.Literal(after)) in queries.page(after, 7)
    assert "UNDEF" not in queries.records(iris) + queries.count_records(iris)


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """The profile that the documentation shows, beside its data."""
    (tmp_path / "clinic" / "map").mkdir(parents=True)
    for block in blocks((ROOT / "docs" / "endpoint.md").read_text("utf-8")):
        if block.role == "file":
            (tmp_path / block.detail).write_text(block.text, encoding="utf-8")
    return tmp_path


def test_a_profile_of_ones_own_reads_files_and_endpoints_alike(clinic: Path, trial: Trial) -> None:
    profile = str(clinic / "clinic")
    local = read_files([str(clinic / "clinic.ttl")], trial.maps, profile)
    with serving(Server().load(clinic / "clinic.ttl")) as server:
        remote = read_endpoint(Endpoint(server.url, profile=profile, page_size=1))
    assert remote.failures == local.failures == []
    facts = [
        {(q.predicate.value, str(q.object)) for q in records.store if "urn:" not in str(q.object)}
        for records in (local, remote)
    ]
    assert facts[0] == facts[1]
    assert ("https://w3id.org/eligo/ns/notation", '"M32.14"') in facts[0]


def test_fhir_json_is_read_as_ever_beside_a_profile(clinic: Path, trial: Trial) -> None:
    case = ROOT / "tests" / "records" / "fhir-cases" / "conditions.json"
    records = read_files(
        [str(clinic / "clinic.ttl"), str(case)], trial.maps, str(clinic / "clinic")
    )
    subjects = {str(quad.subject.value) for quad in records.store}
    assert {"urn:eligo:fhir:Patient:p", "https://clinic.example/p1"} <= subjects


def test_files_of_one_patient_are_put_together_though_their_nodes_are_called_alike(
    clinic: Path, trial: Trial
) -> None:
    (clinic / "more").mkdir()
    for number, code in enumerate(("M32.14", "N18.4")):
        (clinic / "more" / f"{number}.ttl").write_text(
            "@prefix c: <https://clinic.example/> . c:p1 a c:Person ; c:diagnosis _:d . "
            f'_:d c:icd "{code}" .',
            encoding="utf-8",
        )
    records = read_files([str(clinic / "more")], trial.maps, str(clinic / "clinic"))
    links = {str(q.object) for q in records.store if q.predicate.value.endswith("hasCondition")}
    assert len(links) == 2


@pytest.mark.parametrize(
    ("files", "kind", "message"),
    [
        ({}, UsageError, "is no profile"),
        ({"map/a.rq": "SELECT * { ?s ?p ?o }"}, InputError, "write a CONSTRUCT query"),
        ({"map/a.rq": "CONSTRUCT {"}, InputError, r"a\.rq:1:\d+: not a SPARQL query"),
        (
            {"map/a.rq": "CONSTRUCT { ?s ?p ?o } { SERVICE <https://a.example/> { ?s ?p ?o } }"},
            InputError,
            "SERVICE is not allowed",
        ),
        (
            {"map/a.rq": "CONSTRUCT WHERE { ?s ?p ?o }", "values.ttl": "a b"},
            InputError,
            "values.ttl:1: not valid Turtle",
        ),
        ({"patients.rq": "ASK {}", "record.rq": RECORD}, InputError, "write a SELECT query"),
        (
            {"patients.rq": PATIENTS.replace('VALUES ?after { "" }', ""), "record.rq": RECORD},
            InputError,
            r"VALUES \?after",
        ),
        (
            {"patients.rq": PATIENTS, "record.rq": RECORD.replace("VALUES ?patient { UNDEF }", "")},
            InputError,
            r"VALUES \?patient",
        ),
        (
            {"patients.rq": PATIENTS.replace("ORDER BY STR(?patient)", ""), "record.rq": RECORD},
            InputError,
            "cannot be paged",
        ),
        (
            {"patients.rq": PATIENTS, "record.rq": RECORD.replace("?object }", "?object, 1 }")},
            InputError,
            "cannot be counted",
        ),
        ({"map/a.rq": "CONSTRUCT WHERE { ?s ?p ?o }"}, UsageError, "reads files only"),
    ],
)
def test_a_bad_profile_is_named(
    tmp_path: Path, files: dict[str, str], kind: type[EligoError], message: str
) -> None:
    for name, text in files.items():
        path = tmp_path / "bad" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "bad").mkdir(exist_ok=True)
    with pytest.raises(kind, match=message):
        RemoteQueries.of(load_profile(str(tmp_path / "bad")), "https://a.example/")


def test_a_profile_that_is_not_there_is_named_by_the_command(tmp_path: Path) -> None:
    ran = eligo("validate", tmp_path, "--profile", "no-such-profile")
    assert ran.code == 2
    assert "give eligo, fhir-rdf or the folder of your own" in ran.err
