"""Import into a store, and compare what it holds with what the queries extract in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from eligo.database import Database
from eligo.records.extract import extract
from eligo.records.fhir import FhirMaps
from eligo.records.load import load_records
from eligo.records.records import Records
from eligo.resources import importer_files, ontology_files
from eligo.services.check import general_checker
from eligo.services.importing import import_patients
from eligo.store import Store
from eligo.store.layout import TABLES
from eligo.store.watch import Imported
from eligo.vocabulary.ontology import Ontology, load_ontology

Rows = Mapping[str, frozenset[tuple[str | None, ...]]]
LOADED = {
    "t_patient": ("patient",),
    "e_link": ("patient", "relation", "fact"),
    "e_attribute": ("fact", "property", "value", "datatype"),
    "e_quantity": ("fact", "property", "value", "low", "high", "comparator", "unit"),
    "e_coding": ("fact", "property", "system", "notation", "display"),
}


@cache
def ontology() -> Ontology:
    """The general ontology, loaded once."""
    return load_ontology(ontology_files())


@cache
def maps() -> FhirMaps:
    """The value maps for FHIR, loaded once."""
    return FhirMaps.load(load_ontology(importer_files()).graph + ontology().graph)


def imported(store: Path, *sources: str | Path, jobs: int = 1, restart: bool = False) -> Imported:
    """Import sources into a store."""
    names = [str(source) for source in sources]
    return import_patients(names, store, general_checker(), jobs=jobs, restart=restart)


def stored(path: Path) -> Rows:
    """Return what a store holds, as the derivation reads it, with keys turned back to IRIs."""
    found: dict[str, set[tuple[str | None, ...]]] = {name: set() for name in LOADED}
    for part in Store.open(path).parts:
        database = Database(threads=1)
        part.load(database)
        part.names(database)
        names = {key: name for key, name, _ in database.rows("t_name", ("key", "name", "patient"))}
        for table, columns in LOADED.items():
            rows = database.rows(table, columns)
            assert len(rows) == len(set(rows)), f"{table} has rows twice"
            found[table] |= {
                tuple(
                    names.get(cell, cell) if _key(columns[i]) else cell
                    for i, cell in enumerate(row)
                )
                for row in rows
            }
        database.close()
    return {name: frozenset(rows) for name, rows in found.items()}


def _key(column: str) -> bool:
    return column in ("patient", "fact", "value")


def extracted(records: Records) -> Rows:
    """Return what the queries extract, save what is about nobody's facts."""
    short = ontology().short
    evidence = extract(records.store, short)
    tables = {table.name: frozenset(table.rows) for table in evidence.tables}
    patients = {short(p) for p in evidence.patients}
    known = patients | {str(fact) for _, _, fact in tables["e_link"]}
    about = {
        name: frozenset(row for row in rows if name == "e_link" or row[0] in known)
        for name, rows in tables.items()
    }
    return {"t_patient": frozenset((p,) for p in patients), **about}  # type: ignore[dict-item]


def in_memory(*sources: str | Path) -> Rows:
    """Return what the queries extract from sources."""
    records = load_records([str(source) for source in sources], maps())
    assert not records.failures, records.failures
    return extracted(records)


def difference(found: Rows, expected: Rows) -> dict[str, tuple[set[object], set[object]]]:
    """Return, by table, the rows that are too many and those that are missing."""
    return {
        name: (set(found[name] - expected[name]), set(expected[name] - found[name]))
        for name in LOADED
        if found[name] != expected[name]
    }


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables of a store, in order, without keys' part numbers."""
    database = Database(threads=1)
    found = {}
    for table, columns in TABLES.items():
        files = [str(part.file(table)) for part in Store.open(path).parts]
        own = ", ".join(c for c in columns if not c.endswith("_key") and c != "source")
        value = "regexp_replace(value, '^[0-9]{12}$', 'key')" if table == "attribute" else "value"
        own = own.replace("value", f"{value} AS value", 1)
        found[table] = database.query(f"SELECT {own} FROM read_parquet({files}) ORDER BY ALL")
    database.close()
    return found


def tables_of(path: Path, table: str, columns: Iterable[str]) -> list[tuple[object, ...]]:
    """Return columns of a table of a store."""
    database = Database(threads=1)
    files = [str(part.file(table)) for part in Store.open(path).parts]
    rows = database.query(f"SELECT {', '.join(columns)} FROM read_parquet({files}) ORDER BY ALL")
    database.close()
    return rows
