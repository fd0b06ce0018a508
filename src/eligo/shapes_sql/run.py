"""Run shapes over a table of statements."""

from __future__ import annotations

from collections.abc import Iterable

from eligo.database import Database
from eligo.records.model import RecordFinding, Severity
from eligo.shapes_sql.compile import RecordCheck


def prepare(database: Database, check: RecordCheck) -> None:
    """Load what a check needs beside the records, once for a database.

    Raises:
        DatabaseError: The database refused it.
    """
    for table in check.tables:
        database.load(table)
    database.execute(check.macros)


def check_records(database: Database, check: RecordCheck) -> None:
    """Run a check over the table `triple`; the record shapes fill the table `finding`.

    `triple` has the columns patient, subject, predicate, object, kind ('iri' or 'literal'),
    datatype, language and, if the check was compiled for it, source. `finding` gets patient,
    severity, node, path, message, value, shape and sources.

    Raises:
        DatabaseError: The database refused it.
    """
    database.execute(check.script)


def findings(database: Database) -> dict[str, tuple[RecordFinding, ...]]:
    """Return the findings of each patient that has any, in the order of a record check."""
    columns = ("patient", "severity", "node", "path", "message", "value", "sources")
    found: dict[str, set[RecordFinding]] = {}
    for patient, severity, node, path, message, value, sources in database.rows("finding", columns):
        finding = RecordFinding(Severity(severity), node, path, message, value, tuple(sources))
        found.setdefault(patient, set()).add(finding)
    return {patient: _ordered(of_patient) for patient, of_patient in found.items()}


def _ordered(found: Iterable[RecordFinding]) -> tuple[RecordFinding, ...]:
    return tuple(sorted(found, key=lambda f: (f.sources, f.node, f.path or "", f.message)))
