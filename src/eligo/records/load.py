"""Gather patient data from files, folders and standard input into one store."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from eligo.errors import EligoError, InputError
from eligo.records.detect import looks_like_fhir
from eligo.records.fhir import Document, FhirCorpus, FhirMaps, FhirResult, documents_of
from eligo.records.fhir.terms import BASED_ON, TYPE
from eligo.records.omop import databases_in
from eligo.records.parse import FORMATS, read_bytes, suffix_of, unpack
from eligo.records.records import ANYBODY, STDIN, Records

FHIR_LINES = (".ndjson", ".jsonl")


@dataclass
class Loader:
    """Reads sources one after the other; FHIR documents may refer to each other.

    Attributes:
        corpus: The FHIR documents.
        records: What has been read.
        fhir: How many FHIR resources of each type were read, ignored and rejected.
    """

    corpus: FhirCorpus
    records: Records = field(default_factory=Records)
    fhir: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, data: bytes, source: str) -> None:
        """Read one source; one that cannot be read is put on record, not raised."""
        try:
            data = unpack(data, source)
            if not data.strip():
                raise InputError("is empty; nothing was read", source=source)
            if suffix_of(Path(source)) in FHIR_LINES or looks_like_fhir(data):
                self._add_fhir(data, source)
            else:
                self.add_rdf(data, source)
        except InputError as error:
            self.records.failures.append(error)

    def add_rdf(self, data: bytes, source: str) -> None:
        """Read one source of RDF.

        Raises:
            InputError: It is not RDF, or says nothing.
        """
        self.records.add_rdf(data, source)

    def _add_fhir(self, data: bytes, source: str) -> None:
        for document in documents_of(data, source=source):
            if isinstance(document, InputError):
                self.records.failures.append(document)
                self.records.doubt(ANYBODY, str(document), source)
            else:
                self._put_fhir(self.corpus.read(document), document)

    def finish(self) -> Records:
        """Read what waited for other documents, and return everything."""
        for document, result in self.corpus.finish():
            self._put_fhir(result, document)
        self._sum_up()
        self._drop_links_to_nothing()
        for patient, reason in self.corpus.doubts():
            self.records.remark("record short of something", reason)
            self.records.doubt(patient, reason, None)
        return self.records

    def _put_fhir(self, result: FhirResult, document: Document) -> None:
        self.records.put_fhir(result, document)
        self.fhir += result.counts

    def _sum_up(self) -> None:
        """Say how many FHIR resources were read, ignored and rejected."""
        if not self.fhir:
            return
        read = ", ".join(f"{k} {n}" for (what, k), n in sorted(self.fhir.items()) if what == "read")
        ignored, rejected = (
            sum(n for (what, _), n in self.fhir.items() if what == outcome)
            for outcome in ("ignored", "rejected")
        )
        self.records.summaries.append(
            f"FHIR resources read: {read or 'none'}; ignored {ignored}, rejected {rejected}"
        )

    def _drop_links_to_nothing(self) -> None:
        """Drop links to FHIR records that became no fact, such as those that were passed over."""
        store, prefix = self.records.store, self.corpus.maps.prefix
        for link in list(store.quads_for_pattern(None, BASED_ON, None)):
            target = link.object
            if not isinstance(target, ox.NamedNode) or not target.value.startswith(prefix):
                continue
            if not any(store.quads_for_pattern(target, TYPE, None)):
                store.remove(link)
                self.records.remark("link to a record that was not read", target.value)


def load_records(
    paths: Iterable[str],
    maps: FhirMaps,
    patients: Collection[str] = (),
    loader: Loader | None = None,
) -> Records:
    """Read every source that the given paths name.

    Args:
        paths: Files, folders (read through, sorted by name) and `-` for standard input.
        maps: Value maps for FHIR.
        patients: IRIs of the patients that are asked for, none is all; sources that hold many
            patients need not be read whole.
        loader: Reads the sources; default one for the vocabulary of Eligo.

    Raises:
        EligoError: No path was given.
    """
    loader = Loader(FhirCorpus(maps)) if loader is None else loader
    given = list(paths)
    if not given:
        raise EligoError("no patient data given: name a file, a folder or - for standard input")
    seen: set[Path] = set()
    for path in given:
        if path == STDIN:
            loader.add(sys.stdin.buffer.read(), STDIN)
            continue
        databases = databases_in(path)
        for database in databases:
            loader.records.add_omop(database, patients)
        if databases and not Path(path).is_dir():
            continue
        for file in _files(Path(path), loader.records, needed=not databases):
            if file.resolve() in seen:
                continue
            seen.add(file.resolve())
            try:
                data = read_bytes(file)
            except InputError as error:
                loader.records.failures.append(error)
                continue
            loader.add(data, str(file))
    return loader.finish()


def _files(path: Path, records: Records, *, needed: bool) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(p for p in path.rglob("*") if _readable(p))
    if needed and not found:
        endings = " ".join(sorted({*FORMATS, *FHIR_LINES}))
        records.failures.append(
            InputError(
                f"holds no file of a known kind ({endings}, also with .gz or .zst)",
                source=str(path),
            )
        )
    yield from found


def _readable(path: Path) -> bool:
    known = suffix_of(path) in FORMATS or suffix_of(path) in FHIR_LINES
    return known and (path.is_file() or path.is_symlink())
