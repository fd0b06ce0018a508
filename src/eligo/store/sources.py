"""Find the sources that the given paths name, and cut them into tasks."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from eligo.errors import InputError, UsageError
from eligo.records.detect import looks_like_fhir
from eligo.records.load import FHIR_LINES
from eligo.records.omop import databases_in
from eligo.records.parse import FORMATS, suffix_of
from eligo.records.records import STDIN
from eligo.store.plan import Kind, Source, Task
from eligo.store.reading import PIECE
from eligo.store.statements import HEAD, LINES, format_at
from eligo.store.streams import beginning, is_packed, unreadable

BLOCK = 1 << 22
PACKING = 16
"""How many times as large as packed a file is taken to be."""
LARGEST_PIECE = 1 << 26
PIECES = 12
"""Pieces that a file is cut into, so long as none is too small or too large."""
MOST_FILES = 2_000
"""Files of one task at most."""


def find_sources(
    paths: Iterable[str], spool: Path, fail: Callable[[InputError], None]
) -> list[Source]:
    """Find the sources, numbered from 0, each content once.

    Args:
        paths: Files, folders, patterns and `-`, whose data are in the file `spool`.
        spool: Where standard input was put.
        fail: Is told what cannot be read.
    """
    found: dict[tuple[Kind, str, object], Source] = {}
    seen: set[Path] = set()
    for name, path, omop in _files(paths, spool, fail):
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        try:
            source = _omop_source(name, path) if omop else _source(name, path)
        except InputError as error:
            fail(error)
            continue
        found.setdefault((source.kind, source.digest, _form(source)), source)
    return [replace(source, number=number) for number, source in enumerate(found.values())]


def _files(
    paths: Iterable[str], spool: Path, fail: Callable[[InputError], None]
) -> Iterator[tuple[str, Path, bool]]:
    for given in paths:
        if given == STDIN:
            yield STDIN, spool, False
            continue
        matches = [given]
        if not Path(given).exists() and glob.has_magic(given):
            matches = sorted(_matching(given))
            if not matches:
                fail(InputError("matches no file; check the pattern", source=given))
        for name in matches:
            databases = databases_in(name)
            yield from ((str(database), database, True) for database in databases)
            path = Path(name)
            if path.is_dir():
                inside = [p for p in sorted(path.rglob("*")) if _readable(p)]
                if not inside and not databases:
                    endings = " ".join(sorted({*FORMATS, *FHIR_LINES}))
                    fail(
                        InputError(
                            f"holds no file of a known kind ({endings}, also with .gz or .zst)",
                            source=name,
                        )
                    )
                yield from ((str(p), p, False) for p in inside)
            elif not databases:
                yield name, path, False


def _matching(pattern: str) -> Iterator[str]:
    path = Path(pattern)
    start = Path(path.anchor)
    rest = path.relative_to(path.anchor) if path.anchor else path
    yield from (str(found) for found in start.glob(str(rest)))


def _readable(path: Path) -> bool:
    known = suffix_of(path) in FORMATS or suffix_of(path) in FHIR_LINES
    return known and (path.is_file() or path.is_symlink())


def _source(name: str, path: Path) -> Source:
    head = beginning(path, name, HEAD)
    if not head.strip():
        raise InputError("is empty; nothing was read", source=name)
    fhir = suffix_of(Path(name)) in FHIR_LINES or looks_like_fhir(head)
    kind = Kind.FHIR if fhir else Kind.RDF
    digest = hashlib.sha256()
    size = _hash(path, digest, name)
    return Source(0, name, str(path), kind, size, digest.hexdigest())


def _form(source: Source) -> object:
    """Return what tells apart sources of one content that are read in different ways."""
    if source.kind is not Kind.RDF:
        return None
    return format_at(source.name, beginning(Path(source.path), source.name, HEAD))


def _omop_source(name: str, path: Path) -> Source:
    digest = hashlib.sha256()
    files = sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
    size = 0
    for file in files:
        digest.update(file.name.encode() if path.is_dir() else b"")
        size += _hash(file, digest, str(file))
    return Source(0, name, str(path), Kind.OMOP, size, digest.hexdigest())


def _hash(path: Path, digest: hashlib._Hash, name: str) -> int:
    size = 0
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise unreadable(error, name) from error
    return size


def cut(sources: Iterable[Source]) -> list[Task]:
    """Return the tasks that read the sources; those that take longest alone come first."""
    drafts: list[Task] = []
    every = list(sources)
    fhir = tuple(s for s in every if s.kind is Kind.FHIR)
    if fhir:
        drafts.append(Task(0, Kind.FHIR, fhir, size=sum(s.size for s in fhir)))
    drafts += [Task(0, Kind.OMOP, (s,), size=s.size) for s in every if s.kind is Kind.OMOP]
    rdf = [s for s in every if s.kind is Kind.RDF]
    for source in rdf:
        if not _is_small(source):
            drafts += _pieces(source)
    drafts += _batches(source for source in rdf if _is_small(source))
    return [replace(task, number=number) for number, task in enumerate(drafts)]


def _pieces(source: Source) -> Iterator[Task]:
    path = Path(source.path)
    packed = is_packed(path)
    format_ = format_at(source.name, beginning(path, source.name, HEAD))
    if packed or format_ not in LINES:
        yield Task(0, Kind.RDF, (source,), alone=True, size=source.size)
        return
    start = 0
    piece = min(LARGEST_PIECE, max(PIECE, source.size // PIECES))
    with path.open("rb") as file:
        while start < source.size:
            file.seek(min(start + piece, source.size))
            file.readline()
            end = file.tell()
            yield Task(0, Kind.RDF, (source,), start=start, end=end, size=end - start)
            start = end


def _is_small(source: Source) -> bool:
    """Tell whether a file may be held whole; packed ones are many times as large as they look."""
    if source.size > PIECE:
        return False
    return source.size <= PIECE // PACKING or not is_packed(Path(source.path))


def _batches(sources: Iterable[Source]) -> Iterator[Task]:
    batch: list[Source] = []
    size = 0
    for source in sources:
        if batch and (size + source.size > PIECE or len(batch) >= MOST_FILES):
            yield _batch(batch)
            batch, size = [], 0
        batch.append(source)
        size += source.size
    if batch:
        yield _batch(batch)


def _batch(sources: list[Source]) -> Task:
    return Task(0, Kind.RDF, tuple(sources), size=sum(s.size for s in sources))


def check_target(store: Path) -> None:
    """Refuse a path that is no store and cannot become one.

    Raises:
        UsageError: It is a file, a folder with other things, or cannot be written.
    """
    from eligo.store.layout import ASTRAY, IMPORTING, MANIFEST, TABLES

    if store.exists() and not store.is_dir():
        raise UsageError(f"{store}: is a file; name a folder for the store")
    try:
        store.mkdir(parents=True, exist_ok=True)
        names = {path.name for path in store.iterdir()}
    except OSError as error:
        raise UsageError(f"{store}: cannot be written ({error.strerror}); name another") from error
    if not os.access(store, os.W_OK | os.X_OK):
        raise UsageError(f"{store}: cannot be written (Permission denied); name another folder")
    if strange := sorted(names - {MANIFEST, IMPORTING, ASTRAY, *TABLES}):
        raise UsageError(
            f"{store}: holds other things ({', '.join(strange[:3])}); name a new or empty folder"
        )
