"""Open a folder of results: its manifest, its tables, the patients it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from eligo.database import Database
from eligo.errors import InputError
from eligo.results.layout import (
    ANSWER_TABLES,
    PATIENT_TABLES,
    TRIAL_TABLES,
    Manifest,
    read_manifest,
)

SEEN = tuple(table for table in PATIENT_TABLES if table.startswith("seen_"))
KEY = re.compile(r"(?<!\d)\d{12}(?!\d)")
"""Patients and facts go by keys of twelve digits; names of derived facts have one inside."""


@dataclass(frozen=True)
class Results:
    """A folder of results.

    Attributes:
        folder: Where it is.
        manifest: What it says of itself.
    """

    folder: Path
    manifest: Manifest

    @staticmethod
    def open(folder: Path) -> Results:
        """Open a folder of results, once every file of it is known to be whole.

        Raises:
            InputError: It is no such folder, or a file is missing, cut or changed.
        """
        results = Results(folder, read_manifest(folder))
        results.check()
        return results

    def check(self) -> None:
        """Compare every file with the manifest.

        Raises:
            InputError: One is missing, cannot be read or has other rows than the manifest says.
        """
        database = Database()
        try:
            for name, rows in self.manifest.rows.items():
                found = database.count_parquet(self.folder / name)
                if found != rows:
                    raise InputError(
                        f"has {found} rows, the manifest says {rows}; screen again",
                        source=str(self.folder / name),
                    )
        finally:
            database.close()

    def database(self) -> Database:
        """Return a database with a view on every table."""
        database = Database()
        tables = PATIENT_TABLES if self.manifest.evidence else ANSWER_TABLES
        for table in (*TRIAL_TABLES, *tables):
            database.view(table, self.folder / table)
        return database


def quoted(values: Iterable[str]) -> str:
    """Return values as a list of SQL literals."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def name_of(cell: str, names: Mapping[str, str]) -> str:
    """Turn the key of a patient or fact back into its name, also inside the name of a derived one.

    Args:
        cell: A key, or a name.
        names: Name of each key.
    """
    return KEY.sub(lambda found: names.get(found[0], found[0]), cell)
