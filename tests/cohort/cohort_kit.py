"""Screen patients by way of a record store, as a user would, and read what came out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from case_loader import Case
from eligo.api import Trial
from eligo.database import Database
from eligo.derive.inputs import Run
from eligo.results.layout import Manifest
from eligo.results.read import Results
from eligo.results.write import Writer
from eligo.services.cohort import CohortScreener
from eligo.services.importing import import_patients
from eligo.store import Store
from trials.cohort import written

DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Outcome:
    """What results say of one patient."""

    verdict: str
    prescreen: str
    trusted: bool
    statuses: dict[str, str]


def write_cases(cases: Iterable[Case], folder: Path) -> list[str]:
    """Write the records of cases as files."""
    paths = []
    for case in cases:
        path = folder / f"{case.id}.nt"
        path.write_bytes(written(case))
        paths.append(str(path))
    return paths


def store_of(paths: list[str], folder: Path, trial: Trial) -> Store:
    """Import files into a store."""
    imported = import_patients(paths, folder, trial.screener.checker, jobs=1)
    assert not imported.failures, imported.failures
    return Store.open(folder)


def screened(
    store: Store, out: Path, trial: Trial, policy: str = "default", day: date = DAY, **given: int
) -> Manifest:
    """Screen a store into a folder of results."""
    writer = Writer(out)
    manifest = CohortScreener(trial.model, trial.identifier, **given).screen(
        store, writer, Run(day), trial.policies[policy], given=True, watch=lambda _: None
    )
    writer.finish(manifest)
    return manifest


def outcomes(folder: Path, trial: Trial) -> dict[str, Outcome]:
    """Return what results say, by the IRI of each patient."""
    database: Database = Results.open(folder).database()
    try:
        statuses: dict[str, dict[str, str]] = {}
        for key, criterion, status in database.query(
            "SELECT patient_key, criterion, status FROM answer"
        ):
            statuses.setdefault(key, {})[criterion] = status
        return {
            str(trial.model.ontology.expand(patient)): Outcome(
                verdict, prescreen, trusted, statuses[key]
            )
            for key, patient, verdict, prescreen, trusted in database.query(
                "SELECT patient_key, patient, verdict, prescreen, trusted FROM patient"
            )
        }
    finally:
        database.close()
