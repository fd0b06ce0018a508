"""The ontology as tables, for the derivation that runs in SQL.

IRIs are written in their short form. Every statement is a row, so that a mechanism reads its
parameters from the ontology and none of them stands in SQL or Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.term import Node

from eligo.errors import ModelError
from eligo.vocabulary.ontology import Ontology, possible_kinds
from eligo.vocabulary.terms import ELIG

Row: TypeAlias = tuple[str | int | None, ...]


@dataclass(frozen=True)
class Table:
    """Rows of one table, with its column definitions."""

    name: str
    columns: Mapping[str, str]
    rows: tuple[Row, ...]


def vocabulary_tables(
    ontology: Ontology, below: Mapping[URIRef, frozenset[URIRef]]
) -> tuple[Table, ...]:
    """Return the vocabulary tables.

    Raises:
        ModelError: A code, unit or `elig:mayBe` is malformed; the message names the term.
    """
    possible = possible_kinds(ontology, dict(below))
    return (
        Table(
            "v_triple",
            {"subject": "VARCHAR", "predicate": "VARCHAR", "object": "VARCHAR"},
            _triples(ontology),
        ),
        Table("v_below", {"concept": "VARCHAR", "kind": "VARCHAR"}, _pairs(ontology, below)),
        Table("v_can_be", {"concept": "VARCHAR", "kind": "VARCHAR"}, _pairs(ontology, possible)),
        *code_tables(ontology),
        Table(
            "v_unit",
            {"unit": "VARCHAR", "canonical": "VARCHAR", "num": "HUGEINT", "den": "HUGEINT"},
            _units(ontology),
        ),
    )


def code_tables(ontology: Ontology) -> tuple[Table, Table]:
    """Return the codes that concepts list, one by one and by prefix.

    Raises:
        ModelError: A code names no system.
    """
    return (
        Table(
            "v_code",
            {"system": "VARCHAR", "notation": "VARCHAR", "concept": "VARCHAR"},
            _codes(ontology, ELIG.notation),
        ),
        Table(
            "v_code_prefix",
            {"system": "VARCHAR", "prefix": "VARCHAR", "concept": "VARCHAR"},
            _codes(ontology, ELIG.notationPrefix),
        ),
    )


def _triples(ontology: Ontology) -> tuple[Row, ...]:
    lists = {s for s in ontology.graph.subjects(RDF.first)}
    rows = [
        (_name(ontology, s), _name(ontology, p), _name(ontology, o))
        for s, p, o in ontology.graph
        if s not in lists
    ]
    return tuple(sorted(rows))


def _name(ontology: Ontology, term: Node) -> str:
    if isinstance(term, BNode):
        return f"_:{term}"
    return str(term) if isinstance(term, Literal) else ontology.short(term)


def _pairs(ontology: Ontology, pairs: Mapping[URIRef, frozenset[URIRef]]) -> tuple[Row, ...]:
    short = {term: ontology.short(term) for term in pairs}
    return tuple(sorted((short[term], short[kind]) for term in pairs for kind in pairs[term]))


def _codes(ontology: Ontology, predicate: URIRef) -> tuple[Row, ...]:
    rows: set[tuple[str, str, str]] = set()
    for concept, code in ontology.graph.subject_objects(ELIG.hasCode):
        notation = ontology.text(code, predicate)
        if notation is None:
            continue
        system = ontology.iri(code, ELIG.inSystem)
        if system is None:
            raise ModelError(
                f"{ontology.where(concept)}: a code {notation!r} of {ontology.short(concept)} "
                "names no code system; add elig:inSystem"
            )
        rows.add((ontology.short(system), notation, ontology.short(concept)))
    return tuple(sorted(rows))


def _units(ontology: Ontology) -> tuple[Row, ...]:
    rows: dict[str, Row] = {}
    for unit in sorted(ontology.graph.subjects(RDF.type, ELIG.Unit), key=str):
        canonical = ontology.iri(unit, ELIG.canonical)
        numbers = [ontology.text(unit, p) for p in (ELIG.numerator, ELIG.denominator)]
        if canonical is None or any(n is None or not n.isdigit() or n == "0" for n in numbers):
            raise ModelError(
                f"{ontology.where(unit)}: {ontology.short(unit)} needs elig:canonical and whole "
                "numbers above zero as elig:numerator and elig:denominator"
            )
        names = {str(n) for n in ontology.graph.objects(unit, SKOS.notation)}
        names |= {str(n) for n in ontology.graph.objects(unit, SKOS.altLabel)}
        for name in (*sorted(names), ontology.short(unit)):
            if name in rows:
                raise ModelError(
                    f"{ontology.where(unit)}: the unit code {name!r} is given to two units"
                )
            rows[name] = (name, unit_code(ontology, canonical), *(int(n) for n in numbers if n))
    return tuple(rows[name] for name in sorted(rows))


def unit_code(ontology: Ontology, unit: Node) -> str:
    """Return the UCUM code of a unit.

    Raises:
        ModelError: The unit has none, or several.
    """
    codes = list(ontology.graph.objects(unit, SKOS.notation))
    if len(codes) != 1:
        raise ModelError(
            f"{ontology.where(unit)}: {ontology.short(unit)} needs exactly one skos:notation (its "
            f"UCUM code; other spellings are skos:altLabel), found {len(codes)}"
        )
    return str(codes[0])
