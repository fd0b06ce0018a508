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

    def close(self) -> None:
        """Free the database."""
        self._connection.close()
