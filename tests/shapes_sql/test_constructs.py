"""Each construct of SHACL Core that is turned into SQL finds what the reference finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import Graph, URIRef
from rdflib.namespace import SH

from eligo.database import Database
from eligo.engines.shacl import validate
from eligo.shapes_sql import Names, check_records, compile_shapes, findings, prepare
from eligo.shapes_sql.model import ShapeError
from eligo.shapes_sql.regex import PatternError, translated
from eligo.vocabulary.ontology import parse_turtle
from eligo.vocabulary.tables import Row, Table

HERE = Path(__file__).parent
PREFIXES = {"ex": "https://example.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
HEAD = """
@prefix ex: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
COLUMNS = ("patient", "subject", "predicate", "object", "kind", "datatype", "language")
CASES = yaml.safe_load((HERE / "constructs.yaml").read_text(encoding="utf-8"))
Told = set[tuple[str, str | None, str, str | None]]


def parsed(folder: Path, text: str) -> Graph:
    """Turtle read as shapes and records are, so that literals keep their form."""
    path = folder / "text.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    graph = Graph(bind_namespaces="none")
    for triple in parse_turtle(path)[0]:
        graph.add(triple)
    return graph


def by_reference(data: Graph, shapes: Graph, vocabulary: Graph) -> Told:
    mixed = Graph(bind_namespaces="none")
    for triple in (*data, *vocabulary):
        mixed.add(triple)
    report = validate(mixed, shapes).graph
    told: Told = set()
    for result in report.objects(None, SH.result):
        focus, value = report.value(result, SH.focusNode), report.value(result, SH.value)
        path = report.value(result, SH.resultPath)
        told.add(
            (
                str(focus),
                str(path).replace(PREFIXES["ex"], "ex:") if isinstance(path, URIRef) else None,
                str(report.value(result, SH.resultMessage)),
                None if value is None or value == focus else str(value),
            )
        )
    return told


def by_sql(data: Graph, shapes: Graph, vocabulary: Graph, *, short: bool) -> Told:
    names = Names(PREFIXES, short=short)
    check = compile_shapes(shapes, vocabulary, names)
    rows: list[Row] = [
        ("p", names.written(s), names.written(p), *names.parts(o)) for s, p, o in data
    ]
    database = Database()
    try:
        prepare(database, check)
        database.load(Table("triple", dict.fromkeys(COLUMNS, "VARCHAR"), tuple(rows)))
        check_records(database, check)
        found = findings(database).get("p", ())
    finally:
        database.close()
    return {
        (f.node, f.path, f.message, None if f.value is None else expanded(f.value)) for f in found
    }


def expanded(value: str) -> str:
    prefix, colon, local = value.partition(":")
    return PREFIXES["ex"] + local if colon and prefix == "ex" else value


@pytest.mark.parametrize("case", CASES["agree"], ids=lambda case: case["id"])
def test_the_same_is_found(case: dict[str, Any], tmp_path: Path) -> None:
    texts = (case.get(part, "") for part in ("data", "shapes", "vocabulary"))
    data, shapes, vocabulary = (parsed(tmp_path, text) for text in texts)
    wanted = by_reference(data, shapes, vocabulary)
    for short in (True, False) if case["id"] == "values" else (True,):
        assert by_sql(data, shapes, vocabulary, short=short) == wanted
    assert len(wanted) == case["number"]


@pytest.mark.parametrize("case", CASES["stricter"], ids=lambda case: case["id"])
def test_what_cannot_be_compared_is_found(case: dict[str, Any], tmp_path: Path) -> None:
    """The reference lets it pass or fails; SQL reports it."""
    data, shapes = (parsed(tmp_path, case[part]) for part in ("data", "shapes"))
    assert len(by_sql(data, shapes, Graph(), short=True)) == case["number"]


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["id"])
def test_what_cannot_be_turned_into_sql_is_refused(case: dict[str, str], tmp_path: Path) -> None:
    shapes, vocabulary = (parsed(tmp_path, case.get(part, "")) for part in ("shapes", "vocabulary"))
    with pytest.raises(ShapeError) as refusal:
        compile_shapes(shapes, vocabulary, Names(PREFIXES, short=True))
    assert case["words"] in str(refusal.value)
    assert "https://example.org/S" in str(refusal.value)


@pytest.mark.parametrize("pattern", CASES["patterns"]["refused"])
def test_patterns_that_mean_something_else_are_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        translated(pattern)
