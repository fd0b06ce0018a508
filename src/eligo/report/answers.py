"""Answers to queries as a table, as W3C CSV or JSON, or as Turtle."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from eligo.errors import UsageError
from eligo.report.table import aligned
from eligo.vocabulary.ontology import PREFIXES

Cell = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
STRING = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True)
class Answer:
    """The answer to a query.

    Attributes:
        header: Variables of a SELECT query; empty otherwise.
        rows: Its rows; unbound is None.
        graph: Statements of a CONSTRUCT or DESCRIBE query, else None.
        holds: The answer to an ASK query, else None.
    """

    header: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    graph: tuple[ox.Triple, ...] | None = None
    holds: bool | None = None


def answer_text(answer: Answer, format_: str | None) -> str:
    """Return an answer as text.

    Args:
        answer: The answer.
        format_: `table`, `csv`, `json` or `turtle`; None is a table, or Turtle for statements.

    Raises:
        UsageError: The kind of query has no such format.
    """
    if answer.graph is not None:
        if format_ not in (None, "turtle"):
            raise UsageError("this query constructs statements; use --format turtle")
        text = ox.serialize(answer.graph, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
        return "" if text is None else text.decode()
    if format_ == "turtle":
        raise UsageError("this query returns no statements; use --format table, csv or json")
    if answer.holds is not None:
        return _boolean(answer.holds, format_)
    if format_ == "csv":
        return _csv(answer)
    if format_ == "json":
        return _json(answer)
    rows = [[shown(cell) for cell in row] for row in answer.rows]
    noun = "row" if len(rows) == 1 else "rows"
    return aligned(answer.header, rows) + f"({len(rows)} {noun})\n"


def _boolean(holds: bool, format_: str | None) -> str:
    if format_ == "json":
        return json.dumps({"head": {}, "boolean": holds}) + "\n"
    return "yes\n" if holds else "no\n"


def shown(cell: Cell) -> str:
    """Write a cell for a reader: a prefixed name where one fits, never cut."""
    match cell:
        case None:
            return ""
        case ox.Literal():
            return cell.value
        case ox.NamedNode():
            fitting = [(len(n), p) for p, n in PREFIXES.items() if cell.value.startswith(n)]
            if not fitting:
                return cell.value
            length, prefix = max(fitting)
            return f"{prefix}:{cell.value[length:]}"
        case _:
            return str(cell)


def _csv(answer: Answer) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(answer.header)
    for row in answer.rows:
        writer.writerow(
            cell.value if isinstance(cell, ox.NamedNode | ox.Literal) else str(cell or "")
            for cell in row
        )
    return text.getvalue()


def _json(answer: Answer) -> str:
    bindings = [
        {
            name: _value(cell)
            for name, cell in zip(answer.header, row, strict=True)
            if cell is not None
        }
        for row in answer.rows
    ]
    value = {"head": {"vars": list(answer.header)}, "results": {"bindings": bindings}}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _value(cell: Cell) -> dict[str, Any]:
    if isinstance(cell, ox.NamedNode):
        return {"type": "uri", "value": cell.value}
    if isinstance(cell, ox.BlankNode):
        return {"type": "bnode", "value": cell.value}
    if isinstance(cell, ox.Literal):
        value = {"type": "literal", "value": cell.value}
        if cell.language:
            value["xml:lang"] = cell.language
        elif cell.datatype.value != STRING:
            value["datatype"] = cell.datatype.value
        return value
    raise UsageError("a row holds a quoted triple, which JSON results cannot carry")
