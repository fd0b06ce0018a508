"""From RDF to raw evidence tables, by the extraction queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from eligo.errors import EngineError
from eligo.resources import query_text
from eligo.vocabulary.tables import Row, Table


@dataclass(frozen=True)
class Evidence:
    """Patients and the raw tables of what their records say."""

    patients: tuple[str, ...]
    tables: tuple[Table, ...]


def extract(store: ox.Store, short: Callable[[str], str], profile: str = "extract") -> Evidence:
    """Run the extraction queries of a profile.

    Args:
        store: The patients' data, in any number of named graphs.
        short: Writes an IRI in its short form.
        profile: Folder of queries; another vocabulary is another folder.
    """

    def select(name: str) -> list[dict[str, ox.NamedNode | ox.Literal | None]]:
        solutions = store.query(query_text(f"{profile}/{name}"), use_default_graph_as_union=True)
        if not isinstance(solutions, ox.QuerySolutions):
            raise EngineError(f"the extraction query {profile}/{name} is no SELECT query")
        variables = [v.value for v in solutions.variables]
        return [{name: solution[name] for name in variables} for solution in solutions]

    def table(name: str, query: str, columns: dict[str, str]) -> Table:
        rows = {tuple(_text(row[c], short) for c in columns) for row in select(query)}
        return Table(name, dict.fromkeys(columns, "VARCHAR"), _stable(rows))

    attributes = {
        (
            _text(row["fact"], short),
            _text(row["property"], short),
            _text(row["value"], short),
            short(v.datatype.value) if isinstance(v := row["value"], ox.Literal) else "iri",
        )
        for row in select("attributes")
    }
    return Evidence(
        tuple(sorted(row["patient"].value for row in select("patients") if row["patient"])),
        (
            table("e_link", "links", dict.fromkeys(("patient", "relation", "fact"), "")),
            Table(
                "e_attribute",
                dict.fromkeys(("fact", "property", "value", "datatype"), "VARCHAR"),
                _stable(attributes),
            ),
            table(
                "e_quantity",
                "quantities",
                dict.fromkeys(
                    ("fact", "property", "value", "low", "high", "comparator", "unit"), ""
                ),
            ),
            table(
                "e_coding",
                "codings",
                dict.fromkeys(("fact", "property", "system", "notation", "display"), ""),
            ),
        ),
    )


def _text(term: ox.NamedNode | ox.Literal | None, short: Callable[[str], str]) -> str | None:
    if term is None:
        return None
    return term.value if isinstance(term, ox.Literal) else short(term.value)


def _stable(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: [str(cell) for cell in row]))
