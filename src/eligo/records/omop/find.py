"""Find OMOP databases and their tables among files and folders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from eligo.errors import InputError

EXPLICIT = "omop:"
PERSON = "person"
PACKED = ".gz"


class Kind(StrEnum):
    """What a table is stored in."""

    CSV = "csv"
    PARQUET = "parquet"
    DUCKDB = "duckdb"


ENDINGS = {".csv": Kind.CSV, ".tsv": Kind.CSV, ".parquet": Kind.PARQUET}
DATABASE = ".duckdb"


@dataclass(frozen=True)
class TableFile:
    """Where a table is.

    Attributes:
        table: Its name in the model.
        path: The file.
        kind: What it is stored in.
        name: Its name inside a database, quoted; empty for a file of its own.
    """

    table: str
    path: Path
    kind: Kind
    name: str = ""

    @property
    def source(self) -> str:
        """What messages and graphs call it."""
        return f"{self.path}#{self.table}" if self.name else str(self.path)


def databases_in(given: str) -> list[Path]:
    """Return the OMOP databases that a path names or holds: folders of tables, DuckDB files.

    Args:
        given: A file or folder; with `omop:` before it, taken as a database without looking.
    """
    if given.startswith(EXPLICIT):
        return [Path(given.removeprefix(EXPLICIT))]
    path = Path(given)
    if path.is_dir():
        inside = sorted(p for p in path.rglob("*") if p.is_file())
        return list(dict.fromkeys(d for p in inside if (d := _database_of(p)) is not None))
    return [path] if path.suffix.lower() == DATABASE or is_table(path) else []


def is_table(path: Path) -> bool:
    """Tell whether a file holds one table, by its ending."""
    return _kind_of(path) is not None


def _database_of(file: Path) -> Path | None:
    if file.suffix.lower() == DATABASE:
        return file
    return file.parent if _kind_of(file) is not None and _stem(file) == PERSON else None


def tables_in(folder: Path, known: Iterable[str]) -> dict[str, TableFile]:
    """Return the tables of the model that a folder holds, by name.

    Args:
        folder: The folder.
        known: Names of tables.

    Raises:
        InputError: One table is there twice, or the folder cannot be read.
    """
    names = frozenset(known)
    found: dict[str, TableFile] = {}
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror}); check the path", source=str(folder)
        ) from error
    for file in files:
        kind = _kind_of(file)
        if kind is None or _stem(file) not in names:
            continue
        table = _stem(file)
        if table in found:
            raise InputError(
                f"holds table {table} twice, as {found[table].path.name} and {file.name}; keep one",
                source=str(folder),
            )
        found[table] = TableFile(table, file, kind)
    return found


def _kind_of(file: Path) -> Kind | None:
    name = file.name.lower()
    kind = ENDINGS.get(Path(name.removesuffix(PACKED)).suffix)
    return None if name.endswith(PACKED) and kind is not Kind.CSV else kind


def _stem(file: Path) -> str:
    return file.name.partition(".")[0].lower()
