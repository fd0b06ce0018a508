"""Open a record store: check it, go through its parts, find patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from eligo.database import Database, DatabaseError
from eligo.errors import InputError, UsageError
from eligo.store.layout import IMPORTING, MANIFEST, TABLES, part_file
from eligo.store.lexicon import files_list, quoted, script
from eligo.store.manifest import Manifest
from eligo.store.terms import triple_of
from eligo.vocabulary.ontology import Ontology


@dataclass(frozen=True)
class Part:
    """One part of a store: whole patients.

    Attributes:
        store: Folder of the store.
        number: Its number.
        rows: How many rows each table has.
    """

    store: Path
    number: int
    rows: dict[str, int]

    @property
    def patients(self) -> int:
        """How many patients it holds."""
        return self.rows["patient"]

    def file(self, table: str) -> Path:
        """Return the file of a table."""
        return part_file(self.store, table, self.number)

    def load(self, database: Database, patients: Iterable[str] | None = None) -> None:
        """Fill the tables that the derivation reads.

        Patients and facts are named by their keys.

        Args:
            database: Where to.
            patients: Keys of the patients that are asked for; by default all.

        Raises:
            DatabaseError: A file cannot be read.
        """
        wanted = "TRUE"
        if patients is not None:
            keys = ", ".join(quoted(key) for key in sorted(patients)) or "NULL"
            wanted = f"patient_key IN ({keys})"
        load_parts([self], database, wanted)

    def names(self, database: Database) -> None:
        """Fill the table `t_name(key, name, patient)` with the IRIs that the keys stand for.

        Raises:
            DatabaseError: A file cannot be read.
        """
        files = {f"{name}_file": quoted(str(self.file(name))) for name in TABLES}
        database.execute(script("load-names").substitute(files))


@dataclass(frozen=True)
class Store:
    """A record store that was checked.

    Attributes:
        path: Its folder.
        manifest: What it was made from, and what it holds.
    """

    path: Path
    manifest: Manifest

    @staticmethod
    def open(path: str | Path) -> Store:
        """Open a store and check that all of it is there.

        Raises:
            InputError: It is no store, an unfinished import, of another schema version, or one of
                its files is missing, damaged or of another length than the manifest says.
        """
        folder = Path(path)
        if not folder.is_dir():
            raise InputError("is no store: no such folder; check the path", source=str(path))
        store = Store(folder, Manifest.load(folder))
        store._check()
        return store

    @property
    def parts(self) -> Iterator[Part]:
        """The parts, in the order of their numbers."""
        for entry in self.manifest.parts:
            yield Part(self.path, entry.number, dict(entry.rows))

    @property
    def patients(self) -> int:
        """How many patients it holds."""
        return self.manifest.rows.get("patient", 0)

    @property
    def unfinished(self) -> bool:
        """Whether an import into it died and was not taken up again."""
        return (self.path / IMPORTING / "plan.json").exists()

    @cached_property
    def sources(self) -> dict[int, str]:
        """Names of the sources by their numbers."""
        return {source.number: source.name for source in self.manifest.sources}

    def find(self, patients: Iterable[str], ontology: Ontology) -> dict[str, str]:
        """Return the keys of patients by their IRIs.

        Raises:
            UsageError: A patient is not in the store.
            InputError: A file cannot be read.
        """
        wanted = {ontology.short(iri): iri for iri in patients}
        files = files_list([part.file("patient") for part in self.parts])
        names = ", ".join(map(quoted, sorted(wanted))) or "NULL"
        rows = self._ask(
            f"SELECT patient, patient_key FROM read_parquet({files}) WHERE patient IN ({names})"
        )
        found = {wanted[str(name)]: str(key) for name, key in rows}
        for iri in wanted.values():
            if iri not in found:
                raise UsageError(f"no patient <{iri}> in {self.path}; check the IRI")
        return found

    def part_of(self, key: str) -> Part:
        """Return the part that a key belongs to."""
        return next(part for part in self.parts if part.number == int(key[:4]))

    def statements(self, keys: Iterable[str], ontology: Ontology) -> bytes:
        """Return everything that the store says of some patients, as N-Triples.

        Args:
            keys: Keys of the patients.
            ontology: Expands short forms.

        Raises:
            InputError: A file cannot be read.
        """
        by_part: dict[int, list[str]] = {}
        for key in sorted(set(keys)):
            by_part.setdefault(int(key[:4]), []).append(key)
        triples = (
            triple for part, own in by_part.items() for triple in self._triples(part, own, ontology)
        )
        return ox.serialize(dict.fromkeys(triples), format=ox.RdfFormat.N_TRIPLES) or b""

    def _triples(self, part: int, keys: list[str], ontology: Ontology) -> Iterator[ox.Triple]:
        file = quoted(str(part_file(self.path, "triple", part)))
        rows = self._ask(
            "SELECT subject, predicate, object, kind, datatype, language "
            f"FROM read_parquet({file}) WHERE patient_key IN ({', '.join(map(quoted, keys))}) "
            "ORDER BY ALL"
        )
        for row in rows:
            yield triple_of(row, ontology)

    def _check(self) -> None:
        """Check that every file that the manifest names is there, whole.

        Raises:
            InputError: One is not.
        """
        for part in self.parts:
            for table in TABLES:
                if not part.file(table).is_file():
                    raise _broken(part.file(table), "is missing")
        for table, columns in TABLES.items():
            files = [part.file(table) for part in self.parts]
            if files:
                self._check_table(table, columns, files)

    def _check_table(self, table: str, columns: tuple[str, ...], files: list[Path]) -> None:
        database = Database()
        try:
            rows = dict(
                database.query(
                    f"SELECT file_name, num_rows FROM parquet_file_metadata({files_list(files)})"
                )
            )
            found = database.query(f"DESCRIBE SELECT * FROM read_parquet({files_list(files)})")
        except DatabaseError as error:
            raise self._damage(files, error) from error
        finally:
            database.close()
        for part in self.parts:
            file = part.file(table)
            if rows.get(str(file)) != part.rows[table]:
                raise _broken(
                    file, f"has {rows.get(str(file))} rows, where {MANIFEST} has {part.rows[table]}"
                )
        if tuple(row[0] for row in found) != columns:
            raise _broken(files[0], f"has other columns than {', '.join(columns)}")

    def _damage(self, files: list[Path], error: DatabaseError) -> InputError:
        """Find the file that an error is about."""
        for file in files:
            database = Database(threads=1)
            try:
                database.query(f"SELECT num_rows FROM parquet_file_metadata({quoted(str(file))})")
            except DatabaseError as own:
                return _broken(file, f"is damaged ({_first_line(own)})")
            finally:
                database.close()
        return _broken(files[0], f"cannot be read ({_first_line(error)})")

    def _ask(self, query: str) -> list[tuple[object, ...]]:
        database = Database()
        try:
            return database.query(query)
        except DatabaseError as error:
            raise InputError(
                f"cannot be read ({_first_line(error)}); import the sources again into a new "
                "folder",
                source=str(self.path),
            ) from error
        finally:
            database.close()


def load_parts(parts: Sequence[Part], database: Database, wanted: str = "TRUE") -> None:
    """Fill the tables that the derivation reads with several parts at once; see `Part.load`.

    Raises:
        DatabaseError: A file cannot be read.
    """
    files = {f"{name}_file": files_list([part.file(name) for part in parts]) for name in TABLES}
    database.execute(script("load-part").substitute(files, wanted=wanted))


def _broken(file: Path, what: str) -> InputError:
    return InputError(f"{what}; import the sources again into a new folder", source=str(file))


def _first_line(error: DatabaseError) -> str:
    return str(error).strip().partition("\n")[0]
