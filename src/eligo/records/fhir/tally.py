"""What has been read so far of one FHIR document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import MappingProxyType

from pyoxigraph import Triple

from eligo.records.fhir.bundle import Entry
from eligo.records.fhir.outcome import FhirResult, Gap, Ignored, LeftOut, Rejected, Statement


@dataclass
class Tally:
    """Every resource of a document, counted once: read, ignored or rejected.

    Attributes:
        place: File and line of the document.
    """

    place: str
    triples: dict[Triple, None] = field(default_factory=dict)
    read: Counter[str] = field(default_factory=Counter)
    ignored: list[Ignored] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def reject(self, resource_type: str, identity: str, reason: str, patient: str = "") -> None:
        """Note a resource that could not be read."""
        name = "/".join(part for part in (resource_type, identity) if part)
        place = ": ".join(part for part in (self.place, name, reason) if part)
        self.rejected.append(Rejected(resource_type, identity, place, patient))

    def ignore(self, resource_type: str, identity: str, reason: str) -> None:
        """Note a resource that was passed over on purpose."""
        self.ignored.append(Ignored(resource_type, identity, reason))

    def take(self, entry: Entry, said: Iterable[Statement]) -> None:
        """Take all that a reader says of a resource."""
        for statement in said:
            if isinstance(statement, Gap):
                reason = f"{self.place}: {entry.reference}: {statement.element}: {statement.reason}"
                left_out = LeftOut(entry.resource_type, entry.id, statement.element, reason)
                self.left_out.append(left_out)
            else:
                self.triples[statement] = None
        self.read[entry.resource_type] += 1

    def result(self) -> FhirResult:
        """Return what was read."""
        return FhirResult(
            tuple(self.triples),
            MappingProxyType(dict(sorted(self.read.items()))),
            tuple(self.ignored),
            tuple(self.rejected),
            tuple(self.left_out),
        )
