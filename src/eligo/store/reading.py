"""Read one task of an import into segments; this runs in a worker process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from eligo.errors import InputError
from eligo.records.fhir import FhirCorpus, FhirMaps
from eligo.records.load import Loader
from eligo.records.omop import read_omop
from eligo.records.parse import read_bytes
from eligo.records.records import ANYBODY, Records, graph_name
from eligo.resources import importer_files, ontology_files
from eligo.store.lexicon import Lexicon
from eligo.store.plan import Kind, Outcome, Source, Task
from eligo.store.scratch import scratch
from eligo.store.segment import Segmenter
from eligo.store.statements import (
    HEAD,
    batches,
    format_at,
    lines_of_file,
    lines_of_range,
)
from eligo.store.streams import beginning
from eligo.vocabulary.ontology import load_ontology

PIECE = 1 << 24
"""Bytes of statements that are gathered before a segment is written."""
NT = ox.RdfFormat.N_TRIPLES
SOURCE = "source:"
"""Marks a doubt that is about all patients of a source."""

Lines = tuple[int, bytes]


def read_task(task: Task, folder: Path, lexicon: Lexicon) -> Outcome:
    """Read a task into segments; what cannot be read is in the outcome, not raised."""
    with scratch(folder / "spill", lexicon) as database:
        return READERS[task.kind](task, Segmenter(folder, lexicon, database))


def _read_rdf(task: Task, segmenter: Segmenter) -> Outcome:
    outcome = Outcome()
    if task.end:
        _read_range(task, segmenter, outcome)
    elif task.alone:
        _read_stream(task, segmenter, outcome)
    else:
        _read_batch(task, segmenter, outcome)
    return outcome


def _read_range(task: Task, segmenter: Segmenter, outcome: Outcome) -> None:
    (source,) = task.sources
    path = Path(source.path)
    try:
        format_ = format_at(source.name, beginning(path, source.name, HEAD))
        data = lines_of_range(path, source.name, format_, task.start, task.end)
        if data:
            _write(segmenter, task, outcome, [(source.number, data)], whole=False)
    except InputError as error:
        outcome.fail(source, _named(error, source))


def _read_stream(task: Task, segmenter: Segmenter, outcome: Outcome) -> None:
    (source,) = task.sources
    path = Path(source.path)
    try:
        format_ = format_at(source.name, beginning(path, source.name, HEAD))
        lines = ((source.number, data) for data in lines_of_file(path, source.name, format_))
        _write_all(segmenter, task, outcome, lines)
    except InputError as error:
        outcome.fail(source, _named(error, source))


def _read_batch(task: Task, segmenter: Segmenter, outcome: Outcome) -> None:
    lines: list[Lines] = []
    for source in task.sources:
        path = Path(source.path)
        try:
            format_ = format_at(source.name, beginning(path, source.name, HEAD))
            data = b"".join(lines_of_file(path, source.name, format_))
        except InputError as error:
            outcome.fail(source, error)
            continue
        lines.append((source.number, data))
    while lines:
        try:
            _write(segmenter, task, outcome, lines, whole=True)
        except InputError as error:
            (wrong,) = (s for s in task.sources if s.number == int(error.source))
            outcome.fail(wrong, _named(error, wrong))
            lines = [(number, data) for number, data in lines if number != wrong.number]
        else:
            return


def _named(error: InputError, source: Source) -> str:
    """Return an error that tells a source by its number with its name in place of that."""
    number = f"{source.number}: "
    text = str(error)
    return f"{source.name}: {text.removeprefix(number)}" if text.startswith(number) else text


def _read_fhir(task: Task, segmenter: Segmenter) -> Outcome:
    outcome = Outcome()
    graph = load_ontology(importer_files()).graph + load_ontology(ontology_files()).graph
    loader = Loader(FhirCorpus(FhirMaps.load(graph)))
    for source in task.sources:
        failures = len(loader.records.failures)
        try:
            loader.add(read_bytes(Path(source.path)), source.name)
        except InputError as error:
            loader.records.failures.append(error)
        if source.name not in loader.records.sources and loader.records.failures[failures:]:
            outcome.broken.append(source.number)
    records = loader.finish()
    _take_talk(records, task, outcome)
    _write_all(segmenter, task, outcome, _statements(records, task))
    return outcome


def _statements(records: Records, task: Task) -> Iterator[Lines]:
    for source in task.sources:
        graph = ox.NamedNode(graph_name(source.name))
        for data in batches(records.store.quads_for_pattern(None, None, None, graph)):
            yield source.number, data


def _take_talk(records: Records, task: Task, outcome: Outcome) -> None:
    """Note what the readers say about the records: failures, doubts, counts, remarks."""
    graphs = {graph_name(s.name): f"{SOURCE}{s.number}" for s in task.sources}
    outcome.failures += [(error.source, str(error)) for error in records.failures]
    for about, problems in records.doubts.items():
        key = ANYBODY if about == ANYBODY else graphs.get(about, about)
        outcome.doubts += [(key, problem.text, problem.source or "") for problem in problems]
    outcome.counts += [(what, kind, n) for (what, kind), n in sorted(records.counts.items())]
    outcome.notes += records.notes


def _read_omop(task: Task, segmenter: Segmenter) -> Outcome:
    outcome = Outcome()
    (source,) = task.sources
    spool = segmenter.folder / f"{task.number:05}.nt"
    try:
        with spool.open("wb") as file:

            def take(_: str, data: bytes) -> None:
                if data:
                    file.write(data + b"\n")

            result = read_omop(Path(source.path), take)
        records = Records()
        for what, where in result.remarks():
            records.remark(what, where)
        for tally in result.tallies:
            for what in ("read", "ignored", "rejected"):
                rows = getattr(tally, what)
                number = rows if what == "read" else sum(r.number for r in rows.values())
                outcome.counts.append((what, tally.table, number))
        outcome.notes += records.notes
        key = f"{SOURCE}{source.number}"
        outcome.doubts += [(key, reason, where) for reason, where in result.doubts]
        lines = ((source.number, data) for data in lines_of_file(spool, "omop.nt", NT))
        _write_all(segmenter, task, outcome, lines)
    except InputError as error:
        outcome.fail(source, error)
        outcome.doubts.append((ANYBODY, str(error), source.name))
    finally:
        spool.unlink(missing_ok=True)
    return outcome


def _write_all(segmenter: Segmenter, task: Task, outcome: Outcome, lines: Iterator[Lines]) -> None:
    """Write as many segments as it takes."""
    waiting: list[Lines] = []
    for item in lines:
        waiting.append(item)
        if sum(len(data) for _, data in waiting) >= PIECE:
            _write(segmenter, task, outcome, waiting, whole=False)
            waiting = []
    if waiting:
        _write(segmenter, task, outcome, waiting, whole=not outcome.units)


def _write(
    segmenter: Segmenter, task: Task, outcome: Outcome, lines: list[Lines], *, whole: bool
) -> None:
    unit = task.unit(len(outcome.units))
    counts = segmenter.write(unit, lines, whole=whole)
    outcome.units.append(unit)
    for number, statements in counts.items():
        outcome.statements[number] = outcome.statements.get(number, 0) + statements


READERS = {Kind.RDF: _read_rdf, Kind.FHIR: _read_fhir, Kind.OMOP: _read_omop}
