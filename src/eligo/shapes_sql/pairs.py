"""Constraints between the values of two properties."""

from __future__ import annotations

from rdflib.namespace import SH, XSD

from eligo.shapes_sql.model import Constraint
from eligo.shapes_sql.values import Term, TermTests

ORDERS = {SH.lessThan: "<", SH.lessThanOrEquals: "<="}
PAIRS = frozenset({SH.equals, SH.disjoint, *ORDERS})


def unpaired(constraint: Constraint, tests: TermTests) -> str:
    """Return the query for the values that break a constraint between `v` and `w`.

    `v` are the values of the path and `w` those of the other property.
    """
    if constraint.parameter == SH.equals:
        return "(FROM v EXCEPT FROM w) UNION (FROM w EXCEPT FROM v)"
    if constraint.parameter == SH.disjoint:
        return "FROM v INTERSECT FROM w"
    ordered = _ordered(
        Term.keyed("v", "value"), Term.keyed("w", "value"), ORDERS[constraint.parameter], tests
    )
    return f"SELECT DISTINCT v.* FROM v JOIN w ON w.focus = v.focus WHERE ({ordered}) IS NOT TRUE"


def _ordered(a: Term, b: Term, sign: str, tests: TermTests) -> str:
    """Return the condition that a term comes before another; what cannot be compared does not."""
    order = f"shape_order({a.text}, {tests.floating(a)}, {b.text}, {tests.floating(b)})"
    string, day = (tests.names.constant(d) for d in (XSD.string, XSD.date))
    return (
        f"CASE WHEN {tests.number(a)} AND {tests.number(b)} THEN {order} {sign} 0 "
        f"WHEN {a.datatype} = {string} AND {b.datatype} = {string} THEN {a.text} {sign} {b.text} "
        f"WHEN {a.datatype} = {day} AND {b.datatype} = {day} "
        f"THEN TRY_CAST({a.text}[1:10] AS DATE) {sign} TRY_CAST({b.text}[1:10] AS DATE) END"
    )
