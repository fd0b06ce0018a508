"""Read a FHIR R4 document: the table of resource types, and the way each resource goes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pyoxigraph import Triple

from eligo.errors import InputError
from eligo.records.fhir.access import refuse_modifiers
from eligo.records.fhir.allergy import read_allergy
from eligo.records.fhir.bundle import Entry, Index, entries_of, has_next_page
from eligo.records.fhir.condition import read_condition
from eligo.records.fhir.document import JsonObject, parse_document
from eligo.records.fhir.events import read_immunization, read_procedure
from eligo.records.fhir.fact import Scope
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.medication import read_medication_request
from eligo.records.fhir.observation import read_observation
from eligo.records.fhir.outcome import (
    FhirResult,
    Gap,
    Ignored,
    LeftOut,
    PassedOverError,
    RefusalError,
    Rejected,
    Statement,
)
from eligo.records.fhir.patient import read_patient

_PATIENT = "Patient"


@dataclass(frozen=True)
class Reader:
    """How one resource type is read.

    Attributes:
        read: Says what a resource says.
        patient: The element that refers to its patient.
    """

    read: Callable[[JsonObject, Scope], Iterator[Statement]]
    patient: str


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "AllergyIntolerance": Reader(read_allergy, "patient"),
        "Condition": Reader(read_condition, "subject"),
        "Immunization": Reader(read_immunization, "patient"),
        "MedicationRequest": Reader(read_medication_request, "subject"),
        "Observation": Reader(read_observation, "subject"),
        "Procedure": Reader(read_procedure, "subject"),
    }
)
"""Every resource type that becomes facts; to read another, write its function and add a row."""

REFERRED = frozenset({"Medication"})
"""Resource types that are read only where a resource of another type refers to them."""

USED = frozenset({_PATIENT, *READERS, *REFERRED})


def read_fhir(data: bytes, *, source: str, maps: FhirMaps) -> FhirResult:
    """Read one FHIR R4 JSON document: a Bundle, or a single resource.

    Args:
        data: The file's content.
        source: Its name, for messages.
        maps: The value maps.

    Returns:
        The patient graph and what was read, ignored, rejected and left out.

    Raises:
        InputError: The document is not JSON, not FHIR, or a Bundle of a type that is not read.
    """
    try:
        return _read(parse_document(data, source=source), source, maps)
    except RecursionError:
        raise InputError("JSON nested too deeply to be FHIR; unnest it", source=source) from None


@dataclass
class _Tally:
    """What has been read so far of one document."""

    source: str
    triples: dict[Triple, None] = field(default_factory=dict)
    read: Counter[str] = field(default_factory=Counter)
    ignored: list[Ignored] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    patients: set[str] = field(default_factory=set)

    def reject(self, resource_type: str, identity: str, reason: str) -> None:
        """Note a resource that could not be read."""
        name = "/".join(part for part in (resource_type, identity) if part)
        place = ": ".join(part for part in (self.source, name, reason) if part)
        self.rejected.append(Rejected(resource_type, identity, place))

    def take(self, entry: Entry, statements: Iterator[Statement]) -> bool:
        """Take what a reader says of a resource, all of it or nothing; tell whether it was read."""
        try:
            refuse_modifiers(entry.content)
            said = tuple(statements)
        except RefusalError as refusal:
            self.reject(entry.resource_type, entry.id, str(refusal))
            return False
        except PassedOverError as reason:
            self.ignored.append(Ignored(entry.resource_type, entry.id, str(reason)))
            return False
        for statement in said:
            if isinstance(statement, Gap):
                self._leave_out(entry, statement)
            else:
                self.triples[statement] = None
        self.read[entry.resource_type] += 1
        return True

    def _leave_out(self, entry: Entry, gap: Gap) -> None:
        reason = f"{self.source}: {entry.reference}: {gap.element}: {gap.reason}"
        self.left_out.append(LeftOut(entry.resource_type, entry.id, gap.element, reason))

    def result(self) -> FhirResult:
        """Return what was read."""
        return FhirResult(
            tuple(self.triples),
            MappingProxyType(dict(sorted(self.read.items()))),
            tuple(self.ignored),
            tuple(self.rejected),
            tuple(self.left_out),
        )


def _read(document: JsonObject, source: str, maps: FhirMaps) -> FhirResult:
    tally = _Tally(source)
    if has_next_page(document):
        reason = "it is one page of several (link next); give all pages in one Bundle"
        tally.reject("Bundle", "", reason)
    entries = _once(tally, entries_of(document, maps, source=source))
    index = Index.of(entries, is_bundle=document["resourceType"] == "Bundle")
    for entry in entries:
        if entry.resource_type == _PATIENT:
            scope = Scope(maps, index, _PATIENT, entry.id, entry.id)
            if tally.take(entry, read_patient(entry.content, scope)):
                tally.patients.add(entry.id)
    for entry in entries:
        if entry.resource_type in READERS:
            tally.take(entry, _statements(entry, index, maps, tally.patients))
        elif entry.resource_type in REFERRED:
            reason = "resources of this type are read only where another refers to them"
            tally.ignored.append(Ignored(entry.resource_type, entry.id, reason))
    return tally.result()


def _statements(
    entry: Entry, index: Index, maps: FhirMaps, patients: set[str]
) -> Iterator[Statement]:
    reader = READERS[entry.resource_type]
    patient = index.patient_id(entry.content, reader.patient)
    if index.is_bundle and patient not in patients:
        raise RefusalError(f"its Patient/{patient} was rejected; mend that resource first")
    scope = Scope(maps, index, entry.resource_type, entry.id, patient)
    yield from reader.read(entry.content, scope)


def _once(
    tally: _Tally, found: Iterator[Entry | PassedOverError | RefusalError]
) -> tuple[Entry, ...]:
    """Return each resource once; of one that comes with different contents, none can be trusted."""
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for item in found:
        if isinstance(item, PassedOverError):
            tally.ignored.append(Ignored("", "", str(item)))
        elif isinstance(item, RefusalError):
            tally.reject("", "", str(item))
        elif item.resource_type not in USED:
            reason = "resources of this type are not read"
            tally.ignored.append(Ignored(item.resource_type, item.id, reason))
        elif item.id:
            groups[item.reference].append(item)
        else:
            tally.reject(item.resource_type, "", "it has no id; add one")
    kept: list[Entry] = []
    for first, *others in groups.values():
        if any(other.content != first.content for other in others):
            reason = "it comes more than once with different contents; keep the right one"
            tally.reject(first.resource_type, first.id, reason)
            continue
        kept.append(first)
        repeated = Ignored(first.resource_type, first.id, "the document repeats it")
        tally.ignored.extend(repeated for _ in others)
    return tuple(kept)
