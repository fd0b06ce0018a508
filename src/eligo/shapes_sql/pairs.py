"""Constraints between the values of two properties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rdflib import URIRef
from rdflib.namespace import SH, XSD

from eligo.shapes_sql.model import Constraint
from eligo.shapes_sql.term import Term
from eligo.shapes_sql.values import TermTests

ORDERS = {SH.lessThan: "<", SH.lessThanOrEquals: "<="}
SETS = {
    SH.equals: "(FROM v EXCEPT FROM w) UNION (FROM w EXCEPT FROM v)",
    SH.disjoint: "FROM v INTERSECT FROM w",
}
"""Queries for what breaks a constraint between the values `v` of a path and the others, `w`."""
PAIRS = frozenset({*SETS, *ORDERS})


def paired(constraint: Constraint) -> URIRef:
    """Return the other property of a constraint between two."""
    return URIRef(str(constraint.terms[0]))


def disordered(constraint: Constraint, numbers: Iterable[int], tests: TermTests) -> str:
    """Return the query for values that do not come before those of another property.

    What cannot be compared does not come before.

    Args:
        constraint: The constraint.
        numbers: The numbers of the two properties.
        tests: Writes tests of terms.
    """
    a, b = (replace(Term.object_of(t, "NULL"), tested=t) for t in ("a", "b"))
    first, second = numbers
    same = " AND ".join(
        f"{term}.{part} = {row}.{part}"
        for term, row in (("a", "x"), ("b", "y"))
        for part in ("property", "object", "kind", "datatype", "language")
    )
    return (
        f"SELECT DISTINCT x.subject_id AS focus, {a.key} AS value "
        "FROM shape_statement x JOIN shape_statement y ON y.subject_id = x.subject_id "
        f"JOIN shape_term a ON TRUE JOIN shape_term b ON TRUE WHERE {same} "
        f"AND x.property = {first} AND y.property = {second} "
        f"AND ({_ordered(a, b, ORDERS[constraint.parameter], tests)}) IS NOT TRUE"
    )


def _ordered(a: Term, b: Term, sign: str, tests: TermTests) -> str:
    """Return the condition that a term comes before another; what cannot be compared does not."""
    numbers = (f"{t.text}, {tests.number(t)}, {tests.floating(t)}" for t in (a, b))
    string, day = (tests.names.constant(d) for d in (XSD.string, XSD.date))
    return (
        f"CASE WHEN {a.datatype} = {string} AND {b.datatype} = {string} "
        f"THEN {a.text} {sign} {b.text} "
        f"WHEN {a.datatype} = {day} AND {b.datatype} = {day} "
        f"THEN TRY_CAST({a.text}[1:10] AS DATE) {sign} TRY_CAST({b.text}[1:10] AS DATE) "
        f"ELSE shape_order({', '.join(numbers)}) {sign} 0 END"
    )
