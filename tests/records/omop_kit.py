"""What the tests of reading OMOP share: cases, other forms of them, and results to compare."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyoxigraph as ox

from eligo.records.omop import read_omop
from eligo.records.omop.outcome import OmopResult

CASES = Path(__file__).with_name("omop-cases")
CLINIC = CASES / "clinic"
TYPED = "header = true, auto_type_candidates = ['BIGINT', 'DOUBLE', 'DATE', 'TIMESTAMP', 'VARCHAR']"


@dataclass(frozen=True)
class Reading:
    """A database that was read: what it says, and what became of its rows."""

    triples: frozenset[ox.Triple]
    result: OmopResult

    @property
    def notes(self) -> list[str]:
        place = self.result.location
        return [
            f"{what} ({where.replace(f'{place}/', '').replace(place, '*')})"
            for what, where in self.result.remarks()
        ]


def read(location: Path, *patients: str) -> Reading:
    data: list[bytes] = []
    result = read_omop(location, lambda _, lines: data.append(lines), patients=patients)
    quads = ox.parse(b"\n".join(data), format=ox.RdfFormat.N_TRIPLES)
    return Reading(frozenset(quad.triple for quad in quads), result)


def expected(path: Path) -> frozenset[ox.Triple]:
    return frozenset(quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def text_of(rows: list[list[str]], divider: str = ",", ends: str = "\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=divider, lineterminator=ends).writerows(rows)
    return out.getvalue()


def shuffled(folder: Path, seed: int) -> None:
    """Write the clinic with rows and columns in another order."""
    order = random.Random(seed)
    for path in CLINIC.glob("*.csv"):
        head, *rows = rows_of(path)
        order.shuffle(rows)
        columns = list(range(len(head)))
        order.shuffle(columns)
        mixed = [[row[i] for i in columns] for row in (head, *rows)]
        (folder / path.name).write_text(text_of(mixed), encoding="utf-8")


def as_parquet(folder: Path) -> None:
    for path in CLINIC.glob("*.csv"):
        with duckdb.connect() as database:
            target = folder / f"{path.stem}.parquet"
            database.execute(f"COPY (FROM read_csv('{path}', {TYPED})) TO '{target}'")


def as_database(file: Path, schema: str = "main") -> None:
    with duckdb.connect(str(file)) as database:
        database.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for path in CLINIC.glob("*.csv"):
            database.execute(
                f"CREATE TABLE {schema}.{path.stem.upper()} AS FROM read_csv('{path}', {TYPED})"
            )
