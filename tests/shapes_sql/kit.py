"""Records as a table of statements, and what both ways of checking them find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, XSD

from eligo.database import Database
from eligo.records.model import RecordFinding
from eligo.records.records import Records
from eligo.resources import root
from eligo.services.check import general_checker
from eligo.services.record import RecordChecker, record_graph
from eligo.shapes_sql import Names, RecordCheck, check_records, compile_shapes, prepare
from eligo.shapes_sql.run import findings
from eligo.vocabulary.ontology import PREFIXES
from eligo.vocabulary.tables import Table

COLUMNS = ("patient", "subject", "predicate", "object", "kind", "datatype", "language", "source")
SELECTS = sorted((root() / "shapes" / "record" / "sql").glob("*.sql"))


def checker() -> RecordChecker:
    """The reference."""
    return general_checker()


@cache
def check(*, short: bool = False) -> RecordCheck:
    """The record shapes as SQL."""
    reference = checker()
    names = Names(PREFIXES, short=short)
    return compile_shapes(reference.shapes, reference.vocabulary, names, SELECTS, sources=True)


def statements(
    patient: str, graph: Graph, names: Names, sources: Callable[[str], Iterable[str]]
) -> list[tuple[str, ...]]:
    """The rows of a patient's graph."""
    rows = []
    told: dict[str, list[str]] = {}
    for s, p, o in graph:
        if str(s) not in told:
            told[str(s)] = list(sources(str(s))) or [""]
        row = (patient, names.written(s), names.written(p), *names.parts(o))
        rows += [(*row, source) for source in told[str(s)]]
    return rows


def loaded(rows: Iterable[tuple[str, ...]], prepared: RecordCheck) -> Database:
    """A database in which the statements are loaded."""
    database = Database()
    database.execute("SET threads = 1")
    prepare(database, prepared)
    database.load(Table("triple", dict.fromkeys(COLUMNS, "VARCHAR"), tuple(rows)))
    return database


def by_sql(
    records: Records, patients: Iterable[URIRef], *, short: bool = False
) -> dict[str, tuple[RecordFinding, ...]]:
    """What SQL finds in the records of patients."""
    names = Names(PREFIXES, short=short)
    rows = [
        row
        for patient in patients
        for row in statements(
            str(patient), record_graph(records, patient), names, records.sources_of
        )
    ]
    database = loaded(rows, check(short=short))
    try:
        check_records(database, check(short=short))
        return findings(database)
    finally:
        database.close()
