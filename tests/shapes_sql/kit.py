"""Records as a table of statements, and what both ways of checking them find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
from rdflib import Graph

from eligo.database import Database
from eligo.errors import EngineError
from eligo.records.model import RecordFinding
from eligo.records.records import Records, graph_name
from eligo.resources import shape_selects
from eligo.services.check import general_checker
from eligo.services.record import records_graph
from eligo.shapes_sql import Names, RecordCheck, check_records, compile_shapes, findings, prepare
from eligo.vocabulary.ontology import PREFIXES, to_rdflib
from eligo.vocabulary.tables import Row, Table
from eligo.vocabulary.terms import ELIG

COLUMNS = ("patient", "subject", "predicate", "object", "kind", "datatype", "language", "source")


@cache
def record_check(*, short: bool = True) -> RecordCheck:
    """The record shapes as SQL."""
    reference = general_checker()
    return compile_shapes(
        reference.shapes,
        reference.vocabulary,
        Names(PREFIXES, short=short),
        shape_selects("record"),
        sources=True,
    )


def statements(records: Records, *, short: bool = True) -> list[Row]:
    """Every statement as a row; each source is a record of its own."""
    names = Names(PREFIXES, short=short)
    source = {graph_name(source): source for source in records.sources}
    rows: list[Row] = []
    for quad in records.store:
        assert isinstance(quad.graph_name, ox.NamedNode)
        where = source[quad.graph_name.value]
        s, p, o = (to_rdflib(t) for t in (quad.subject, quad.predicate, quad.object))
        rows.append((where, names.written(s), names.written(p), *names.parts(o), where))
    return rows


def run(check: RecordCheck, rows: Iterable[Row]) -> dict[str, tuple[RecordFinding, ...]]:
    """What a check finds in statements."""
    database = Database()
    try:
        database.execute("SET threads = 1")
        prepare(database, check)
        database.load(Table("triple", dict.fromkeys(COLUMNS, "VARCHAR"), tuple(rows)))
        check_records(database, check)
        return findings(database)
    finally:
        database.close()


def read(graphs: Mapping[str, Graph]) -> Records:
    """Records of their own names."""
    records = Records()
    for name, graph in graphs.items():
        records.add_rdf(graph.serialize(format="nt", encoding="utf-8"), f"{name}.nt")
    return records


@dataclass
class Compared:
    """How two ways of checking the same records compare.

    Attributes:
        records: How many records were compared.
        findings: How many findings the reference has.
        missing: What only the reference finds.
        extra: What only SQL finds, by the record.
        failed: Records that the reference fails on.
    """

    records: int
    findings: int
    missing: set[RecordFinding]
    extra: dict[str, set[RecordFinding]]
    failed: tuple[str, ...]


def compared(graphs: Mapping[str, Graph]) -> Compared:
    """Check records, each by itself for SQL and many at once for the reference."""
    by_sql = run(record_check(), statements(read(graphs)))
    wanted, failed = reference(graphs)
    told = {finding for found in wanted.values() for finding in found}
    found = {n: {f for f in by_sql.get(f"{n}.nt", ()) if of_one(f)} for n in graphs}
    every = {finding for of_record in found.values() for finding in of_record}
    for name in failed:
        assert any(f.severity == "violation" for f in found[name]), name
    extra = {name: of_record - told for name, of_record in found.items() if name not in failed}
    return Compared(
        len(graphs), len(told), told - every, {n: e for n, e in extra.items() if e}, failed
    )


def of_one(finding: RecordFinding) -> bool:
    """Leave out the finding that there is no patient, which many records hide from each other."""
    return finding.node != str(ELIG.Patient)


def reference(
    graphs: Mapping[str, Graph],
) -> tuple[dict[str, set[RecordFinding]], tuple[str, ...]]:
    """What the reference finds in each record, and the records that it fails on."""
    records, checker = read(graphs), general_checker()
    try:
        every = checker.findings(records, checker.report(records_graph(records)))
    except EngineError:
        if len(graphs) == 1:
            return {}, tuple(graphs)
        names = list(graphs)
        halves = (names[: len(names) // 2], names[len(names) // 2 :])
        found: dict[str, set[RecordFinding]] = {}
        failed: list[str] = []
        for half in halves:
            some, broken = reference({name: graphs[name] for name in half})
            found |= some
            failed += broken
        return found, tuple(failed)
    by_record: dict[str, set[RecordFinding]] = {}
    for finding in every:
        if of_one(finding):
            key = finding.sources[0].removesuffix(".nt") if finding.sources else ""
            by_record.setdefault(key, set()).add(finding)
    return by_record, ()
