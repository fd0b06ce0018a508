"""Numbers of nodes as pairs of columns: several bounds of one side count as the widest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rdflib import URIRef

from eligo.compile.sql.text import Names, Pair, quoted
from eligo.compile.sql.truth import in_range
from eligo.expression.model import Range


@dataclass(frozen=True)
class Numbers:
    """Columns for the bounds of attributes.

    Attributes:
        columns: The identifier of each attribute.
        short: Writes an IRI as tables do.
    """

    columns: dict[URIRef, str]
    short: Callable[[URIRef], str]

    @staticmethod
    def of(attributes: Iterable[URIRef], short: Callable[[URIRef], str]) -> Numbers:
        """Name the columns of attributes."""
        names = Names()
        return Numbers({a: f"value_{names.of(short(a))}" for a in dict.fromkeys(attributes)}, short)

    def answer(self, wanted: Range) -> Pair:
        """Return the conditions that a number lies in a range."""
        return in_range(wanted, *self.bounds(wanted))

    def bounds(self, wanted: Range) -> tuple[str, str]:
        """Return the columns of the lower and the upper bound of a number."""
        column = self.columns[wanted.attribute]
        return f"{column}_low", f"{column}_high"

    def combined(self, attributes: Iterable[URIRef]) -> list[str]:
        """Return the columns that combine the bounds of a node, rows of `seen_bound`."""
        return [
            f"{how}(CASE WHEN seen.attribute = {quoted(self.short(a))} THEN {side} END)"
            f" AS {self.columns[a]}_{side}"
            for a in attributes
            for side, how in (("low", "MIN"), ("high", "MAX"))
        ]

    def read(self, attributes: Iterable[URIRef], table: str) -> list[str]:
        """Return the columns of a joined table."""
        return [f"{table}.{self.columns[a]}_{side}" for a in attributes for side in ("low", "high")]
