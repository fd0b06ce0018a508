"""`eligo explain`, `enrich`, `report`, `query` and `compile`."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import Graph
from rdflib.namespace import SH

from cli.command import eligo, example
from eligo.cli.session import load_trial
from eligo.services.query import ask, build_store, set_parameters
from eligo.vocabulary.terms import ELIG

STATUS_QUERY = """
PREFIX elig: <https://w3id.org/eligo/ns/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?number ?status WHERE {
  ?result a elig:CriterionResult ; elig:ofCriterion/skos:notation ?number ; elig:status ?status .
  FILTER (?number = "E9")
}
"""


def test_explain_shows_the_criterion_and_its_parts_only() -> None:
    ran = eligo("explain", example("elena"), "e9", "I3.1-B")
    assert ran.code == 0
    assert "E9  eGFR below 30: excluded (met)" in ran.out
    assert "read as: A patient whose newest admissible" in ran.out
    assert "I3.1-B1  Mycophenolate at 1500 mg/day or more: met" in ran.out
    assert "E8  " not in ran.out


def test_explain_refuses_an_unknown_criterion() -> None:
    ran = eligo("explain", example("elena"), "E99")
    assert ran.code == 2
    assert "neither a file nor a criterion of NCT06150651" in ran.err


def test_enriched_graph_is_ready_for_plain_pyshacl(tmp_path: Path) -> None:
    target = tmp_path / "elena.ttl"
    assert eligo("enrich", example("elena"), "-o", target).code == 0
    data = Graph().parse(target)
    shapes = Graph().parse(data=load_trial("NCT06150651").shapes, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph)
    written = eligo("report", example("elena"))
    assert written.code == 0
    ours = Graph().parse(data=written.out, format="turtle")
    assert results(ours) == results(report)
    assert {shape for shape, _ in results(ours)} == {"E9.against"}


def results(report: Graph) -> set[tuple[str, str]]:
    """Return the shapes and messages of a report."""
    return {
        (
            str(report.value(r, SH.sourceShape)).rpartition("/")[2],
            str(report.value(r, SH.resultMessage)),
        )
        for r in report.objects(None, SH.result)
    }


def test_report_in_words_says_what_conforming_means() -> None:
    ran = eligo("report", example("anna"), example("dora"), "--format", "text")
    assert ran.code == 0
    assert "conforms: no violation and no warning, which means eligible" in ran.out
    assert "violation: Inclusion criterion not met. I1:" in ran.out


@pytest.mark.parametrize("format_", ["trig", "nquads"])
def test_enrich_gives_each_patient_a_graph(format_: str) -> None:
    ran = eligo("enrich", example("anna"), example("elena"), "--format", format_)
    rdf_format = {"trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS}[format_]
    patients: dict[str, set[str]] = {}
    for quad in ox.parse(ran.out, format=rdf_format):
        found = patients.setdefault(str(quad.graph_name), set())
        if str(quad.object) == f"<{ELIG.Patient}>":
            found.add(str(quad.subject))
    assert len(patients) == 2
    assert all(len(found) == 1 for found in patients.values())


def test_query_sees_assessments(tmp_path: Path) -> None:
    path = tmp_path / "status.rq"
    path.write_text(STATUS_QUERY, encoding="utf-8")
    table = eligo("query", path, example("elena"))
    assert table.code == 0
    assert "E9      elig:Met" in table.out
    assert "(1 row)" in table.out
    answer = json.loads(eligo("query", path, example("elena"), "-f", "json").out)
    (row,) = answer["results"]["bindings"]
    assert row["status"] == {"type": "uri", "value": str(ELIG.Met)}
    assert (
        eligo("query", path, example("elena"), "-f", "csv").out == f"number,status\nE9,{ELIG.Met}\n"
    )


def test_query_without_patients_sees_the_ontology() -> None:
    ask = b"ASK { ?criterion a <https://w3id.org/eligo/ns/Criterion> }"
    assert eligo("query", "-", stdin=ask).out == "yes\n"


def test_query_lists_the_catalogue() -> None:
    ran = eligo("query", "--list")
    assert ran.code == 0
    assert ran.out.startswith("query")


def test_query_parameters_are_set_by_name() -> None:
    whole = eligo("query", "list-codes", "-f", "csv").out
    one = eligo("query", "list-codes", "--set", "concept=concept:Azathioprine", "-f", "csv").out
    assert one != whole
    assert "concept/Azathioprine" in one
    own = eligo("query", "list-criteria", "-s", "trial=NCT06150651", "-f", "csv").out
    every = eligo("query", "list-criteria", "-f", "csv").out
    assert set(own.splitlines()) < set(every.splitlines())
    assert "NCT05781750" in every
    assert "NCT05781750" not in own


@pytest.mark.parametrize(
    ("setting", "message"),
    [("colour=red", "has no parameter 'colour'; it has trial"), ("trial", "write NAME=VALUE")],
)
def test_query_refuses_unknown_parameters(setting: str, message: str) -> None:
    ran = eligo("query", "list-criteria", "--set", setting)
    assert ran.code == 2
    assert message in ran.err


def test_a_parameter_cannot_smuggle_in_a_query() -> None:
    odd = 'x" } ASK { ?s ?p ?o } # \\'
    text = "#+ parameter: a - any\nSELECT ?a { VALUES ?a { UNDEF } }"
    bound = set_parameters(text, {"a": odd}, "it")
    ((cell,),) = ask(build_store({}), bound, "it").rows
    assert isinstance(cell, ox.Literal)
    assert cell.value == odd


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (b"ASK { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 2, "SERVICE is not allowed"),
        (b"ASK { service\n<http://127.0.0.1/> { ?s ?p ?o } }", 2, "SERVICE is not allowed"),
        (b"ASK { ?s ?p", 3, "not a SPARQL query"),
        (b"INSERT DATA { <a:b> <a:c> <a:d> }", 3, "not a SPARQL query"),
    ],
)
def test_query_refuses(text: bytes, code: int, message: str) -> None:
    ran = eligo("query", "-", stdin=text)
    assert ran.code == code
    assert message in ran.err


def test_the_word_service_in_a_text_is_no_call() -> None:
    ask = b'ASK { ?s ?p "SERVICE" } # SERVICE'
    assert eligo("query", "-", stdin=ask).out == "no\n"


def test_compile_writes_and_checks(tmp_path: Path) -> None:
    target = tmp_path / "shapes.ttl"
    missing = eligo("compile", "NCT06150651", "--check", "-o", target)
    assert missing.code == 1
    assert "is missing; run `eligo compile NCT06150651`" in missing.err
    assert eligo("compile", "NCT06150651", "-o", target).code == 0
    assert target.read_text(encoding="utf-8") == load_trial("NCT06150651").shapes
    assert eligo("compile", "NCT06150651", "--check", "-o", target).code == 0
    target.write_text(target.read_text(encoding="utf-8").replace("sh:NodeShape", "sh:Shape", 1))
    differs = eligo("compile", "NCT06150651", "--check", "-o", target)
    assert differs.code == 1
    assert "differs from its source from line" in differs.err


def test_compile_to_standard_output() -> None:
    assert eligo("compile", "NCT06150651", "-o", "-").out == load_trial("NCT06150651").shapes
