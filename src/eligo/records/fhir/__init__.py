"""FHIR R4 JSON → patient records in the Eligo vocabulary."""

from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.outcome import FhirResult, Ignored, LeftOut, Rejected
from eligo.records.fhir.reader import READERS, read_fhir

__all__ = ["READERS", "FhirMaps", "FhirResult", "Ignored", "LeftOut", "Rejected", "read_fhir"]
