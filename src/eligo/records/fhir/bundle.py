"""The resources of a document, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eligo.errors import InputError
from eligo.records.fhir.access import child, children, text
from eligo.records.fhir.document import Document, JsonObject
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.outcome import PassedOverError, RefusalError

_UUID = "urn:uuid:"


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


def is_bundle(document: Document) -> bool:
    """Tell whether a document is a Bundle, which should hold what its entries refer to."""
    return document.content["resourceType"] == "Bundle"


def entries_of(
    document: Document, maps: FhirMaps
) -> Iterator[Entry | PassedOverError | RefusalError]:
    """Return the resources of a document: a Bundle's entries, or the document itself.

    Args:
        document: A FHIR resource.
        maps: Names the Bundle types that are read.

    Yields:
        Each resource; for an entry without one, or with one that cannot be read, the reason.

    Raises:
        InputError: A Bundle of a type that is not read, or one without an array of entries.
    """
    if not is_bundle(document):
        yield entry_of(document.content)
        return
    kind = document.content.get("type")
    if kind not in maps.bundles:
        raise InputError(
            f"a Bundle of type {kind!r} is not read; give one of {', '.join(sorted(maps.bundles))}",
            source=document.source,
            line=document.line,
        )
    for number, container in enumerate(_containers(document), start=1):
        try:
            entry = _entry_in(container)
            if entry.resource_type == "Bundle":
                yield from entries_of(Document(entry.content, document.source, document.line), maps)
            else:
                yield entry
        except RefusalError as refusal:
            yield RefusalError(f"entry {number}: {refusal}")
        except PassedOverError as reason:
            yield PassedOverError(f"entry {number}: {reason}")


def _entry_in(container: JsonObject) -> Entry:
    resource = child(container, "resource")
    if resource is None:
        raise PassedOverError("it holds no resource")
    request = child(container, "request")
    if request is not None and text(request, "method") == "DELETE":
        raise PassedOverError("it asks for a deletion")
    return entry_of(resource, full_url=text(container, "fullUrl") or "")


def link_of(document: Document, relation: str) -> str | None:
    """Return the URL of a Bundle's link, such as the one to its next page."""
    links = document.content.get("link")
    if isinstance(links, list):
        for link in links:
            if isinstance(link, dict) and link.get("relation") == relation:
                url = link.get("url")
                return url if isinstance(url, str) else ""
    return None


def _containers(document: Document) -> tuple[JsonObject, ...]:
    try:
        return children(document.content, "entry")
    except RefusalError as refusal:
        raise InputError(f"Bundle: {refusal}", source=document.source, line=document.line) from None
