"""Build one part of a store, whole patients as tables; this runs in a worker process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eligo.database import Database
from eligo.shapes_sql import RecordCheck
from eligo.store.blank import name_blank_nodes
from eligo.store.doubts import Doubt
from eligo.store.findings import find_problems
from eligo.store.layout import TABLES, part_file
from eligo.store.lexicon import Lexicon, files_list, quoted, script
from eligo.store.reading import SOURCE
from eligo.store.scratch import scratch
from eligo.vocabulary.tables import Table


@dataclass(frozen=True)
class PartTask:
    """A part to be built.

    Attributes:
        number: Its number.
        segments: Files of segments whose patients go into it, save the scattered ones.
        pool: Files of statements with their patients, which were scattered.
        live: Number of the part that it takes the place of.
        scattered: File that lists the scattered patients.
    """

    number: int
    segments: tuple[Path, ...] = ()
    pool: tuple[Path, ...] = ()
    live: int | None = None
    scattered: Path | None = None


@dataclass(frozen=True)
class PartCounts:
    """What a part holds.

    Attributes:
        number: Its number.
        rows: How many rows each table has.
        sources: How many patients each source speaks of.
        codes: System, notation, the commonest wording, and how many facts carry it.
    """

    number: int
    rows: dict[str, int]
    sources: dict[int, int]
    codes: tuple[tuple[str | None, str | None, str | None, int], ...]

    @staticmethod
    def from_json(data: dict[str, Any]) -> PartCounts:
        """Return the counts that JSON states."""
        return PartCounts(
            data["number"],
            data["rows"],
            {int(number): count for number, count in data["sources"].items()},
            tuple((system, code, text, facts) for system, code, text, facts in data["codes"]),
        )


def build_part(
    task: PartTask,
    store: Path,
    spill: Path,
    lexicon: Lexicon,
    doubts: Iterable[Doubt],
    check: RecordCheck,
    sources: Mapping[int, str],
) -> PartCounts:
    """Build a part and write its files.

    Args:
        task: What goes into it.
        store: Folder of the store.
        spill: Folder for what does not fit into memory.
        lexicon: What of the ontology the extraction rests on.
        doubts: What makes records doubtful.
        check: The record shapes as SQL.
        sources: Names of the sources by their numbers.

    Raises:
        EngineError: The database failed, for example as the disk is full.
        InputError: Blank nodes refer to each other in a circle.
    """
    with scratch(spill, lexicon) as database:
        database.execute(f"CREATE VIEW given AS {_statements(task, store)}")
        database.execute(f"CREATE {_holding(database)} statement AS SELECT * FROM given")
        name_blank_nodes(database)
        database.execute(script("part-keys").substitute(part=quoted(f"{task.number:04}")))
        database.execute(script("part-tables").substitute())
        database.load(_doubt_table(doubts))
        find_problems(database, check, sources)
        database.execute(script("part-problems").substitute(mark=quoted(SOURCE)))
        return _write(task.number, store, database)


def _holding(database: Database) -> str:
    """Tell whether statements are held in memory, to name blank nodes, or read when needed."""
    blank = "SELECT 1 FROM given WHERE said IS NOT NULL OR place IS NOT NULL LIMIT 1"
    return "TABLE" if database.query(blank) else "VIEW"


def _statements(task: PartTask, store: Path) -> str:
    columns = "patient, subject, predicate, object, kind, datatype, language, source, said, place"
    places = []
    if task.segments:
        apart = (
            ""
            if task.scattered is None
            else (f" ANTI JOIN read_parquet({quoted(str(task.scattered))}) AS s USING (patient)")
        )
        places.append(
            f"SELECT {columns} FROM read_parquet({files_list(list(task.segments))}){apart} "
            "WHERE patient IS NOT NULL"
        )
    if task.pool:
        places.append(f"SELECT {columns} FROM read_parquet({files_list(list(task.pool))})")
    if task.live is not None:
        places.append(f"SELECT {columns} FROM ({live_statements(store, task.live)})")
    return " UNION ALL ".join(places)


def live_statements(store: Path, part: int) -> str:
    """Return the query of what a part that is there says, as a segment has it."""
    return script("live-statements").substitute(
        unit=live_unit(part),
        triples=quoted(str(part_file(store, "triple", part))),
        patients=quoted(str(part_file(store, "patient", part))),
    )


def live_unit(part: int) -> int:
    """Return the number of a part that is there among the segments."""
    return -1 - part


def _doubt_table(doubts: Iterable[Doubt]) -> Table:
    names = ("about", "severity", "node", "path", "message", "value", "source")
    rows = tuple(
        (d.about, "violation", d.node, None, d.message, None, d.source or None) for d in doubts
    )
    return Table("doubt", dict.fromkeys(names, "VARCHAR"), rows)


def _write(number: int, store: Path, database: Database) -> PartCounts:
    rows = {}
    for table in TABLES:
        file = part_file(store, table, number)
        draft = file.with_name(f".{file.name}.draft")
        database.execute(
            f"COPY part_{table} TO {quoted(str(draft))} (FORMAT parquet, COMPRESSION zstd)"
        )
        draft.replace(file)
        ((rows[table],),) = database.query(f"SELECT COUNT(*) FROM part_{table}")
    sources = database.query(
        "SELECT source, COUNT(DISTINCT patient_key) FROM said WHERE own GROUP BY source"
    )
    codes = database.query(
        "SELECT system, notation, mode(display), COUNT(DISTINCT fact_key) FROM part_coding "
        "GROUP BY system, notation"
    )
    return PartCounts(number, rows, dict(sources), tuple(codes))
