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
from eligo.shapes_sql.profile import Profile
from eligo.shapes_sql.reporting import Reporting

HEAD = re.compile(r"-- Says the same as the SPARQL with the digest ([0-9a-f]{64})\.\n")
TERM = re.compile(r"<([a-z]+):([A-Za-z]+)>")
NUMBER = re.compile(r"\[([a-z]+):([A-Za-z]+)\]")
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


def named_properties(texts: Iterable[str], names: Names) -> frozenset[URIRef]:
    """Return the properties that SQL asks for by their numbers."""
    return frozenset(
        URIRef(names.prefixes[prefix] + local)
        for text in texts
        for prefix, local in NUMBER.findall(text)
    )


def select_statement(
    one: Reporting, select: Select, known: Mapping[str, str], profile: Profile
) -> str:
    """Return the statement that reports what a SPARQL constraint finds.

    Raises:
        ShapeError: No SQL says the same as the constraint.
    """
    wanted, names = digest(select.text), profile.names
    if wanted not in known:
        raise ShapeError(
            f"{one.shape.name}: sh:sparql cannot be turned into SQL, and no file of SQL says the "
            f"same; write one with the digest {wanted}"
        )

    def iri(match: re.Match[str]) -> URIRef:
        prefix, local = match.groups()
        return URIRef(names.prefixes[prefix] + local)

    sql = NUMBER.sub(lambda match: str(profile.number(iri(match))), known[wanted])
    sql = TERM.sub(lambda match: names.constant(iri(match)), sql)
    sql = FULL.sub(lambda match: f"({names.full(match.group(1))})", sql)
    message = " || ".join(
        f"r.{piece}" if number % 2 else quoted(piece)
        for number, piece in enumerate(PLACE.split(select.message))
    )
    return (
        f"INSERT INTO shape_result SELECT DISTINCT {one.number}, n.patient, n.node, NULL, "
        f"r.value_key, {message} FROM ({sql}) r JOIN shape_node n ON n.id = r.this "
        f"WHERE {one.focus};"
    )
