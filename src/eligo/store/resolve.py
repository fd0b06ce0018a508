"""Put together what segments and parts say of the same nodes and the same patients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eligo.database import Database
from eligo.store.layout import PART_PATIENTS
from eligo.store.lexicon import Lexicon, files_list, quoted, script
from eligo.store.part import live_statements, live_unit
from eligo.store.segment import nodes_file, statements_file, suspects_file

MEMORY = 1_000
"""Megabytes that resolving may take before it spills."""
FIRST_BUCKET = 1 << 50
"""Buckets from here on are of patients without a unit to live in; others are numbers of units."""
ASTRAY_UNIT = -(1 << 40)
EXAMPLES = 5
NOTHING = "SELECT * FROM (SELECT {columns}) WHERE FALSE"


@dataclass(frozen=True)
class Astray:
    """Statements of a source that no record holds.

    Attributes:
        source: Number of the source.
        statements: How many.
        subjects: Some of what they are about.
    """

    source: int
    statements: int
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Resolved:
    """What belongs together.

    Attributes:
        scattered: File of the patients of whom more than one unit speaks.
        pools: Files with what they are given, by bucket: the unit they live in, or another number
            from `FIRST_BUCKET` on.
        homes: Parts that scattered patients live in.
        patients: How many patients live in each segment alone.
        astray: What no record holds.
        unheld: Facts without exactly one holder: fact, label of its kind, source, holders.
        rows: How many statements of patients all parts together must hold.
    """

    scattered: Path
    pools: Mapping[int, tuple[Path, ...]]
    homes: frozenset[int]
    patients: Mapping[int, int]
    astray: tuple[Astray, ...]
    unheld: tuple[tuple[str, str, int, int], ...]
    rows: int


@dataclass(frozen=True)
class Units:
    """What is to be put together.

    Attributes:
        folder: Holds the files of segments, and of the nodes of parts.
        store: The store.
        segments: Numbers of the segments.
        parts: Numbers of the parts that are there.
        astray: File of the statements that no record held so far.
    """

    folder: Path
    store: Path
    segments: tuple[int, ...]
    parts: tuple[int, ...] = ()
    astray: Path | None = None

    @property
    def indexed(self) -> dict[int, str]:
        """Units whose nodes are found from what is there, with the query of what they say."""
        found = {live_unit(part): live_statements(self.store, part) for part in self.parts}
        if self.astray is not None:
            found[ASTRAY_UNIT] = script("astray-statements").substitute(
                unit=ASTRAY_UNIT, triples=quoted(str(self.astray))
            )
        return found


@dataclass
class Resolver:
    """Resolves units in a database of its own.

    Attributes:
        units: What is to be put together.
        lexicon: What the ontology says.
        database: Where it is done.
    """

    units: Units
    lexicon: Lexicon
    target: Path
    database: Database = field(init=False)

    def resolve(self, astray: Path) -> Resolved:
        """Find what belongs together.

        Args:
            astray: File for what no record holds.
        """
        self.database = Database(memory=MEMORY, spill=self.units.folder / "spill")
        try:
            self.lexicon.prepare(self.database)
            self._views()
            self._owe()
            scattered = self.target / "scattered.parquet"
            self._run(
                "scatter",
                first=FIRST_BUCKET,
                part_patients=PART_PATIENTS,
                scattered=quoted(str(scattered)),
            )
            pool = self.target / "pool"
            self._run("pool", pool=quoted(str(pool)))
            self._run("astray", astray=quoted(str(astray)))
            self._run("unheld")
            return Resolved(
                scattered,
                _pools(pool),
                frozenset(
                    -1 - home
                    for (home,) in self.database.query(
                        "SELECT DISTINCT home FROM scattered WHERE home < 0"
                    )
                ),
                dict(
                    self.database.query(
                        "SELECT unit, COUNT(*) FROM every_node LEFT JOIN scattered USING (patient) "
                        "WHERE COALESCE(home, unit) = unit AND NOT (home IS NULL AND bucket IS NOT "
                        "NULL) AND patient = node AND unit >= 0 GROUP BY unit"
                    )
                ),
                self._astray(astray),
                tuple(self.database.query("SELECT fact, label, source, holders FROM unheld")),
                self._rows(pool),
            )
        finally:
            self.database.close()

    def _run(self, name: str, **names: object) -> None:
        self.database.execute(script(name).substitute(names))

    def _views(self) -> None:
        folder = self.units.folder
        known = [*self.units.segments, *self.units.indexed]
        statements = list(self.units.indexed.values())
        if self.units.segments:
            files = [statements_file(folder, unit) for unit in self.units.segments]
            statements.insert(0, f"SELECT * FROM read_parquet({files_list(files)})")
        self._run(
            "units",
            nodes=_all_of([nodes_file(folder, unit) for unit in known]),
            suspects=_all_of([suspects_file(folder, unit) for unit in known]),
            statements=" UNION ALL BY NAME ".join(statements),
        )

    def _owe(self) -> None:
        """Find what patients are owed from units that do not give it to them, to any depth."""
        self._run("resolve")
        depth = 0
        ((found,),) = self.database.query("SELECT COUNT(*) FROM owed")
        while found:
            depth += 1
            self._run("resolve-step", depth=depth)
            ((found,),) = self.database.query(f"SELECT COUNT(*) FROM owned WHERE depth = {depth}")

    def _rows(self, pool: Path) -> int:
        """Count the statements of patients: those that units give, and those that were owed."""
        ((given, scattered),) = self.database.query(
            "SELECT COUNT(*) FILTER (patient IS NOT NULL), (SELECT COUNT(*) FROM every_statement "
            "JOIN scattered USING (patient) WHERE home IS DISTINCT FROM unit) FROM every_statement"
        )
        files = sorted(pool.rglob("*.parquet"))
        if not files:
            return int(given)
        ((pooled,),) = self.database.query(f"SELECT COUNT(*) FROM ({_all_of(files)})")
        return int(given + pooled - scattered)

    def _astray(self, file: Path) -> tuple[Astray, ...]:
        rows = self.database.query(
            f"SELECT source, COUNT(*), list_sort(list_distinct(list(subject)))[:{EXAMPLES}] "
            f"FROM read_parquet({quoted(str(file))}) GROUP BY source ORDER BY source"
        )
        return tuple(Astray(source, number, tuple(found)) for source, number, found in rows)


def _all_of(files: Iterable[Path]) -> str:
    return f"SELECT * FROM read_parquet({files_list(list(files))})"


def _pools(folder: Path) -> dict[int, tuple[Path, ...]]:
    return {
        int(inside.name.partition("=")[2]): tuple(sorted(inside.glob("*.parquet")))
        for inside in sorted(folder.glob("bucket=*"))
    }
