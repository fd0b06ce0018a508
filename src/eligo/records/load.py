"""Gather patient data from files, folders and standard input into one store."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from eligo.errors import EligoError, InputError
from eligo.records.detect import looks_like_fhir
from eligo.records.fhir import FhirMaps, read_fhir
from eligo.records.parse import FORMATS, in_graph, parse_rdf, read_bytes, unpack
from eligo.records.skolem import skolemise

STDIN = "-"


@dataclass
class Records:
    """Patient data of one run.

    Attributes:
        store: All statements, those of each source in a graph of its own.
        sources: Names of the sources that were read.
        failures: Sources that could not be read, with the reason.
        notes: Remarks about what was read, ignored or rejected.
        patients: IRIs of the patients whose records these are; None is all of whom they speak.
    """

    store: ox.Store = field(default_factory=ox.Store)
    sources: list[str] = field(default_factory=list)
    failures: list[InputError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    patients: frozenset[str] | None = None

    def add(self, data: bytes, source: str, maps: FhirMaps) -> None:
        """Read one source; a source that cannot be read is put on record, not raised."""
        try:
            data = unpack(data, source)
            if not data.strip():
                raise InputError("is empty; nothing was read", source=source)
            quads = self._parse(data, source, maps)
            graph = ox.NamedNode(_graph_name(source))
            self.store.bulk_extend(in_graph(skolemise(quads, source), graph))
            self.sources.append(source)
        except InputError as error:
            self.failures.append(error)

    def _parse(self, data: bytes, source: str, maps: FhirMaps) -> list[ox.Quad]:
        if not looks_like_fhir(data):
            quads = parse_rdf(data, source)
            if not quads:
                raise InputError("has no statement; nothing was read", source=source)
            return quads
        result = read_fhir(data, source=source, maps=maps)
        self.notes += [
            f"{source}: {item.resource_type} {item.id} ignored: {item.reason}"
            for item in result.ignored
        ]
        self.notes += [
            f"{source}: {item.resource_type} {item.id} rejected: {item.reason}"
            for item in result.rejected
        ]
        self.notes += [
            f"{source}: {item.resource_type} {item.id}: {item.element} left out: {item.reason}"
            for item in result.left_out
        ]
        return [ox.Quad(t.subject, t.predicate, t.object) for t in result.triples]

    def sources_of(self, node: str) -> list[str]:
        """Return the sources that say something about a node."""
        graphs = {
            quad.graph_name for quad in self.store.quads_for_pattern(ox.NamedNode(node), None, None)
        }
        return sorted(s for s in self.sources if ox.NamedNode(_graph_name(s)) in graphs)


def load_records(paths: Iterable[str], maps: FhirMaps, into: Records | None = None) -> Records:
    """Read every source that the given paths name.

    Args:
        paths: Files, folders (read through, sorted by name) and `-` for standard input.
        maps: Value maps for FHIR.
        into: Where to put what is read; default new records.

    Raises:
        EligoError: No path was given.
    """
    records = Records() if into is None else into
    given = list(paths)
    if not given:
        raise EligoError("no patient data given: name a file, a folder or - for standard input")
    seen: set[Path] = set()
    for path in given:
        if path == STDIN:
            records.add(sys.stdin.buffer.read(), STDIN, maps)
            continue
        for file in _files(Path(path), records):
            if file.resolve() in seen:
                continue
            seen.add(file.resolve())
            try:
                data = read_bytes(file)
            except InputError as error:
                records.failures.append(error)
                continue
            records.add(data, str(file), maps)
    return records


def _files(path: Path, records: Records) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(p for p in path.rglob("*") if p.is_file() and _readable(p))
    if not found:
        records.failures.append(
            InputError(
                f"holds no file of a known kind ({' '.join(sorted(FORMATS))}, also with .gz)",
                source=str(path),
            )
        )
    yield from found


def _readable(path: Path) -> bool:
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    return suffix.lower() in FORMATS


def _graph_name(source: str) -> str:
    if source.startswith(("http://", "https://")):
        return source
    return "urn:eligo:stdin" if source == STDIN else Path(source).resolve().as_uri()
