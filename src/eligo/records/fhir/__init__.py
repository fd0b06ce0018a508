"""FHIR R4 JSON → patient records in the Eligo vocabulary."""

from eligo.records.fhir.bundle import is_bundle
from eligo.records.fhir.corpus import FhirCorpus, read_fhir
from eligo.records.fhir.document import Document, documents_of
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.outcome import FhirResult, Ignored, LeftOut, Rejected
from eligo.records.fhir.reader import READERS

__all__ = [
    "READERS",
    "Document",
    "FhirCorpus",
    "FhirMaps",
    "FhirResult",
    "Ignored",
    "LeftOut",
    "Rejected",
    "documents_of",
    "is_bundle",
    "read_fhir",
]
