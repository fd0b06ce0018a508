"""The database that a process of an import works in, prepared once and emptied after each task."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from eligo.database import Database
from eligo.store.lexicon import Lexicon

MEMORY = 600
"""Megabytes that it may take before it spills."""


@contextmanager
def scratch(spill: Path, lexicon: Lexicon) -> Iterator[Database]:
    """Lend the database of this process; its tables go when it is given back.

    Args:
        spill: Folder for what does not fit into memory.
        lexicon: What the ontology says.
    """
    database = _prepared(spill, lexicon)
    try:
        yield database
    except BaseException:
        _prepared.cache_clear()
        database.close()
        raise
    for name, kind in database.query(
        "SELECT table_name, table_type FROM information_schema.tables "
        "WHERE NOT starts_with(table_name, 'v_') ORDER BY table_type DESC"
    ):
        database.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {name}")


@lru_cache(maxsize=1)
def _prepared(spill: Path, lexicon: Lexicon) -> Database:
    database = Database(threads=1, memory=MEMORY, spill=spill)
    lexicon.prepare(database)
    return database
