"""Which FHIR resource types are read, each with the function that reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from eligo.records.fhir.allergy import read_allergy
from eligo.records.fhir.condition import read_condition
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.encounter import no_stay, read_encounter
from eligo.records.fhir.events import read_immunization, read_procedure
from eligo.records.fhir.fact import Scope
from eligo.records.fhir.family import read_family_history
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.medication import (
    read_medication_administration,
    read_medication_dispense,
    read_medication_request,
    read_medication_statement,
)
from eligo.records.fhir.observation import read_observation
from eligo.records.fhir.outcome import Statement
from eligo.records.fhir.patient import read_patient
from eligo.records.fhir.report import read_diagnostic_report
from eligo.records.fhir.study import read_research_subject

PATIENT = "Patient"


@dataclass(frozen=True)
class Reader:
    """How one resource type is read.

    Attributes:
        read: Says what a resource says.
        patient: The element that refers to its patient.
        aside: Says why a resource holds nothing that a record keeps, whoever it is about, or
            None; absent for a type that always may.
    """

    read: Callable[[JsonObject, Scope], Iterator[Statement]]
    patient: str
    aside: Callable[[JsonObject, FhirMaps], str | None] | None = None


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "AllergyIntolerance": Reader(read_allergy, "patient"),
        "Condition": Reader(read_condition, "subject"),
        "DiagnosticReport": Reader(read_diagnostic_report, "subject"),
        "Encounter": Reader(read_encounter, "subject", no_stay),
        "FamilyMemberHistory": Reader(read_family_history, "patient"),
        "Immunization": Reader(read_immunization, "patient"),
        "MedicationAdministration": Reader(read_medication_administration, "subject"),
        "MedicationDispense": Reader(read_medication_dispense, "subject"),
        "MedicationRequest": Reader(read_medication_request, "subject"),
        "MedicationStatement": Reader(read_medication_statement, "subject"),
        "Observation": Reader(read_observation, "subject"),
        PATIENT: Reader(read_patient, ""),
        "Procedure": Reader(read_procedure, "subject"),
        "ResearchSubject": Reader(read_research_subject, "individual"),
    }
)
"""Every resource type that becomes facts; to read another, write its function and add a row."""

REFERRED = frozenset({"Consent", "Medication", "ResearchStudy"})
"""Resource types that are read only where a resource of another type refers to them."""

USED = frozenset({*READERS, *REFERRED})
