"""Read patient data into a record store, checked by the record shapes on the way."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from eligo.services.record import RecordChecker
from eligo.store.importing import import_records
from eligo.store.watch import Imported, Watch


def import_patients(
    paths: Iterable[str],
    store: Path,
    checker: RecordChecker,
    *,
    jobs: int | None = None,
    restart: bool = False,
    watch: Watch | None = None,
) -> Imported:
    """Read patient data into a store, new or there already; see `import_records`.

    Args:
        paths: Files, folders, patterns, OMOP databases, and `-` for standard input.
        store: Folder of the store.
        checker: Finds what in a record cannot be trusted.
        jobs: How many processes; by default one for each core.
        restart: Whether to drop what an import that was not finished has done.
        watch: Is told how it gets on.

    Raises:
        EligoError: The store's path holds something else or is damaged, or a file cannot be
            written; the store is as before.
    """
    return import_records(
        paths, store, checker.ontology, checker.sql, jobs=jobs, restart=restart, watch=watch
    )
