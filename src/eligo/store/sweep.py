"""Look after the files of a store: remove what no manifest names, find parts by their patients."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from eligo.database import Database
from eligo.store.layout import ASTRAY, TABLES, astray_file, part_file
from eligo.store.lexicon import files_list, quoted
from eligo.store.manifest import Manifest


def sweep(store: Path, manifest: Manifest) -> None:
    """Remove the files of parts that were built anew; one that stays harms nobody."""
    wanted = {part_file(store, table, part.number) for table in TABLES for part in manifest.parts}
    wanted.add(astray_file(store, manifest.generation))
    for folder in (*TABLES, ASTRAY):
        for path in (store / folder).glob("*"):
            if path not in wanted:
                with suppress(OSError):
                    path.unlink()


def patients_concerned(store: Path, parts: Iterable[int], about: Iterable[str]) -> set[int]:
    """Return the parts that some patients live in."""
    files = [part_file(store, "patient", part) for part in parts]
    wanted = sorted(about)
    if not files or not wanted:
        return set()
    database = Database(threads=1)
    try:
        names = ", ".join(map(quoted, wanted))
        rows = database.query(
            f"SELECT DISTINCT patient_key[:4] FROM read_parquet({files_list(files)}) "
            f"WHERE patient IN ({names})"
        )
    finally:
        database.close()
    return {int(part) for (part,) in rows}
