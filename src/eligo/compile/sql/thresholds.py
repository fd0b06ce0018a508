"""What leaves ask for, as a table: threshold, wanted values, unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rdflib import Literal, URIRef

from eligo.compile.sql.needs import Needs
from eligo.compile.sql.supports import Leaf
from eligo.compile.sql.text import Step, number, quoted
from eligo.expression.model import Attribute, HasValue, Range, Some, kinds

Unit = Callable[[URIRef, frozenset[URIRef]], str | None]
"""The unit of an attribute, given the kinds of facts it is asked of."""

COLUMNS = (
    "leaf, relation, attribute, minimum, minimum_inclusive, maximum, maximum_inclusive, "
    "wanted, unit"
)


def leaf_table(leaves: Mapping[Leaf, int], needs: Needs, unit: Unit) -> Step:
    """Return the table of numbered leaves."""
    rows = [_row(leaf, place, needs, unit) for leaf, place in leaves.items()]
    about = "A measure or a statement about facts that classes rest on, with its threshold."
    return Step("detail_leaf", rows_of(rows, COLUMNS), about)


def _row(leaf: Leaf, place: int, needs: Needs, unit: Unit) -> list[str]:
    asked = leaf.about
    relation = asked.relation if isinstance(asked, Some) else None
    within = asked if isinstance(asked, Range) else leaf.within
    wanted: str | None = None
    said: str | None = None
    if within is not None:
        attribute: URIRef | None = within.attribute
        said = unit(within.attribute, leaf.kinds)
    elif isinstance(asked, Some):
        attribute = needs.rules.classifiers.get(asked.relation)
        wanted = " ".join(map(needs.short, sorted(kinds(asked.filler)))) or None
    else:
        attribute = asked.attribute
        wanted = _wanted(asked, needs) if isinstance(asked, Attribute | HasValue) else None
    bounds: list[str] = []
    if within is None:
        sides: list[tuple[str | None, str | None]] = [(None, None), (None, None)]
    else:
        lower = within.minimum, within.minimum_inclusive
        upper = within.maximum, within.maximum_inclusive
        sides = [
            (None, None) if bound is None else (number(bound), str(inclusive).upper())
            for bound, inclusive in (lower, upper)
        ]
    for bound, inclusive in sides:
        bounds += [cast(bound, "DECIMAL(38, 9)"), cast(inclusive, "BOOLEAN")]
    texts = [
        cast(None if text is None else quoted(text), "VARCHAR")
        for text in (
            None if relation is None else needs.short(relation),
            None if attribute is None else needs.short(attribute),
            wanted,
            said,
        )
    ]
    return [str(place), *texts[:2], *bounds, *texts[2:]]


def _wanted(asked: Attribute | HasValue, needs: Needs) -> str:
    if isinstance(asked, Attribute):
        return " ".join(map(needs.short, sorted(kinds(asked.filler))))
    return str(asked.value) if isinstance(asked.value, Literal) else needs.short(asked.value)


def distance(wanted: Range, column: str) -> str:
    """Return how far a bound lies inside a range: negative outside, NULL without a bound."""
    sides = []
    if wanted.minimum is not None:
        sides.append(f"({column} - {number(wanted.minimum)})")
    if wanted.maximum is not None:
        sides.append(f"({number(wanted.maximum)} - {column})")
    if not sides:
        return "CAST(NULL AS DECIMAL(38, 9))"
    if len(sides) == 1:
        return f"CAST({sides[0]} AS DECIMAL(38, 9))"
    one, other = sides
    return f"CAST(CASE WHEN {one} < {other} THEN {one} ELSE {other} END AS DECIMAL(38, 9))"


def rows_of(rows: list[list[str]], columns: str) -> str:
    """Return a query that gives rows."""
    first, *rest = rows
    head = (f"{cell} AS {name}" for cell, name in zip(first, columns.split(", "), strict=True))
    selects = [f"SELECT {', '.join(cells)}" for cells in (head, *rest)]
    return "\nUNION ALL ".join(selects)


def cast(text: str | None, kind: str) -> str:
    """Return a literal of a type; None is NULL."""
    return f"CAST({'NULL' if text is None else text} AS {kind})"
