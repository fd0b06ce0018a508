"""The patients that queries are tried on, and two SPARQL engines that answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from case_loader import EXAMPLES, Case
from eligo.api import Trial
from eligo.report.rdf import assessment_graph
from eligo.services.query import ask, build_store
from eligo.vocabulary.ontology import to_rdflib
from queries.query_files import SHORT

HERE = Path(__file__).parent
TRIAL = "NCT06150651"
DAY = date(2026, 3, 2)
NUMBERS = {XSD.decimal, XSD.integer, XSD.double, XSD.float}

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """An answer.

    Attributes:
        columns: Names of the variables.
        rows: Values in the order of the answer; unbound is empty.
    """

    columns: Row
    rows: tuple[Row, ...]

    def cut(self, columns: Iterable[str]) -> list[Row]:
        """Return the rows cut to some columns, each that repeats the one before it only once."""
        places = [self.columns.index(name) for name in columns]
        found: list[Row] = []
        for row in self.rows:
            part = tuple(row[place] for place in places)
            if found[-1:] != [part]:
                found.append(part)
        return found


@dataclass(frozen=True)
class World:
    """The same statements in two engines.

    Attributes:
        store: The statements, each in the graph `eligo query` puts it in.
    """

    store: ox.Store

    @cached_property
    def graph(self) -> Graph:
        """The statements in rdflib."""
        graph = Graph(bind_namespaces="none")
        for quad in self.store:
            graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
        return graph

    def ask_oxigraph(self, text: str) -> Table:
        """Answer as `eligo query` does."""
        answer = ask(self.store, text, "test")
        rows = (
            tuple("" if cell is None else shown(to_rdflib(cell)) for cell in row)
            for row in answer.rows
        )
        return Table(answer.header, tuple(rows))

    def ask_rdflib(self, text: str) -> Table:
        """Answer by rdflib."""
        found = self.graph.query(text)
        rows = (tuple("" if cell is None else shown(cell) for cell in row) for row in _rows(found))
        return Table(tuple(str(name) for name in found.vars or ()), tuple(rows))


def _rows(found: Any) -> Iterator[tuple[Node | None, ...]]:
    yield from found


@dataclass
class Worlds:
    """What a query may see: the ontology, enriched graphs and assessments, together or apart."""

    made: dict[frozenset[str], World] = field(default_factory=dict)

    def seeing(self, needs: frozenset[str]) -> World:
        """Return a world of some parts of what is known about the patients."""
        if needs not in self.made:
            graphs = {
                f"urn:test:{part}:{number}": graph
                for part in sorted(needs - {"ontology"})
                for number, graph in enumerate(self._screened[part])
            }
            self.made[needs] = World(_store(graphs, ontology="ontology" in needs))
        return self.made[needs]

    def seeing_file(self, path: Path, needs: frozenset[str]) -> World:
        """Return a world in which a file takes the place of the patients."""
        graphs = {"urn:test:file": Graph().parse(path)}
        return World(_store(graphs, ontology="ontology" in needs))

    @cached_property
    def _screened(self) -> dict[str, list[Graph]]:
        trial = Trial.load(TRIAL)
        found = list(trial.stream(trial.read(patients()), screening_date=DAY))
        return {
            "enriched": [item.graph for item in found],
            "assessment": [assessment_graph(item.assessment, trial.model) for item in found],
        }


def _store(graphs: dict[str, Graph], *, ontology: bool) -> ox.Store:
    store = build_store(graphs)
    if not ontology:
        store.clear_graph(ox.DefaultGraph())
    return store


def shown(cell: Node) -> str:
    """Write a cell shortly: prefixed names, plain numbers, texts without language."""
    if isinstance(cell, Literal) and cell.datatype in NUMBERS:
        return f"{Decimal(str(cell)).normalize():f}"
    if isinstance(cell, URIRef):
        fitting = [(len(n), p) for p, n in SHORT.items() if cell.startswith(n)]
        if fitting:
            length, prefix = max(fitting)
            return f"{prefix}:{cell[length:]}"
    return str(cell)


def patients() -> Graph:
    """Return the records of all patients that the queries are tried on."""
    wanted = yaml.safe_load((HERE / "patients.yaml").read_text(encoding="utf-8"))
    graph = Graph()
    for name in wanted["examples"]:
        graph.parse(EXAMPLES / f"{name}.ttl")
    for entry in wanted["made"]:
        case = Case(
            id=entry["id"],
            title=entry["title"],
            trial=TRIAL,
            file="patients.yaml",
            base=entry["base"],
            expected={},
            because=entry["title"],
            remove=tuple(entry["remove"]),
            added=entry["set"],
        )
        graph += case.graph()
    return graph
