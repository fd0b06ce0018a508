"""The tables that engines see, read back from an enriched graph, and what SQL answers for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from eligo.compile.sql import compile_sql
from eligo.database import Database
from eligo.engines.cohort import CohortEngine
from eligo.evaluate.truth import Truth
from eligo.expression.model import Definition, Expression, Some, children
from eligo.expression.rules import Rules
from eligo.vocabulary.tables import Row, Table
from eligo.vocabulary.terms import ELIG

LOW, HIGH, COMPLETE = ".low", ".high", ".complete"
COLUMNS = {
    "t_patient": ("patient",),
    "seen_link": ("patient", "relation", "fact"),
    "seen_value": ("patient", "node", "attribute", "value", "datatype"),
    "seen_bound": ("patient", "node", "attribute", "low", "high"),
    "seen_complete": ("patient", "relation", "kind"),
    "v_below": ("concept", "kind"),
    "v_can_be": ("concept", "kind"),
}
NUMBERS = ("low", "high")

Rows = dict[str, set[tuple[str | None, ...]]]
Short = Callable[[Node], str]


def seen_tables(graphs: Mapping[URIRef, Graph], rules: Rules, short: Short) -> tuple[Table, ...]:
    """Return the tables of patients, given the graph of each; one graph may hold several."""
    found: Rows = {name: set() for name in COLUMNS}
    for patient, graph in graphs.items():
        found["t_patient"].add((short(patient),))
        _describe(graph, patient, patient, found, short)
        for relation in relations(rules.definitions.values()):
            for fact in graph.objects(patient, relation):
                found["seen_link"].add((short(patient), short(relation), short(fact)))
                _describe(graph, patient, fact, found, short)
        for concept, kind in graph.subject_objects(ELIG.canBe):
            found["v_can_be"].add((short(concept), short(kind)))
            for above in graph.objects(concept, RDF.type):
                found["v_below"].add((short(concept), short(above)))
    return tuple(_table(name, found[name]) for name in COLUMNS)


def relations(definitions: Collection[Definition]) -> frozenset[URIRef]:
    """Return the relations that definitions speak of."""
    parts: list[Expression] = [d.expression for d in definitions if d.expression is not None]
    for part in parts:
        parts += children(part)
    return frozenset(part.relation for part in parts if isinstance(part, Some))


def _describe(graph: Graph, patient: Node, node: Node, found: Rows, short: Short) -> None:
    for predicate, value in graph.predicate_objects(node):
        name = short(predicate)
        if isinstance(value, Literal) and name.endswith(LOW):
            attribute = name.removesuffix(LOW)
            found["seen_bound"].add((short(patient), short(node), attribute, str(value), None))
        elif isinstance(value, Literal) and name.endswith(HIGH):
            attribute = name.removesuffix(HIGH)
            found["seen_bound"].add((short(patient), short(node), attribute, None, str(value)))
        elif name.endswith(COMPLETE):
            found["seen_complete"].add((short(patient), name.removesuffix(COMPLETE), short(value)))
        elif isinstance(value, Literal):
            datatype = short(value.datatype or RDF.langString)
            found["seen_value"].add((short(patient), short(node), name, str(value), datatype))
        else:
            found["seen_value"].add((short(patient), short(node), name, short(value), "iri"))


def _table(name: str, rows: set[tuple[str | None, ...]]) -> Table:
    types = {c: "DECIMAL(18, 9)" if c in NUMBERS else "VARCHAR" for c in COLUMNS[name]}
    ordered: list[Row] = sorted(rows, key=lambda row: [str(cell) for cell in row])
    return Table(name, types, tuple(ordered))


def sql_answers(
    graphs: Mapping[URIRef, Graph],
    rules: Rules,
    names: Collection[URIRef],
    short: Short = str,
    expand: Callable[[str], URIRef] = URIRef,
) -> dict[tuple[URIRef, URIRef], Truth]:
    """Return what compiled SQL says of each patient and named class."""
    engine = CohortEngine(compile_sql(rules, names, {}, short))
    database = Database()
    try:
        for table in seen_tables(graphs, rules, short):
            database.load(table)
        engine.decide(database)
        return dict(engine.answers(database, expand))
    finally:
        database.close()
