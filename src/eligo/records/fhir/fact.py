"""One fact of a patient's record, and what every resource type says about it alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from eligo.records.fhir import terms
from eligo.records.fhir.access import text
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.index import Index
from eligo.records.fhir.literals import date_literal
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.outcome import Gap, RefusalError, Statement


def mint(maps: FhirMaps, *parts: str) -> NamedNode:
    """Return the IRI of a patient or fact; characters an IRI cannot hold are percent-encoded."""
    return NamedNode(maps.prefix + ":".join(quote(part, safe="") for part in parts))


@dataclass(frozen=True)
class Scope:
    """What a reader knows besides the resource itself.

    Attributes:
        maps: The value maps.
        index: The other resources of the document.
        resource_type: FHIR type of the resource.
        id: Id of the resource.
        patient_id: Id of the patient it speaks of.
    """

    maps: FhirMaps
    index: Index
    resource_type: str
    id: str
    patient_id: str

    def fact(self, element: str = "", position: int = 0) -> Fact:
        """Return the fact that the resource, or one of its repeated elements, becomes.

        Args:
            element: Name of the repeated element; empty for the resource itself.
            position: Its place in the array, counted from 0 as FHIRPath does.
        """
        reference = f"{self.resource_type}/{self.id}"
        parts = [self.patient_id, self.resource_type, self.id]
        if element:
            reference += f".{element}[{position}]"
            parts.append(f"{element}.{position}")
        return Fact(mint(self.maps, *parts), self.maps, self, reference)


@dataclass(frozen=True)
class Fact:
    """The node of a fact.

    Attributes:
        node: Its IRI.
        maps: The value maps.
        scope: The resource it comes from.
        reference: Where in the source it stands, as a FHIRPath from the resource on.
    """

    node: NamedNode
    maps: FhirMaps
    scope: Scope
    reference: str

    def declare(self, relation: NamedNode, kind: NamedNode) -> Iterator[Statement]:
        """Say that the patient has the fact, what kind it is of and where it comes from."""
        yield Triple(mint(self.maps, "Patient", self.scope.patient_id), relation, self.node)
        yield Triple(self.node, terms.TYPE, kind)
        yield Triple(self.node, terms.SOURCE_REFERENCE, Literal(self.reference))

    def value(self, predicate: NamedNode, value: NamedNode | None) -> Iterator[Statement]:
        """Say a mapped value, where there is one."""
        if value is not None:
            yield Triple(self.node, predicate, value)

    def date(self, predicate: NamedNode, parent: JsonObject, name: str) -> Iterator[Statement]:
        """Say a date, dateTime or instant, where there is one."""
        written = text(parent, name)
        literal = None if written is None else date_literal(written)
        if literal is not None:
            yield Triple(self.node, predicate, literal)
        elif written is not None:
            yield from self.left_out(name, f"{written!r} is no date; write it as YYYY-MM-DD")

    def note(self, remark: str) -> Triple:
        """Say something that people read and rules do not."""
        return Triple(self.node, terms.NOTE, Literal(remark))

    def left_out(self, element: str, reason: str) -> Iterator[Statement]:
        """Say, on the fact and to the caller, that an element was not read."""
        yield Gap(element, reason)
        yield self.note(f"{element} was not read: {reason}")

    def guarded(self, element: str, statements: Iterable[Statement]) -> Iterator[Statement]:
        """Say statements of an element that the fact can do without; all of them or none."""
        try:
            said = tuple(statements)
        except RefusalError as refusal:
            yield from self.left_out(element, str(refusal))
        else:
            yield from said

    def blank(self, *parts: str) -> BlankNode:
        """Return a node below the fact that is the same whenever fact and parts are the same."""
        digest = hashlib.blake2b("\0".join((self.node.value, *parts)).encode(), digest_size=12)
        return BlankNode(f"f{digest.hexdigest()}")
