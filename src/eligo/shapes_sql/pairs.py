"""Constraints between the values of two properties."""

from __future__ import annotations

from rdflib.namespace import SH, XSD

from eligo.shapes_sql.model import Constraint
from eligo.shapes_sql.values import Term, TermTests

ORDERS = {SH.lessThan: "<", SH.lessThanOrEquals: "<="}
PAIRS = frozenset({SH.equals, SH.disjoint, *ORDERS})


def unpaired(constraint: Constraint, tests: TermTests) -> str:
    """Return the query for the values that break a constraint between `v` and `w`.

    `v` are the values of the path and `w` those of the other property: patient, focus, node.
    """
    if constraint.parameter == SH.equals:
        return (
            "SELECT patient, focus AS node, node AS value FROM "
            "((FROM v EXCEPT FROM w) UNION (FROM w EXCEPT FROM v))"
        )
    if constraint.parameter == SH.disjoint:
        return "SELECT patient, focus AS node, node AS value FROM (FROM v INTERSECT FROM w)"
    sign = ORDERS[constraint.parameter]
    return (
        "SELECT DISTINCT v.patient, v.focus AS node, v.node AS value FROM v "
        "JOIN w ON w.patient = v.patient AND w.focus = v.focus "
        f"WHERE ({_ordered(Term.keyed('v'), Term.keyed('w'), sign, tests)}) IS NOT TRUE"
    )


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
