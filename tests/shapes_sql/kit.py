"""Records as a table of statements, and what both ways of checking them find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
from rdflib import Graph, URIRef

from eligo.database import Database
from eligo.errors import EngineError
from eligo.records.model import RecordFinding
from eligo.records.records import Records, graph_name
from eligo.records.skolem import PREFIX as SKOLEM
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
        missing: What only the reference finds, by the record.
        extra: What only SQL finds, by the record.
        failed: Records that the reference fails on.
    """

    records: int
    findings: int
    missing: dict[str, set[RecordFinding]]
    extra: dict[str, set[RecordFinding]]
    failed: tuple[str, ...]


def compared(graphs: Mapping[str, Graph]) -> Compared:
    """Check records, each by itself for SQL and many at once for the reference.

    Records that speak of the vocabulary's own nodes are checked one by one: in one graph they would
    speak of them for all.
    """
    by_sql = run(record_check(), statements(read(graphs)))
    alone = [name for name, graph in graphs.items() if speaks_of_vocabulary(graph)]
    wanted, failed = reference({n: graph for n, graph in graphs.items() if n not in alone})
    for name in alone:
        some, broken = reference({name: graphs[name]})
        wanted[name] = {finding for found in some.values() for finding in found}
        failed += broken
    result = Compared(len(graphs), sum(map(len, wanted.values())), {}, {}, failed)
    for name in graphs:
        found = {finding for finding in by_sql.get(f"{name}.nt", ()) if of_one(finding)}
        if name in failed:
            assert any(finding.severity == "violation" for finding in found), name
            continue
        # The reference gives no source for text that stands where a node should.
        told = wanted.get(name, set())
        unsourced = {finding for finding in wanted.get("", set()) if finding in found}
        if missing := told - found:
            result.missing[name] = missing
        if extra := found - told - unsourced:
            result.extra[name] = extra
    if lost := wanted.get("", set()) - {f for found in by_sql.values() for f in found}:
        result.missing[""] = lost
    return result


def speaks_of_vocabulary(graph: Graph) -> bool:
    """Tell whether a record has a subject that is not its own."""
    own = ("https://example.org/", SKOLEM)
    return any(isinstance(s, URIRef) and not str(s).startswith(own) for s in graph.subjects())


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
