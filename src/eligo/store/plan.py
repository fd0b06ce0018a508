"""What an import is made of: sources, and the tasks that read them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a source is."""

    RDF = "rdf"
    FHIR = "fhir"
    OMOP = "omop"


@dataclass(frozen=True)
class Source:
    """One source of patient data.

    Attributes:
        number: Its number in the manifest.
        name: What messages call it, as it was given.
        path: Where it is read from.
        kind: What it is.
        size: Bytes.
        digest: SHA-256 of its bytes.
    """

    number: int
    name: str
    path: str
    kind: Kind
    size: int
    digest: str


@dataclass(frozen=True)
class Task:
    """Sources, or a piece of one, that are read at once.

    Attributes:
        number: Its number in the plan.
        kind: What its sources are.
        sources: The sources.
        start: First byte of the piece.
        end: The byte behind its last; 0 is the end of the file.
        alone: Whether the task reads its one source whole, and gives more than one segment.
        size: Bytes, for progress.
    """

    number: int
    kind: Kind
    sources: tuple[Source, ...]
    start: int = 0
    end: int = 0
    alone: bool = False
    size: int = 0

    def unit(self, place: int) -> int:
        """Return the number of a segment of this task."""
        return (self.number << 20) + place


@dataclass
class Outcome:
    """What reading gave.

    Attributes:
        units: Numbers of the segments that were written.
        statements: How many statements each source makes.
        failures: Sources that could not be read, or not wholly, with the reason.
        broken: Numbers of the sources of which nothing may be used.
        doubts: What records are short of: about whom, the reason, and the name of the source.
        counts: How many FHIR resources or OMOP rows were read, ignored and rejected, by type.
        notes: What was ignored, rejected or left out.
    """

    units: list[int] = field(default_factory=list)
    statements: dict[int, int] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    doubts: list[tuple[str, str, str]] = field(default_factory=list)
    counts: list[tuple[str, str, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fail(self, source: Source, reason: object) -> None:
        """Note that nothing of a source may be used."""
        self.failures.append((source.name, str(reason)))
        self.broken.append(source.number)
        self.statements.pop(source.number, None)

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as JSON has it."""
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> Outcome:
        """Return the outcome that JSON states."""
        outcome = Outcome(**data)
        outcome.statements = {int(number): n for number, n in outcome.statements.items()}
        outcome.failures = [(name, reason) for name, reason in outcome.failures]
        outcome.doubts = [(about, reason, source) for about, reason, source in outcome.doubts]
        outcome.counts = [(what, kind, n) for what, kind, n in outcome.counts]
        return outcome
