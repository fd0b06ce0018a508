"""The three values of and, or and not as two conditions, by strong Kleene logic."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from eligo.compile.sql.text import Condition, Pair, all_of, any_of, number
from eligo.expression.model import And, Expression, Not, Or, Range


def truth(expression: Expression, leaf: Callable[[Expression], Pair]) -> Pair:
    """Return the conditions of an expression, given those of its leaves."""
    match expression:
        case And(parts):
            return every(truth(part, leaf) for part in parts)
        case Or(parts):
            return either(truth(part, leaf) for part in parts)
        case Not(part):
            return ~truth(part, leaf)
        case _:
            return leaf(expression)


def every(pairs: Iterable[Pair]) -> Pair:
    """Return the conditions of a conjunction."""
    parts = list(pairs)
    return Pair(all_of(p.met for p in parts), any_of(p.refuted for p in parts))


def either(pairs: Iterable[Pair]) -> Pair:
    """Return the conditions of a disjunction."""
    parts = list(pairs)
    return Pair(any_of(p.met for p in parts), all_of(p.refuted for p in parts))


def in_range(wanted: Range, low: str, high: str) -> Pair:
    """Return the conditions that an interval lies in a range and that it lies outside.

    Args:
        wanted: The range.
        low: Column of the lower bound, NULL if there is none.
        high: Column of the upper bound, NULL if there is none.
    """
    met: list[Condition] = []
    refuted: list[Condition] = []
    if wanted.minimum is not None:
        at_least, below = (">=", "<") if wanted.minimum_inclusive else (">", "<=")
        met.append(_compared(low, at_least, wanted.minimum))
        refuted.append(_compared(high, below, wanted.minimum))
    if wanted.maximum is not None:
        at_most, above = ("<=", ">") if wanted.maximum_inclusive else ("<", ">=")
        met.append(_compared(high, at_most, wanted.maximum))
        refuted.append(_compared(low, above, wanted.maximum))
    if not met:
        met.append(Condition(f"({low} IS NOT NULL OR {high} IS NOT NULL)"))
    return Pair(all_of(met), any_of(refuted))


def _compared(column: str, sign: str, bound: Decimal) -> Condition:
    return Condition(f"({column} IS NOT NULL AND {column} {sign} {number(bound)})")
