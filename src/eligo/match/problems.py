"""What the record shapes find in the patients of files: one by one, or of many at a stroke."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rdflib import URIRef

from eligo.database import Database, file_list
from eligo.match.cohort import sql
from eligo.records.model import DataProblem, RecordFinding, Severity
from eligo.records.records import Records
from eligo.services.importing import import_patients
from eligo.services.record import RecordChecker, problems_of
from eligo.store.store import Store

FEW = 8
"""Up to this number patients are validated one by one; more go through a store, which is faster."""


def problems(
    checker: RecordChecker, records: Records, patients: Sequence[URIRef], paths: Sequence[str]
) -> dict[URIRef, tuple[DataProblem, ...]]:
    """Return what in the records of patients cannot be trusted.

    Args:
        checker: The record shapes.
        records: What was read.
        patients: The patients.
        paths: The files that it was read from; empty: they cannot be read again.

    Raises:
        EligoError: Validation failed.
    """
    if len(patients) <= FEW or not paths:
        return {patient: checker.problems(records, patient) for patient in patients}
    with TemporaryDirectory(prefix="eligo-") as scratch:
        folder = Path(scratch, "store")
        import_patients(paths, folder, checker)
        return _stored(Store.open(folder), checker)


def _stored(store: Store, checker: RecordChecker) -> dict[URIRef, tuple[DataProblem, ...]]:
    parts = list(store.parts)
    files = {
        name: file_list(part.file(name) for part in parts)
        for name in ("patient", "fact", "problem")
    }
    database = Database()
    try:
        rows = database.query(sql("problems", files))
    finally:
        database.close()
    expand = checker.ontology.expand
    found: dict[URIRef, list[RecordFinding]] = {}
    for patient, severity, node, path, message, value, source in rows:
        finding = RecordFinding(
            Severity(severity), str(expand(node)), path, message, value, (source,) if source else ()
        )
        found.setdefault(expand(patient), []).append(finding)
    return {patient: problems_of(findings) for patient, findings in found.items()}
