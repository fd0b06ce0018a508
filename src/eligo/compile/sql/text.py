"""Pieces of SQL text: conditions with two values, columns that are written once, steps.

A condition is never NULL. Everything used here is understood by DuckDB and by Spark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

TRUE, FALSE = "TRUE", "FALSE"


@dataclass(frozen=True)
class Step:
    """A table or view to make.

    Attributes:
        name: Its name.
        select: The query that fills it.
        about: What a row of it is.
        view: Whether it is a view, whose rows are not kept.
    """

    name: str
    select: str
    about: str
    view: bool = False

    @property
    def statement(self) -> str:
        """The statement that makes it."""
        kind = "VIEW" if self.view else "TABLE"
        return f"-- {self.about}\nCREATE OR REPLACE {kind} {self.name} AS\n{self.select};\n"


@dataclass(frozen=True)
class Condition:
    """A condition that is true or false.

    Attributes:
        sql: Its text.
        layer: The layer of columns it reads; 0 are the columns of a table.
    """

    sql: str
    layer: int = 0

    def __invert__(self) -> Condition:
        if self.sql in (TRUE, FALSE):
            return ALWAYS if self.sql == FALSE else NEVER
        return Condition(f"NOT {self.sql}", self.layer)


ALWAYS, NEVER = Condition(TRUE), Condition(FALSE)


@dataclass(frozen=True)
class Pair:
    """Whether something is established and whether it is refuted."""

    met: Condition
    refuted: Condition

    def __invert__(self) -> Pair:
        return Pair(self.refuted, self.met)


OPEN = Pair(NEVER, NEVER)


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Return the conjunction of conditions."""
    return _joined(conditions, " AND ", ALWAYS, NEVER)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Return the disjunction of conditions."""
    return _joined(conditions, " OR ", NEVER, ALWAYS)


def _joined(
    conditions: Iterable[Condition], word: str, neutral: Condition, deciding: Condition
) -> Condition:
    kept = [c for c in dict.fromkeys(conditions) if c.sql != neutral.sql]
    if any(c.sql == deciding.sql for c in kept):
        return deciding
    if len(kept) < 2:
        return kept[0] if kept else neutral
    return Condition(f"({word.join(c.sql for c in kept)})", max(c.layer for c in kept))


@dataclass
class Layers:
    """Columns over a query; each is written once, in a layer above those that it reads.

    Attributes:
        names: The columns.
    """

    names: list[str] = field(default_factory=list)
    _columns: list[list[str]] = field(default_factory=list)

    def column(self, name: str, condition: Condition) -> Condition:
        """Add a column; return the condition that reads it."""
        while len(self._columns) <= condition.layer:
            self._columns.append([])
        self.names.append(name)
        self._columns[condition.layer].append(f"{condition.sql} AS {name}")
        return Condition(name, condition.layer + 1)

    def pair(self, name: str, pair: Pair) -> Pair:
        """Add two columns; what is constant is not read from them."""
        met, refuted = (
            condition if condition.sql in (TRUE, FALSE) else column
            for condition, column in (
                (pair.met, self.column(f"{name}_met", pair.met)),
                (pair.refuted, self.column(f"{name}_refuted", pair.refuted)),
            )
        )
        return Pair(met, refuted)

    def over(self, select: str, kept: Sequence[str] = ()) -> str:
        """Return the query with all columns added to those of another.

        Args:
            select: The other query.
            kept: The columns to keep; without any, all.
        """
        for number, columns in enumerate(self._columns, start=1):
            select = f"SELECT *, {listed(columns)}\nFROM (\n{indented(select)}\n) AS layer_{number}"
        if kept:
            select = f"SELECT {listed(kept)}\nFROM (\n{indented(select)}\n) AS decided"
        return select


@dataclass
class Names:
    """Identifiers that nothing else has, made from names that people know."""

    _taken: set[str] = field(default_factory=set)

    def of(self, name: str) -> str:
        """Return a new identifier: the local part of a name as far as it can be one."""
        local = re.sub(r"\W", "_", name.rpartition(":")[2].rpartition("/")[2], flags=re.ASCII)
        word = found = f"n{local}" if not local or local[0].isdigit() else local
        number = 1
        while found.lower() in self._taken:
            number += 1
            found = f"{word}_{number}"
        self._taken.add(found.lower())
        return found


def quoted(text: str) -> str:
    """Return a text as a literal."""
    return "'" + text.replace("'", "''") + "'"


def one_of(texts: Iterable[str]) -> str:
    """Return a list of literals in parentheses, sorted."""
    return f"({', '.join(quoted(text) for text in sorted(set(texts)))})"


def number(value: Decimal) -> str:
    """Return a decimal as a literal."""
    return f"{value:f}"


def listed(items: Sequence[str]) -> str:
    """Return items one a line, separated by commas."""
    return ",\n    ".join(items) if len(items) > 1 else items[0]


def indented(text: str) -> str:
    """Return a text moved to the right."""
    return "\n".join(f"    {line}" for line in text.splitlines())
