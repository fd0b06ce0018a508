"""A table with a row for each patient and trial, as one file."""

from __future__ import annotations

import csv
from pathlib import Path

from eligo.database import Database, DatabaseError, file_list
from eligo.errors import UsageError

PARQUET = ".parquet"
CSV = ".csv"


def check_table(file: Path) -> None:
    """Check that a table can be written to a file.

    Raises:
        UsageError: Its ending is another, or there is no such folder.
    """
    if file.suffix not in (PARQUET, CSV):
        raise UsageError(f"{file}: name a file that ends in {PARQUET} or {CSV}")
    if not file.parent.is_dir():
        raise UsageError(f"{file.parent}: there is no such folder; make it first")


def write_table(pairs: Path, file: Path) -> None:
    """Write the files of a folder as one table, complete or not at all.

    Args:
        pairs: Folder of Parquet files.
        file: Where to; its ending tells the format.

    Raises:
        UsageError: The file cannot be written.
    """
    files = file_list(sorted(pairs.glob(f"*{PARQUET}")))
    select = f"SELECT * FROM read_parquet({files}) ORDER BY patient, trial"
    database = Database()
    try:
        if file.suffix == PARQUET:
            database.write_parquet(select, file)
        else:
            _write_csv(database, select, file)
    except (DatabaseError, OSError) as error:
        raise UsageError(f"{file}: cannot be written ({error}); choose another file") from error
    finally:
        database.close()


def _write_csv(database: Database, select: str, file: Path) -> None:
    partial = file.with_name(f".{file.name}.partial")
    columns = [row[0] for row in database.query(f"DESCRIBE {select}")]
    try:
        with partial.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns)
            for batch in database.batches(select):
                writer.writerows(batch)
        partial.replace(file)
    except (DatabaseError, OSError):
        partial.unlink(missing_ok=True)
        raise
