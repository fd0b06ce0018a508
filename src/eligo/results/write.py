"""Write a folder of results: tables batch by batch, the manifest last."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from string import Template

from eligo.database import Database, DatabaseError, file_list
from eligo.errors import EngineError, UsageError
from eligo.results.layout import ANSWER_TABLES, MANIFEST, PATIENT_TABLES, Manifest, is_results
from eligo.store.store import Part
from eligo.vocabulary.tables import Table

FROM_STORE = ("patient", "fact", "problem", "triple")
SELECTS = Path(__file__).with_name("sql")


class Writer:
    """Writes results beside their final place, and moves them there when they are whole.

    Args:
        folder: The folder to make.
        overwrite: Whether results that are there already may be replaced.
        evidence: Whether to write what the answers rest on.

    Raises:
        UsageError: The folder is there already, or cannot be made.
    """

    def __init__(self, folder: Path, *, overwrite: bool = False, evidence: bool = True) -> None:
        if folder.exists() and not (overwrite and is_results(folder)):
            what = "results" if is_results(folder) else "something that is no folder of results"
            mend = "; --overwrite replaces them" if is_results(folder) else "; name another folder"
            raise UsageError(f"{folder} is there already and holds {what}{mend}")
        self._folder = folder
        self._partial = folder.with_name(f".{folder.name}.partial")
        self.evidence = evidence
        self._tables = PATIENT_TABLES if evidence else ANSWER_TABLES
        self.rows: dict[str, int] = {}
        try:
            if self._partial.exists():
                shutil.rmtree(self._partial)
            for table in self._tables:
                (self._partial / table).mkdir(parents=True)
        except OSError as error:
            raise _refused(folder, error) from error

    def write_trial(self, tables: Iterable[Table]) -> None:
        """Write the tables of the trial.

        Raises:
            DatabaseError: A file cannot be written.
        """
        database = Database(threads=1)
        try:
            for table in tables:
                (self._partial / table.name).mkdir()
                database.load(table)
                self._write(database, f"SELECT * FROM {table.name}", table.name, 0)
        finally:
            database.close()

    def take_store(self, database: Database, parts: Sequence[Part]) -> None:
        """Give a database what results take from parts of a store as it is.

        Raises:
            DatabaseError: A file cannot be read.
        """
        script = Template((SELECTS / "store.sql").read_text(encoding="utf-8"))
        files = {table: file_list(part.file(table) for part in parts) for table in FROM_STORE}
        database.execute(script.substitute(files))

    def write_batch(self, database: Database, number: int) -> None:
        """Write what a database holds of a batch of patients.

        Raises:
            DatabaseError: A file cannot be written.
        """
        for table in self._tables:
            select = (SELECTS / f"{table}.sql").read_text(encoding="utf-8")
            self._write(database, select, table, number)

    def _write(self, database: Database, select: str, table: str, number: int) -> None:
        name = f"{table}/{number:05}.parquet"
        try:
            self.rows[name] = database.write_parquet(select, self._partial / name)
        except (DatabaseError, OSError) as error:
            if isinstance(error, OSError) or error.is_about_files:
                raise _no_room(self._folder, error) from error
            raise

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and move everything to its place.

        Raises:
            UsageError: The folder cannot be written.
        """
        try:
            (self._partial / MANIFEST).write_text(manifest.text(), encoding="utf-8")
            if self._folder.exists():
                shutil.rmtree(self._folder)
            self._partial.rename(self._folder)
        except OSError as error:
            raise _refused(self._folder, error) from error

    def drop(self) -> None:
        """Remove what was written so far."""
        with suppress(OSError):
            shutil.rmtree(self._partial)


def _no_room(folder: Path, error: Exception) -> EngineError:
    """Return the error of results that cannot be written; a database wraps the reason in more."""
    found = re.search(r'": ([^"\\]+)","errno"', str(error))
    reason = (error.strerror if isinstance(error, OSError) else None) or (
        found[1] if found else str(error)
    )
    return EngineError(
        f"{folder}: cannot be written ({reason}); make room, or choose another place; nothing of "
        "it was kept"
    )


def _refused(folder: Path, error: OSError) -> UsageError:
    reason = error.strerror or str(error)
    return UsageError(f"{folder}: cannot be written ({reason}); choose another place")
