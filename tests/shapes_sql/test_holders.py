"""Facts that hang on no patient, or on several, are the same set-based as one by one."""

from __future__ import annotations

from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from eligo.database import Database
from eligo.records.model import DataProblem
from eligo.records.records import Records, graph_name
from eligo.services.check import general_checker
from eligo.services.holders import unheld_facts
from eligo.shapes_sql import Names, check_records, prepare, unheld_problems, unheld_sql
from eligo.vocabulary.ontology import PREFIXES
from eligo.vocabulary.tables import Table
from eligo.vocabulary.terms import ELIG
from shapes_sql.kit import COLUMNS, read, statements
from shapes_sql.test_records import broken_at_random, shape_cases

ANNA, BERT = URIRef("https://example.org/anna"), URIRef("https://example.org/bert")
FACT, LOST = URIRef("https://example.org/fact"), URIRef("https://example.org/lost")


def by_sql(records: Records) -> dict[str, tuple[DataProblem, ...]]:
    check = unheld_sql(general_checker().ontology, Names(PREFIXES, short=True))
    database = Database()
    try:
        prepare(database, check)
        rows = tuple(statements(records))
        database.load(Table("triple", dict.fromkeys(COLUMNS, "VARCHAR"), rows))
        check_records(database, check)
        found = unheld_problems(database)
    finally:
        database.close()
    return {f"<{graph_name(source)}>": problems for source, problems in found.items()}


def compared(records: Records) -> set[str]:
    wanted = unheld_facts(records, general_checker().ontology)
    assert {g: set(p) for g, p in by_sql(records).items()} == {g: set(p) for g, p in wanted.items()}
    return {problem.text for problems in wanted.values() for problem in problems}


def test_facts_of_several_and_of_nobody() -> None:
    one, other = Graph(), Graph()
    for graph, patient in ((one, ANNA), (other, BERT)):
        graph.add((patient, RDF.type, ELIG.Patient))
        graph.add((patient, ELIG.hasCondition, FACT))
        graph.add((FACT, RDF.type, ELIG.Condition))
    other.add((LOST, RDF.type, ELIG.Procedure))
    other.add((BERT, ELIG.note, LOST))
    found = compared(read({"one": one, "other": other}))
    assert {text.split(";")[0] for text in found} == {
        "condition hangs on several patients",
        "procedure hangs on no patient",
    }


def test_broken_records() -> None:
    assert compared(read(shape_cases() | broken_at_random(10, 9)))
