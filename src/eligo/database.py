"""DuckDB at the edge: tables and files in, SQL run, rows out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from eligo.errors import EngineError
from eligo.vocabulary.tables import Table


class DatabaseError(EngineError):
    """A statement that the database refused; the message is the database's own."""

    @property
    def is_about_files(self) -> bool:
        """Whether a file could not be read or written."""
        return str(self).startswith("IO Error")


class Database:
    """An in-memory database for one run.

    Args:
        threads: How many threads it may use; by default all.
        memory: How much memory it may use in MB, before it spills.
        spill: Folder for what does not fit into memory.
    """

    def __init__(
        self,
        *,
        threads: int | None = None,
        memory: int | None = None,
        spill: Path | None = None,
    ) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {}
        if threads is not None:
            config["threads"] = threads
        if memory is not None:
            config["memory_limit"] = f"{memory}MB"
        if spill is not None:
            config["temp_directory"] = str(spill)
        self._connection = duckdb.connect(":memory:", config=config)
        # Bars of the database's own would stand among results.
        self._connection.execute("SET enable_progress_bar = false")

    def load(self, table: Table) -> None:
        """Create a table and fill it."""
        columns = ", ".join(f"{name} {kind}" for name, kind in table.columns.items())
        self._connection.execute(f"CREATE OR REPLACE TABLE {table.name} ({columns})")
        if not table.rows:
            return
        values = ", ".join(
            f"CAST(unnest(${i + 1}::VARCHAR[]) AS {kind})"
            for i, kind in enumerate(table.columns.values())
        )
        arrays = [
            [None if row[i] is None else str(row[i]) for row in table.rows]
            for i in range(len(table.columns))
        ]
        self._connection.execute(f"INSERT INTO {table.name} SELECT {values}", arrays)

    def run(self, scripts: Iterable[Path]) -> None:
        """Run scripts in the given order.

        Raises:
            EngineError: A script failed; the message names it.
        """
        for script in scripts:
            try:
                self._connection.execute(script.read_text(encoding="utf-8"))
            except duckdb.Error as error:
                raise EngineError(f"script {script.name} failed: {error}") from error

    def execute(self, statement: str) -> None:
        """Run statements whose rows nobody needs.

        Raises:
            DatabaseError: The database refused them.
        """
        try:
            self._connection.execute(statement)
        except duckdb.Error as error:
            raise DatabaseError(str(error)) from error

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement.

        Raises:
            DatabaseError: The database refused it.
        """
        return [row for batch in self.batches(statement) for row in batch]

    def batches(self, statement: str, size: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a statement some at a time; nothing else may be run between.

        Raises:
            DatabaseError: The database refused it.
        """
        try:
            result = self._connection.execute(statement)
            while batch := result.fetchmany(size):
                yield batch
        except duckdb.Error as error:
            raise DatabaseError(str(error)) from error

    def rows(self, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return all rows of a table, in a stable order."""
        names = ", ".join(columns)
        return self._connection.execute(f"SELECT {names} FROM {table} ORDER BY ALL").fetchall()

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table or view, with their types."""
        return {row[0]: row[1] for row in self.query(f"DESCRIBE {table}")}

    def add(self, table: str, rows: Iterable[Sequence[str | None]]) -> None:
        """Add rows of texts to a table."""
        for row in rows:
            self._connection.execute(
                f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", list(row)
            )

    def hold(self, view: str) -> None:
        """Make a table of a view that is read more than once.

        Raises:
            DatabaseError: There is no such view.
        """
        self.execute(f"CREATE TABLE {view}_held AS SELECT * FROM {view}")
        self.execute(f"DROP VIEW {view}")
        self.execute(f"ALTER TABLE {view}_held RENAME TO {view}")

    def view(self, name: str, folder: Path) -> None:
        """Make the Parquet files of a folder readable as a table.

        Raises:
            DatabaseError: There is none, or it cannot be read.
        """
        self.execute(
            f"CREATE VIEW {name} AS SELECT * FROM read_parquet({literal(folder)} || '/*.parquet')"
        )

    def count_parquet(self, file: Path) -> int:
        """Return how many rows a Parquet file says it has.

        Raises:
            DatabaseError: It cannot be read.
        """
        return int(self.query(f"SELECT num_rows FROM parquet_file_metadata({literal(file)})")[0][0])

    def write_parquet(self, statement: str, file: Path) -> int:
        """Write the rows of a statement to a Parquet file at one stroke; return how many.

        Raises:
            DatabaseError: The statement is refused, or the file cannot be written.
        """
        partial = file.with_name(f".{file.name}.partial")
        try:
            select = statement.rstrip().rstrip(";")
            rows = self.query(
                f"COPY ({select}) TO {literal(partial)} (FORMAT parquet, COMPRESSION zstd)"
            )
            partial.replace(file)
        except (DatabaseError, OSError):
            partial.unlink(missing_ok=True)
            raise
        return int(rows[0][0])

    def close(self) -> None:
        """Free the database."""
        self._connection.close()


def literal(value: object) -> str:
    """Return a value as SQL writes a text."""
    return "'" + str(value).replace("'", "''") + "'"


def file_list(files: Iterable[Path]) -> str:
    """Return files as SQL writes a list of them."""
    return "[" + ", ".join(literal(file) for file in files) + "]"
