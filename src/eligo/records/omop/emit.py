"""From mapped rows to statements: the columns of a statement name the properties they state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rdflib import RDF

from eligo.database import Database
from eligo.errors import ModelError
from eligo.records.omop.workspace import quoted, template
from eligo.records.skolem import PREFIX as UNNAMED
from eligo.vocabulary.ontology import PREFIXES
from eligo.vocabulary.terms import ELIG

LIST = "[]"
READ = "ignored IS NULL AND rejected IS NULL"


def columns_of(database: Database, table: str) -> dict[str, str]:
    """Return the columns of mapped rows with their types."""
    return {row[0]: row[1] for row in database.query(f"DESCRIBE mapped_{table}")}


def statements_of(database: Database, table: str, *, every: bool = False) -> Iterator[bytes]:
    """Yield what the rows of a table say, as N-Triples, some rows at a time.

    Args:
        database: Holds the mapped rows.
        table: Name of the table.
        every: Whether there is no outcome to go by.
    """
    columns = columns_of(database, table)
    lines = ", ".join(_lines(columns))
    text = template("lines").substitute(table=table, lines=lines, chosen="TRUE" if every else READ)
    for batch in database.batches(text):
        yield "\n".join(row[0] for row in batch if row[0]).encode()


def pointing_columns(columns: Mapping[str, str], table: str) -> Iterator[str]:
    """Yield statements that list what the coded columns of a table point at."""
    for name, kind in columns.items():
        if ":" in name and "/" not in name:
            column = quoted(name, '"')
            value = f"unnest({column})" if kind.endswith(LIST) else column
            yield f"SELECT {value} AS node FROM mapped_{table} WHERE {READ}"


def _lines(columns: Mapping[str, str]) -> Iterator[str]:
    if "relation" in columns:
        yield (
            "statement('<' || minted_name('person:' || url_encode(person_id)) || '>', "
            "relation, subject)"
        )
        yield f"statement(subject, {_predicate('elig:sourceReference')}, literal(local))"
    if "kind" in columns:
        yield f"statement(subject, {quoted(f'<{RDF.type}>')}, kind)"
    nested: dict[str, list[str]] = {}
    for name, kind in columns.items():
        if ":" not in name:
            continue
        head, slash, tail = name.partition("/")
        if slash:
            nested.setdefault(head, []).append(tail)
            continue
        macro = "statements" if kind.endswith(LIST) else "statement"
        yield f"{macro}(subject, {_predicate(name)}, {quoted(name, chr(34))})"
    for head, tails in nested.items():
        yield from _part(head, tails)


def _part(head: str, tails: list[str]) -> Iterator[str]:
    """Yield what a quantity of a fact says; it hangs on the fact under a name of its own."""
    given = ", ".join(quoted(f"{head}/{tail}", '"') for tail in tails)
    node = f"'<{UNNAMED}' || local || ':{head.partition(':')[2]}>'"
    there = f"CASE WHEN COALESCE({given}) IS NOT NULL THEN"
    yield f"{there} statement(subject, {_predicate(head)}, {node}) END"
    kind = quoted(f"<{ELIG.Quantity}>")
    yield f"{there} statement({node}, {quoted(f'<{RDF.type}>')}, {kind}) END"
    for tail in tails:
        column = quoted(f"{head}/{tail}", '"')
        yield f"statement({node}, {_predicate(tail)}, {column})"


def _predicate(name: str) -> str:
    prefix, _, local = name.partition(":")
    if prefix not in PREFIXES:
        raise ModelError(f"a mapping states {name}, whose prefix is not known; use one of Eligo's")
    return quoted(f"<{PREFIXES[prefix]}{local}>")
