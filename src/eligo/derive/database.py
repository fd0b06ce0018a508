"""DuckDB at the edge: tables in, derivation scripts run, rows out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from eligo.errors import EngineError
from eligo.vocabulary.tables import Table

SCRIPTS = Path(__file__).with_name("sql")


class Database:
    """An in-memory database for one run."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:")

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

    def derive(self, scripts: Iterable[Path] | None = None) -> None:
        """Run the derivation scripts in the order of their names.

        Raises:
            EngineError: A script failed; the message names it.
        """
        for script in sorted(SCRIPTS.glob("*.sql")) if scripts is None else scripts:
            try:
                self._connection.execute(script.read_text(encoding="utf-8"))
            except duckdb.Error as error:
                raise EngineError(f"derivation script {script.name} failed: {error}") from error

    def rows(self, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return all rows of a table, in a stable order."""
        names = ", ".join(columns)
        return self._connection.execute(f"SELECT {names} FROM {table} ORDER BY ALL").fetchall()

    def close(self) -> None:
        """Free the database."""
        self._connection.close()
