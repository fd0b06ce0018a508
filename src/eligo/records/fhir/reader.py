"""Which FHIR resource types are read, each with the function that reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from eligo.records.fhir.allergy import read_allergy
from eligo.records.fhir.condition import read_condition
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.events import read_immunization, read_procedure
from eligo.records.fhir.fact import Scope
from eligo.records.fhir.medication import read_medication_request
from eligo.records.fhir.observation import read_observation
from eligo.records.fhir.outcome import Statement
from eligo.records.fhir.patient import read_patient

PATIENT = "Patient"


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
        PATIENT: Reader(read_patient, ""),
        "Procedure": Reader(read_procedure, "subject"),
    }
)
"""Every resource type that becomes facts; to read another, write its function and add a row."""

REFERRED = frozenset({"Medication"})
"""Resource types that are read only where a resource of another type refers to them."""

USED = frozenset({*READERS, *REFERRED})
