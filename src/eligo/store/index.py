"""Find the nodes of what is in a store already, so that new segments can join it."""

from __future__ import annotations

from pathlib import Path

from eligo.store.lexicon import Lexicon, quoted, script
from eligo.store.scratch import scratch
from eligo.store.segment import find_holders, nodes_file, suspects_file


def index_unit(unit: int, statements: str, folder: Path, lexicon: Lexicon) -> None:
    """Write the nodes of a unit, and its facts without exactly one holder.

    Args:
        unit: Its number.
        statements: The query of what it says.
        folder: Where the files go.
        lexicon: What the ontology says.
    """
    nodes, suspects = nodes_file(folder, unit), suspects_file(folder, unit)
    if nodes.exists() and suspects.exists():
        return
    with scratch(folder / "spill", lexicon) as database:
        database.execute(
            "CREATE TABLE statement AS SELECT DISTINCT subject, predicate, object, kind, source "
            f"FROM ({statements})"
        )
        find_holders(database)
        for name, file in (("suspects", suspects), ("nodes", nodes)):
            draft = file.with_suffix(".draft")
            query = script(name).substitute(unit=unit)
            database.execute(f"COPY ({query}) TO {quoted(str(draft))} (FORMAT parquet)")
            draft.replace(file)
