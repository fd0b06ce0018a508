"""Read an OMOP database: stage its tables, map them, and hand over what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from eligo.database import Database
from eligo.errors import InputError
from eligo.records.omop.emit import columns_of, pointing_columns, statements_of
from eligo.records.omop.find import PERSON
from eligo.records.omop.maps import CdmTable, OmopMaps
from eligo.records.omop.outcome import OmopResult, Rows, Tally
from eligo.records.omop.workspace import Workspace, quoted, template
from eligo.resources import importer_statements
from eligo.vocabulary.ontology import PREFIXES

HEADER = re.compile(r"^--\+ table: (\w+)$", re.MULTILINE)
VERSION = re.compile(r"[^0-9]*([0-9]+\.[0-9]+)")
EVENTS = (
    "death",
    "condition_occurrence",
    "drug_exposure",
    "procedure_occurrence",
    "measurement",
    "observation",
)
"""Tables about persons whose rows are read; the SQL of the importer says how."""
SCRIPTS = ("drug-strength", "concept", "concept-ancestor", "meanings")
"""Scripts of the importer that prepare what the mappings look up, in order."""
CODING = "coding"
OPTIONAL = "death"
"""A table that a database may lack without being short of facts."""

Take = Callable[[str, bytes], None]
"""Takes statements as N-Triples, with the name of their source."""


def read_omop(
    location: Path, take: Take, *, maps: OmopMaps | None = None, patients: Collection[str] = ()
) -> OmopResult:
    """Read an OMOP database.

    Args:
        location: A folder of CSV or Parquet files, or a DuckDB file.
        take: Is handed what the rows say.
        maps: How the model is read; by default as installed.
        patients: IRIs of the patients that are asked for; none is all.

    Returns:
        What became of the rows.

    Raises:
        InputError: The database or one of its files cannot be read or understood. Nothing of it
            was handed over, for a table that is missing would look like facts that are not there.
    """
    database = Database()
    try:
        return _Reading(Workspace(location, maps or OmopMaps.installed(), database), patients).read(
            take
        )
    finally:
        database.close()


@dataclass
class _Reading:
    workspace: Workspace
    patients: Collection[str]
    statements: dict[str, str] = field(default_factory=lambda: importer_statements("omop"))
    gaps: list[tuple[str, str]] = field(default_factory=list)

    @property
    def tables(self) -> dict[str, CdmTable]:
        return dict(self.workspace.maps.tables)

    def read(self, take: Take) -> OmopResult:
        self._prepare()
        version = self._version()
        self._stage_persons()
        for name in EVENTS:
            self._stage_events(name)
        for script in SCRIPTS:
            text = self.statements[script]
            named = HEADER.search(text)
            self.workspace.run(named[1] if named else PERSON, text)
        mapped = [PERSON, *(name for name in EVENTS if name in self.workspace.files)]
        for name in mapped:
            self._map(name)
        tallies = [*(self._tally(name) for name in mapped), *self._unread()]
        sources = [self.workspace.source(name) for name in mapped]
        for name, source in zip(mapped, sources, strict=True):
            for data in statements_of(self.workspace.database, name):
                take(source, data)
        self._take_codings(mapped, take)
        self._note_gaps(version)
        return OmopResult(
            str(self.workspace.location), version, tallies, self.gaps, list(self._doubts()), sources
        )

    def _prepare(self) -> None:
        database, maps = self.workspace.database, self.workspace.maps
        for name in ("elig", "xsd"):
            namespace = quoted(f"<{PREFIXES[name]}")
            database.execute(f"CREATE MACRO {name}(local) AS {namespace} || local || '>'")
        prefix = quoted(maps.prefix)
        database.execute(f"CREATE MACRO minted_name(local) AS {prefix} || local")
        database.execute("CREATE MACRO minted(local) AS '<' || minted_name(local) || '>'")
        database.execute(self.statements["macros"])
        database.execute(template("statements").substitute())
        database.load(maps.values)
        for table in maps.tables.values():
            if table.unread is None:
                self.workspace.view(table)

    def _version(self) -> str:
        rows = self.workspace.rows(
            "cdm_source", "SELECT DISTINCT cdm_version FROM source_cdm_source"
        )
        stated = sorted(str(row[0]) for row in rows if row[0] is not None)
        known = self.workspace.maps.versions
        for version in stated:
            number = VERSION.match(version)
            if number is None or number[1] not in known:
                raise InputError(
                    f"says that the database is OMOP CDM {version}; read are "
                    f"{' and '.join(sorted(known))}: convert it, or correct cdm_version",
                    source=self.workspace.source("cdm_source"),
                )
        return " and ".join(stated)

    def _stage_persons(self) -> None:
        self._stage(self.tables[PERSON])
        self.workspace.run(PERSON, template("persons").substitute())

    def _stage_events(self, name: str) -> None:
        table = self.tables[name]
        self._stage(table)
        self.workspace.run(name, template("events").substitute(table=name, key=table.key))

    def _stage(self, table: CdmTable) -> None:
        """Put the rows that are asked for into `given`, and contested identifiers into `shared`."""
        content = "CONCAT_WS(CHR(31), {})".format(
            ", ".join(f"COALESCE({column}, CHR(30))" for column in table.columns)
        )
        wanted, everything = "TRUE", "given"
        if self.patients:
            prefix = f"{self.workspace.maps.prefix}person:"
            names = ", ".join(quoted(iri) for iri in self.patients)
            wanted = f"person_id IS NULL OR {quoted(prefix)} || url_encode(person_id) IN ({names})"
            everything = f"source_{table.name}"
        names_of = {"table": table.name, "key": table.key, "content": content}
        given = template("given").substitute(names_of, wanted=wanted)
        self.workspace.run(table.name, given)
        shared = template("shared").substitute(names_of, everything=everything)
        self.workspace.run(table.name, shared)

    def _map(self, name: str) -> None:
        text = self.statements[name.replace("_", "-")]
        self.workspace.run(name, f"CREATE OR REPLACE TABLE mapped_{name} AS\n{text}")

    def _tally(self, name: str) -> Tally:
        rows = self.workspace.database.query(template("tally").substitute(table=name))

        def of(outcome: str) -> dict[str, Rows]:
            return {why: Rows(n, tuple(first)) for what, why, n, first in rows if what == outcome}

        read = sum(n for what, _, n, _ in rows if what == "read")
        return Tally(
            name,
            self.workspace.source(name),
            read,
            of("ignored"),
            of("rejected"),
            of("doubtful"),
        )

    def _unread(self) -> Iterator[Tally]:
        for table in self.tables.values():
            file = self.workspace.files.get(table.name)
            if table.unread is None or file is None:
                continue
            try:
                relation = self.workspace.relation(file, {})
                ((number,),) = self.workspace.rows(table.name, f"SELECT COUNT(*) FROM {relation}")
            except InputError as error:
                self.gaps.append((f"{table.name}: not counted, and not read anyway", str(error)))
                continue
            if isinstance(number, int) and number:
                yield Tally(table.name, file.source, 0, {table.unread: Rows(number, ())})

    def _take_codings(self, mapped: list[str], take: Take) -> None:
        database = self.workspace.database
        columns = " UNION ALL ".join(
            text for name in mapped for text in pointing_columns(columns_of(database, name), name)
        )
        database.execute(template("used").substitute(columns=columns))
        database.execute(f"CREATE TABLE mapped_{CODING} AS\n{self.statements[CODING]}")
        for data in statements_of(database, CODING, every=True):
            take(self.workspace.source(PERSON), data)

    def _note_gaps(self, version: str) -> None:
        location = str(self.workspace.location)
        if not version:
            known = " or ".join(sorted(self.workspace.maps.versions))
            self.gaps.append(
                (f"no cdm_source states a version: read as OMOP CDM {known}", location)
            )
        if "concept" not in self.workspace.files:
            what = "no table concept, so that codes are OMOP identifiers, which few concepts list"
            self.gaps.append((f"{what}; add it", location))

    def _doubts(self) -> Iterator[tuple[str, str]]:
        """Say what all patients may be short of: tables that are missing, and rows of nobody."""
        for name in EVENTS:
            source = self.workspace.source(name)
            if name not in self.workspace.files:
                if name != OPTIONAL:
                    yield (
                        f"no table {name}: nothing is known of what it would hold; add it, with "
                        "the names of its columns only if there is nothing to record",
                        source,
                    )
                continue
            text = template("nobody").substitute(table=name)
            ((number,),) = self.workspace.rows(name, text)
            if number:
                rows = "1 row" if number == 1 else f"{number} rows"
                yield f"{name}: {rows} without person_id may be anybody's; fill person_id", source
