"""SPARQL constraints, by SQL that says the same.

SPARQL is not translated. A file of SQL names the digest of the SPARQL that it was written for, so
that a constraint that was changed is refused until its SQL is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from rdflib import URIRef

from eligo.shapes_sql.model import Select, ShapeError
from eligo.shapes_sql.names import Names, quoted
from eligo.shapes_sql.reporting import Reporting

HEAD = re.compile(r"-- Says the same as the SPARQL with the digest ([0-9a-f]{64})\.\n")
TERM = re.compile(r"<([a-z]+):([A-Za-z]+)>")
FULL = re.compile(r"\bfull\((\w+\.\w+)\)")
PLACE = re.compile(r"\{[?$](\w+)\}")


def digest(text: str) -> str:
    """Return the digest of a SPARQL text; white space does not count."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def counterparts(files: Iterable[Path]) -> dict[str, str]:
    """Return SQL by the digest of the SPARQL that it says the same as.

    Raises:
        ShapeError: A file does not begin with the digest.
    """
    found = {}
    for path in files:
        text = path.read_text(encoding="utf-8")
        head = HEAD.match(text)
        if head is None:
            raise ShapeError(f"{path}: does not begin with the digest of a SPARQL constraint")
        found[head.group(1)] = text[head.end() :].strip().rstrip(";")
    return found


def select_statement(
    one: Reporting, select: Select, known: Mapping[str, str], names: Names
) -> str:
    """Return the statement that reports what a SPARQL constraint finds.

    Raises:
        ShapeError: No SQL says the same as the constraint.
    """
    wanted = digest(select.text)
    if wanted not in known:
        raise ShapeError(
            f"{one.shape.name}: sh:sparql cannot be turned into SQL, and no file of SQL says the "
            f"same; write one with the digest {wanted}"
        )

    def term(match: re.Match[str]) -> str:
        prefix, local = match.groups()
        return names.constant(URIRef(names.prefixes[prefix] + local))

    sql = TERM.sub(term, known[wanted])
    sql = FULL.sub(lambda match: f"({names.full(match.group(1))})", sql)
    message = " || ".join(
        f"r.{piece}" if number % 2 else quoted(piece)
        for number, piece in enumerate(PLACE.split(select.message))
    )
    return (
        f"INSERT INTO shape_result SELECT DISTINCT {one.number}, n.patient, n.node, NULL, "
        f"r.value_key, {message} FROM ({sql}) r "
        f"JOIN shape_node n ON n.patient = r.patient AND n.node = r.this WHERE {one.focus};"
    )
