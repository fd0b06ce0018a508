"""The tables of one OMOP database as views that a statement can be run over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template

from eligo.database import Database, DatabaseError
from eligo.errors import InputError
from eligo.records.omop.find import PERSON, Kind, TableFile, is_table, tables_in
from eligo.records.omop.header import read_layout
from eligo.records.omop.maps import CdmTable, OmopMaps

SCRIPTS = Path(__file__).with_name("sql")
CSV_LINE = re.compile(r"CSV Error on Line: (\d+)")
CSV_FIELDS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
LONGEST_LINE = 1 << 26


@cache
def template(name: str) -> Template:
    """Return a statement of the package whose names are to be filled in."""
    return Template((SCRIPTS / f"{name}.sql").read_text(encoding="utf-8"))


def quoted(text: str, mark: str = "'") -> str:
    """Return a text as SQL writes it, between marks."""
    return mark + text.replace(mark, mark * 2) + mark


class Workspace:
    """One OMOP database, opened.

    Attributes:
        location: The folder or DuckDB file.
        maps: How the model is read.
        database: Where statements are run.
        files: Its tables by name.
    """

    def __init__(self, location: Path, maps: OmopMaps, database: Database) -> None:
        """Open a database.

        Raises:
            InputError: It cannot be read, or has no table of persons.
        """
        self.location = location
        self.maps = maps
        self.database = database
        self.files: Mapping[str, TableFile] = (
            tables_in(location, maps.tables) if location.is_dir() else self._attach()
        )
        if PERSON not in self.files:
            raise InputError(
                "has no table person (person.csv, person.csv.gz or person.parquet) and is no OMOP "
                "database; add it",
                source=str(location),
            )

    def _attach(self) -> dict[str, TableFile]:
        if not self.location.is_file():
            raise InputError(
                "cannot be read (no such file); check the path", source=str(self.location)
            )
        if is_table(self.location):
            raise InputError(
                "is one table; give its folder, to be read as an OMOP database",
                source=str(self.location),
            )
        try:
            self.database.execute(f"ATTACH {quoted(str(self.location))} AS cdm (READ_ONLY)")
            found = self.database.query(
                "SELECT table_schema, table_name FROM information_schema.tables "
                "WHERE table_catalog = 'cdm' ORDER BY ALL"
            )
        except DatabaseError as error:
            raise InputError(
                f"is no DuckDB database that can be read ({first_line(error)}); fetch it again",
                source=str(self.location),
            ) from error
        schemas = sorted({schema for schema, name in found if name.lower() == PERSON})
        if len(schemas) > 1:
            raise InputError(
                f"has a table person in several schemas ({', '.join(schemas)}); keep one",
                source=str(self.location),
            )
        return {
            name.lower(): TableFile(
                name.lower(),
                self.location,
                Kind.DUCKDB,
                ".".join(("cdm", quoted(schema, '"'), quoted(name, '"'))),
            )
            for schema, name in found
            if [schema] == schemas and name.lower() in self.maps.tables
        }

    def source(self, table: str) -> str:
        """Return what messages call a table: its file, or the database where it has none."""
        return self.files[table].source if table in self.files else str(self.location)

    def view(self, table: CdmTable) -> None:
        """Make the view of a table by the model's names; an absent table has no rows.

        Raises:
            InputError: The file is damaged or lacks a required column.
        """
        file = self.files.get(table.name)
        if file is None:
            columns = ", ".join(f"CAST(NULL AS VARCHAR) AS {name}" for name in table.columns)
            self.run(table.name, template("absent").substitute(table=table.name, columns=columns))
            return
        relation = self.relation(file, table.columns)
        written = {
            str(row[0]).lower(): str(row[0])
            for row in self.rows(table.name, f"DESCRIBE SELECT * FROM {relation}")
        }
        missing = sorted(table.required - written.keys())
        if missing:
            raise InputError(
                f"lacks {', '.join(missing)}, which OMOP CDM "
                f"{' and '.join(sorted(self.maps.versions))} have; export the whole table",
                source=file.source,
            )
        columns = ", ".join(
            f"{macro}(CAST({quoted(written[name], chr(34))} AS VARCHAR)) AS {name}"
            if name in written
            else f"CAST(NULL AS VARCHAR) AS {name}"
            for name, macro in table.columns.items()
        )
        self.run(
            table.name,
            template("source").substitute(table=table.name, columns=columns, relation=relation),
        )

    def relation(self, file: TableFile, known: Mapping[str, str]) -> str:
        """Return how a statement names what a file holds.

        Raises:
            InputError: The file is empty, damaged or no table of that name.
        """
        if file.kind is Kind.DUCKDB:
            return file.name
        path = quoted(str(file.path))
        if file.kind is Kind.PARQUET:
            return f"read_parquet({path})"
        layout = read_layout(file.path, known)
        columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in _distinct(layout.columns))
        return (
            f"read_csv({path}, auto_detect = false, header = true, strict_mode = true, "
            f"delim = {quoted(layout.divider)}, quote = {quoted(layout.quote)}, "
            f"escape = {quoted(layout.quote)}, columns = {{{columns}}}, "
            f"max_line_size = {LONGEST_LINE}, "
            f"compression = {quoted('gzip' if layout.packed else 'none')})"
        )

    def run(self, table: str, statement: str) -> None:
        """Run a statement over a table.

        Raises:
            InputError: Its file is damaged.
        """
        try:
            self.database.execute(statement)
        except DatabaseError as error:
            raise self.fault(table, error) from error

    def rows(self, table: str, statement: str) -> list[tuple[object, ...]]:
        """Return the rows of a statement over a table.

        Raises:
            InputError: Its file is damaged.
        """
        try:
            return self.database.query(statement)
        except DatabaseError as error:
            raise self.fault(table, error) from error

    def fault(self, table: str, error: DatabaseError) -> InputError:
        """Return what is wrong with the file of a table, from the database's words."""
        text = str(error)
        line = CSV_LINE.search(text)
        fields = CSV_FIELDS.search(text)
        if fields:
            reason = (
                f"has {fields[2]} fields where the first line has {fields[1]}; the file is cut "
                "short there, or a value with a delimiter is not quoted"
            )
        elif "unterminated quote" in text:
            reason = "has a quote that is not closed; close it, or fetch the file again"
        elif "not utf-8" in text.lower() or "invalid unicode" in text.lower():
            reason = "is not UTF-8; save the file as UTF-8"
        else:
            reason = f"cannot be read ({first_line(error)}); fetch it again"
        return InputError(
            reason, source=self.source(table), line=None if line is None else int(line[1])
        )


def first_line(error: DatabaseError) -> str:
    """Return the first line of what a database says."""
    return str(error).strip().partition("\n")[0].removeprefix("IO Error: ")


def _distinct(names: tuple[str, ...]) -> list[str]:
    seen: dict[str, str] = {}
    for place, name in enumerate(names):
        unique = name if name and name.lower() not in seen else f"column{place}"
        seen[unique.lower()] = unique
    return list(seen.values())
