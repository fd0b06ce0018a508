"""Check records by themselves, without a trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rdflib.namespace import RDF

from eligo.engines.shacl import Report
from eligo.records.fhir import FhirMaps
from eligo.records.model import RecordFinding
from eligo.records.profile import OWN
from eligo.records.profiled import read_endpoint, read_files
from eligo.records.records import Records
from eligo.records.remote import Endpoint
from eligo.resources import ontology_files
from eligo.services.record import RecordChecker, records_graph
from eligo.vocabulary.mappings import add_mappings
from eligo.vocabulary.ontology import load_ontology
from eligo.vocabulary.terms import ELIG


@dataclass(frozen=True)
class Checked:
    """What was found in records.

    Attributes:
        findings: The results in a stable order.
        report: The W3C report.
        patients: How many patients were checked.
        prefixes: Prefixes to write the report with.
    """

    findings: tuple[RecordFinding, ...]
    report: Report
    patients: int
    prefixes: dict[str, str]


@cache
def general_checker(mappings: tuple[str, ...] = ()) -> RecordChecker:
    """Return the checker of the general ontology, with the user's own code mappings.

    Raises:
        EligoError: A mapping is not well formed.
    """
    ontology = load_ontology(ontology_files())
    add_mappings(ontology, mappings)
    return RecordChecker(ontology)


def read_records(
    sources: Sequence[str] | Endpoint, mappings: tuple[str, ...] = (), profile: str = OWN
) -> Records:
    """Read patient data without a trial; sources that cannot be read are listed in the result."""
    if isinstance(sources, Endpoint):
        return read_endpoint(sources)
    return read_files(sources, FhirMaps.of(general_checker(mappings).ontology), profile)


def check_records(records: Records, mappings: tuple[str, ...] = ()) -> Checked:
    """Validate everything that was read with the record shapes.

    Raises:
        EngineError: Validation failed.
    """
    checker = general_checker(mappings)
    data = records_graph(records)
    report = checker.report(data)
    patients = len(set(data.subjects(RDF.type, ELIG.Patient)))
    return Checked(
        checker.findings(records, report), report, patients, dict(checker.ontology.prefixes)
    )
