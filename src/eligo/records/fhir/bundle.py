"""The resources of a document, and what a reference in one of them points to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eligo.errors import InputError
from eligo.records.fhir.access import child, children, text
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.outcome import PassedOverError, RefusalError

_UUID = "urn:uuid:"
_RELATIVE = re.compile(r"[A-Za-z]+/[^/?#]+")


@dataclass(frozen=True)
class Entry:
    """A resource of a document.

    Attributes:
        resource_type: Its FHIR type.
        id: Its id, or the UUID of its full URL; empty where it has neither.
        full_url: URL that references may use; empty where there is none.
        content: The resource.
    """

    resource_type: str
    id: str
    full_url: str
    content: JsonObject

    @property
    def reference(self) -> str:
        """Type and id, as a relative reference writes them."""
        return f"{self.resource_type}/{self.id}"


@dataclass(frozen=True)
class Index:
    """Where references of one document lead.

    Attributes:
        targets: Full URL or relative reference → the entry.
        is_bundle: Whether the document is a Bundle, which must then hold what its entries refer to.
    """

    targets: Mapping[str, Entry]
    is_bundle: bool

    @classmethod
    def of(cls, entries: tuple[Entry, ...], *, is_bundle: bool) -> Index:
        """Return the index of some entries."""
        targets = {entry.reference: entry for entry in entries if entry.id}
        targets |= {entry.full_url: entry for entry in entries if entry.full_url}
        return cls(targets, is_bundle)

    def resolve(self, reference: JsonObject, container: JsonObject) -> Entry | None:
        """Return what a Reference points to, in the document or contained in a resource.

        Args:
            reference: A FHIR Reference.
            container: The resource that holds it.
        """
        target = text(reference, "reference")
        if target is None:
            return None
        if target.startswith("#"):
            found = [c for c in children(container, "contained") if text(c, "id") == target[1:]]
            return entry_of(found[0]) if len(found) == 1 else None
        return self.targets.get(target.split("/_history/")[0])

    def patient_id(self, resource: JsonObject, element: str) -> str:
        """Return the id of the patient that a resource speaks of.

        Args:
            resource: The resource.
            element: Its element that refers to the patient.

        Raises:
            RefusalError: The patient is not in the Bundle, or the reference names none.
        """
        references = resource.get(element)
        if not isinstance(references, dict):
            raise RefusalError(f"it has no {element}; add a reference to its Patient")
        target = (text(references, "reference") or "").split("/_history/")[0]
        found = self.resolve(references, resource)
        if found is not None and found.resource_type == "Patient" and not target.startswith("#"):
            return found.id
        if found is None and not self.is_bundle and _RELATIVE.fullmatch(target):
            resource_type, _, patient = target.partition("/")
            if resource_type == "Patient":
                return patient
        where = "the Bundle" if self.is_bundle else "the file"
        raise RefusalError(
            f"its {element} {target or '(no reference)'} is no readable Patient of {where}; "
            "add or mend that Patient resource, or correct the reference"
        )


def entry_of(resource: JsonObject, *, full_url: str = "") -> Entry:
    """Return a resource as an entry.

    Args:
        resource: The resource.
        full_url: The URL its Bundle gives it.

    Raises:
        RefusalError: It has no resourceType.
    """
    resource_type = text(resource, "resourceType")
    if resource_type is None:
        raise RefusalError("it has no resourceType; add it")
    own_id = text(resource, "id") or full_url.removeprefix(_UUID) * full_url.startswith(_UUID)
    return Entry(resource_type, own_id, full_url, resource)


def entries_of(
    document: JsonObject, maps: FhirMaps, *, source: str
) -> Iterator[Entry | PassedOverError | RefusalError]:
    """Return the resources of a document: a Bundle's entries, or the document itself.

    Args:
        document: A FHIR resource.
        maps: Names the Bundle types that are read.
        source: File name, for messages.

    Yields:
        Each resource; for an entry without one, or with one that cannot be read, the reason.

    Raises:
        InputError: A Bundle of a type that is not read, or one without an array of entries.
    """
    if document["resourceType"] != "Bundle":
        yield entry_of(document)
        return
    kind = document.get("type")
    if kind not in maps.bundles:
        raise InputError(
            f"a Bundle of type {kind!r} is not read; give one of {', '.join(sorted(maps.bundles))}",
            source=source,
        )
    for number, container in enumerate(_containers(document, source), start=1):
        try:
            yield _entry_in(container)
        except RefusalError as refusal:
            yield RefusalError(f"entry {number}: {refusal}")
        except PassedOverError as reason:
            yield PassedOverError(f"entry {number}: {reason}")


def _entry_in(container: JsonObject) -> Entry:
    resource = child(container, "resource")
    if resource is None:
        raise PassedOverError("it holds no resource")
    return entry_of(resource, full_url=text(container, "fullUrl") or "")


def has_next_page(document: JsonObject) -> bool:
    """Tell whether a Bundle is one page of several."""
    links = document.get("link")
    return isinstance(links, list) and any(
        isinstance(link, dict) and link.get("relation") == "next" for link in links
    )


def _containers(document: JsonObject, source: str) -> tuple[JsonObject, ...]:
    try:
        return children(document, "entry")
    except RefusalError as refusal:
        raise InputError(f"Bundle: {refusal}", source=source) from None
