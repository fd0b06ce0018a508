"""What reading FHIR gives back, and the signals by which a reader declines a resource."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pyoxigraph import Triple

from eligo.errors import EligoError


@dataclass(frozen=True)
class Ignored:
    """A resource that says nothing Eligo reads.

    Attributes:
        resource_type: Its FHIR type.
        id: Its id; empty where it has none.
        reason: Why it was passed over.
    """

    resource_type: str
    id: str
    reason: str


@dataclass(frozen=True)
class Rejected:
    """A resource that should have become a fact and could not; the record is short of it.

    Attributes:
        resource_type: Its FHIR type; empty where it has none.
        id: Its id; empty where it has none.
        reason: Names the file and the resource, what is wrong and how to mend it.
        patient: IRI of the patient whose record is short of it; empty where nobody can tell.
    """

    resource_type: str
    id: str
    reason: str
    patient: str = ""


@dataclass(frozen=True)
class LeftOut:
    """An element of a resource that was read without it; what it would have said is unknown.

    Attributes:
        resource_type: FHIR type of the resource.
        id: Id of the resource.
        element: Path of the element below the resource, such as ``valueString``.
        reason: Names the file, the resource and the element, and why it was left out.
    """

    resource_type: str
    id: str
    element: str
    reason: str


@dataclass(frozen=True)
class FhirResult:
    """What one FHIR document says, in the vocabulary of patient records.

    Attributes:
        triples: The patient graph, each triple once.
        read: How many resources of each type became facts or patients.
        ignored: Resources passed over on purpose.
        rejected: Resources that could not be read.
        left_out: Elements that could not be read, of resources that were.
    """

    triples: tuple[Triple, ...]
    read: Mapping[str, int]
    ignored: tuple[Ignored, ...]
    rejected: tuple[Rejected, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many resources of each type were read, ignored and rejected."""
        found = Counter({("read", kind): number for kind, number in self.read.items()})
        found.update(("ignored", item.resource_type) for item in self.ignored)
        found.update(("rejected", item.resource_type) for item in self.rejected)
        return found

    @staticmethod
    def sum(results: Iterable[FhirResult]) -> FhirResult:
        """Return several results as one."""
        every = tuple(results)
        read = sum((Counter(result.read) for result in every), Counter())
        return FhirResult(
            tuple(dict.fromkeys(triple for result in every for triple in result.triples)),
            MappingProxyType(dict(sorted(read.items()))),
            tuple(item for result in every for item in result.ignored),
            tuple(item for result in every for item in result.rejected),
            tuple(item for result in every for item in result.left_out),
        )


@dataclass(frozen=True)
class Gap:
    """A reader's word that it left an element out."""

    element: str
    reason: str


Statement = Triple | Gap
"""What a reader says: a triple of the record, or that an element was left out."""


class RefusalError(EligoError):
    """A resource cannot be read; the message says what is wrong and how to mend it."""


class ElsewhereError(EligoError):
    """A resource refers to one that has not been read yet; it waits for the other documents."""


class PassedOverError(EligoError):
    """A resource was understood and is no fact; the message says why."""
