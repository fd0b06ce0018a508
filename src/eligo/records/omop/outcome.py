"""What reading an OMOP database gives back: counts that add up, and remarks in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rows:
    """Rows that one reason applies to.

    Attributes:
        number: How many they are.
        first: The first of them, counted from 1 without the line of column names.
    """

    number: int
    first: tuple[int, ...]

    @property
    def text(self) -> str:
        """The rows in words."""
        named = ", ".join(map(str, self.first))
        more = self.number - len(self.first)
        lead = "row" if self.number == 1 else "rows"
        return f"{lead} {named}" + (f" and {more} more" if more else "")


@dataclass(frozen=True)
class Tally:
    """What became of the rows of one table.

    Attributes:
        table: Name of the table.
        source: Its file.
        read: How many rows became facts, patients or notes.
        ignored: Rows that were passed over on purpose, by reason.
        rejected: Rows that could not be read, by reason.
        doubtful: Rows that were read and have something wrong, by what is wrong.
    """

    table: str
    source: str
    read: int
    ignored: Mapping[str, Rows] = field(default_factory=dict)
    rejected: Mapping[str, Rows] = field(default_factory=dict)
    doubtful: Mapping[str, Rows] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        passed = (*self.ignored.values(), *self.rejected.values())
        return self.read + sum(rows.number for rows in passed)

    def remarks(self) -> Iterator[tuple[str, str]]:
        """Say what is wrong with which rows, and where they are."""
        for reason, rows in self.rejected.items():
            yield f"{self.table} rejected: {reason}", f"{self.source}: {rows.text}"
        for reason, rows in self.doubtful.items():
            yield f"{self.table}: {reason}", f"{self.source}: {rows.text}"

    def passed_over(self) -> Iterator[tuple[str, str]]:
        """Say how many rows were ignored and why, and where they are."""
        for reason, rows in self.ignored.items():
            lead = "1 row" if rows.number == 1 else f"{rows.number} rows"
            yield f"{lead} of {self.table} ignored: {reason}", self.source


@dataclass(frozen=True)
class OmopResult:
    """What one OMOP database says.

    Attributes:
        location: The folder or file.
        version: Version of the model that it states, empty where it states none.
        tallies: What became of the rows of each table.
        gaps: What else should be known, such as a table without which codes stay unknown.
        doubts: What the records of all its patients are or may be short of, with the source.
        sources: Files that patients and facts were read from, that of the persons first.
    """

    location: str
    version: str
    tallies: Sequence[Tally]
    gaps: Sequence[tuple[str, str]]
    doubts: Sequence[tuple[str, str]]
    sources: Sequence[str]

    def remarks(self) -> Iterator[tuple[str, str]]:
        """Say what was read, what was wrong, and what was ignored, and where it is."""
        read = ", ".join(f"{t.table} {t.read}" for t in self.tallies if t.read)
        ignored = sum(rows.number for t in self.tallies for rows in t.ignored.values())
        rejected = sum(rows.number for t in self.tallies for rows in t.rejected.values())
        yield (
            f"OMOP CDM {self.version or 'of unstated version'}, rows read: {read or 'none'}; "
            f"ignored {ignored}, rejected {rejected}",
            self.location,
        )
        for tally in self.tallies:
            yield from tally.remarks()
        yield from self.doubts
        yield from self.gaps
        for tally in self.tallies:
            yield from tally.passed_over()
