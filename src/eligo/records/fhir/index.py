"""What a reference points to: in the same document, contained, or in another document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from eligo.records.fhir.access import child, children, text
from eligo.records.fhir.bundle import Entry, entry_of
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.outcome import ElsewhereError, PassedOverError, RefusalError

_RELATIVE = re.compile(r"([A-Za-z]+)/([^/?#]+)")
_ABSOLUTE = re.compile(r"https?://.+/([A-Za-z]+/[^/?#]+)")
_PATIENT = "Patient"
_LOOKED_INTO: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"Condition": ("code",), "Observation": ("code",), "Patient": ("identifier",)}
)
_LOOKED_INTO_WHOLLY = frozenset({"Consent", "Medication", "ResearchStudy"})


def _keys(entry: Entry) -> Iterator[str]:
    if entry.id:
        yield entry.reference
    if entry.full_url:
        yield entry.full_url
    if entry.resource_type == _PATIENT:
        yield from filter(None, map(_identity, _identifiers(entry.content)))


def _identifiers(resource: JsonObject) -> tuple[JsonObject, ...]:
    try:
        return children(resource, "identifier")
    except RefusalError:
        return ()


def _identity(identifier: JsonObject) -> str | None:
    value = text(identifier, "value")
    return None if value is None else f"identifier {text(identifier, 'system') or ''}|{value}"


def light(entry: Entry) -> Entry:
    """Return an entry with only what another document may look up in it."""
    if entry.resource_type in _LOOKED_INTO_WHOLLY:
        return entry
    names = _LOOKED_INTO.get(entry.resource_type, ())
    return replace(entry, content={n: entry.content[n] for n in names if n in entry.content})


def named_patient(entry: Entry, element: str) -> str:
    """Return the id of the patient a resource names or is, as far as it can be told at once."""
    if entry.resource_type == _PATIENT:
        return entry.id
    reference = entry.content.get(element)
    target = reference.get("reference") if isinstance(reference, dict) else None
    named = _RELATIVE.match(target) if isinstance(target, str) else None
    return named[2] if named and named[1] == _PATIENT else ""


@dataclass
class Others:
    """The resources of all documents read so far.

    Attributes:
        targets: Full URL, relative reference or identifier → the entry; None for one that is not
            the same everywhere.
        complete: Whether no further document will come.
    """

    targets: dict[str, Entry | None] = field(default_factory=dict)
    complete: bool = False

    def add(self, entry: Entry) -> None:
        """Make a resource known to the others."""
        known = light(entry)
        for key in _keys(known):
            other = self.targets.get(key, known)
            same = other is not None and (other.reference, other.content) == (
                known.reference,
                known.content,
            )
            self.targets[key] = known if same else None

    def find(self, target: str) -> Entry | None:
        """Return the resource that a reference names; an absolute URL may be that of its server."""
        found = self.targets.get(target)
        absolute = _ABSOLUTE.fullmatch(target)
        if found is None and absolute is not None:
            relative = self.targets.get(absolute[1])
            return relative if relative is not None and not relative.full_url else None
        return found


@dataclass(frozen=True)
class Index:
    """Where references of one document lead.

    Attributes:
        targets: Full URL, relative reference or identifier → the entry of the same document.
        is_bundle: Whether the document is a Bundle, which should hold what its entries refer to.
        others: The resources of other documents.
    """

    targets: Mapping[str, Entry]
    is_bundle: bool
    others: Others

    @classmethod
    def of(cls, entries: Iterable[Entry], others: Others, *, is_bundle: bool) -> Index:
        """Return the index of some entries."""
        targets = {key: entry for entry in entries for key in _keys(entry)}
        return cls(targets, is_bundle, others)

    def resolve(self, reference: JsonObject, container: JsonObject) -> Entry | None:
        """Return what a Reference points to; None where nothing read holds it.

        Args:
            reference: A FHIR Reference.
            container: The resource that holds it.

        Raises:
            ElsewhereError: It is not among what was read so far, and more is to come.
        """
        target = text(reference, "reference")
        if target is None:
            identifier = child(reference, "identifier")
            target = None if identifier is None else _identity(identifier)
        if target is None:
            return None
        if target.startswith("#"):
            found = [c for c in children(container, "contained") if text(c, "id") == target[1:]]
            return entry_of(found[0]) if len(found) == 1 else None
        target = target.split("/_history/")[0]
        entry = self.targets.get(target) or self.others.find(target)
        if entry is None and not self.others.complete:
            raise ElsewhereError(target)
        return entry

    def patient_id(self, resource: JsonObject, element: str) -> str:
        """Return the id of the patient that a resource speaks of.

        Args:
            resource: The resource.
            element: Its element that refers to the patient.

        Raises:
            ElsewhereError: The patient is not among what was read so far, and more is to come.
            PassedOverError: It speaks of something that is no patient.
            RefusalError: The patient is nowhere, or the reference names none.
        """
        reference = resource.get(element)
        if not isinstance(reference, dict):
            raise RefusalError(f"it has no {element}; add a reference to its Patient")
        target = (text(reference, "reference") or "").split("/_history/")[0]
        relative = _RELATIVE.fullmatch(target)
        kind = relative[1] if relative else text(reference, "type")
        if kind is not None and kind != _PATIENT:
            raise PassedOverError(f"its {element} is a {kind}, no patient")
        if relative and not self.is_bundle and target not in self.targets:
            return relative[2]
        if target.startswith("#"):
            raise PassedOverError(f"its {element} is contained in it and has no record of its own")
        found = self.resolve(reference, resource)
        if found is not None:
            if found.resource_type != _PATIENT:
                raise PassedOverError(f"its {element} is a {found.resource_type}, no patient")
            return found.id
        where = "the Bundle" if self.is_bundle else "the file"
        raise RefusalError(
            f"its {element} {target or '(no reference)'} is no readable Patient of {where}; "
            "add or mend that Patient resource, or correct the reference"
        )
