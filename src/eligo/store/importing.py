"""Import patient data into a store: read, put together, build parts, write the manifest."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

from eligo.database import DatabaseError
from eligo.errors import EngineError
from eligo.records.records import STDIN
from eligo.shapes_sql import RecordCheck
from eligo.store.doubts import Doubt, capped, changed, concerns_all, of_source, of_unheld
from eligo.store.files import no_room
from eligo.store.index import index_unit
from eligo.store.journal import Journal
from eligo.store.layering import part_tasks
from eligo.store.layout import MANIFEST, TABLES, astray_file
from eligo.store.lexicon import Lexicon
from eligo.store.manifest import Manifest
from eligo.store.part import PartCounts, PartTask, build_part
from eligo.store.plan import Outcome, Source, Task
from eligo.store.reading import read_task
from eligo.store.resolve import Resolved, Resolver, Units
from eligo.store.sources import check_target, cut, find_sources
from eligo.store.summing import Reading, sum_up
from eligo.store.sweep import patients_concerned, sweep
from eligo.store.watch import Imported, Silent, Watch
from eligo.store.workers import Workers
from eligo.vocabulary.ontology import Ontology


@dataclass
class _Import:
    store: Path
    ontology: Ontology
    check: RecordCheck
    lexicon: Lexicon
    journal: Journal
    workers: Workers
    watch: Watch
    old: Manifest | None
    outcomes: list[Outcome] = field(default_factory=list)

    def read(self, tasks: Sequence[Task]) -> None:
        """Read what is not read yet."""
        self.watch.stage("reading", sum(task.size for task in tasks))
        missing = []
        for task in tasks:
            done = self.journal.outcome(task)
            if done is None:
                missing.append(task)
            else:
                self.outcomes.append(done)
                self.watch.advance(task.size)
        work = partial(read_task, folder=self.journal.segments, lexicon=self.lexicon)
        for task, outcome in self.workers.run(work, missing):
            self.journal.note(task, outcome)
            self.outcomes.append(outcome)
            self.watch.advance(task.size)

    def resolve(self, segments: tuple[int, ...]) -> tuple[Resolved, int]:
        """Put together what belongs together."""
        generation = 1 if self.old is None else self.old.generation + 1
        parts = () if self.old is None else tuple(part.number for part in self.old.parts)
        astray = None if self.old is None else astray_file(self.store, self.old.generation)
        units = Units(self.journal.segments, self.store, segments, parts, astray)
        self.watch.stage("joining", len(units.indexed) + 1)
        work = partial(_index, folder=self.journal.segments, lexicon=self.lexicon)
        for _ in self.workers.run(work, list(units.indexed.items())):
            self.watch.advance(1)
        shutil.rmtree(self.journal.resolved, ignore_errors=True)
        self.journal.resolved.mkdir()
        target = astray_file(self.store, generation)
        target.parent.mkdir(exist_ok=True)
        resolved = Resolver(units, self.lexicon, self.journal.resolved).resolve(target)
        self.watch.advance(1)
        return resolved, generation

    def build(
        self, tasks: list[PartTask], doubts: list[Doubt], names: Mapping[int, str]
    ) -> list[PartCounts]:
        """Build the parts that are not built yet."""
        for table in TABLES:
            (self.store / table).mkdir(exist_ok=True)
        self.watch.stage("writing", len(tasks))
        counts = []
        missing = []
        for task in tasks:
            done = self.journal.built(task.number)
            if done is None:
                missing.append(task)
            else:
                counts.append(PartCounts.from_json(done))
                self.watch.advance(1)
        work = partial(
            build_part,
            store=self.store,
            spill=self.journal.segments / "spill",
            lexicon=self.lexicon,
            doubts=tuple(doubts),
            check=self.check,
            sources=names,
        )
        for task, built in self.workers.run(work, missing):
            self.journal.note_part(task.number, asdict(built))
            counts.append(built)
            self.watch.advance(1)
        return counts

    def finish(self, sources: list[Source], failures: list[str]) -> Manifest | None:
        """Put together what was read, build the parts, and write the manifest."""
        reading = Reading.of(sources, self.outcomes)
        failures += [reason for _, reason in reading.failures]
        if not reading.statements and not reading.doubts:
            return None
        resolved, generation = self.resolve(reading.segments)
        names = {} if self.old is None else {s.number: s.name for s in self.old.sources}
        names |= {source.number: source.name for source in sources}
        told = [Doubt(self._about(a), None, text, where) for a, text, where in reading.doubts]
        before = () if self.old is None else self.old.doubts
        told += [doubt for doubt in before if not doubt.unheld]
        doubts = capped([*told, *of_unheld(resolved.unheld, names)])
        live = () if self.old is None else self.old.parts
        dirty = {*resolved.homes, *self._concerned(changed(before, doubts))}
        tasks = part_tasks(resolved, reading.segments, self.journal.segments, live, dirty)
        built = self.build(tasks, doubts, names)
        kept = [part for part in live if part.number not in dirty]
        found = sum(p.rows["triple"] for p in kept) + sum(p.rows["triple"] for p in built)
        if found != resolved.rows:
            raise EngineError(
                f"{self.store}: {resolved.rows} statements of patients were read and {found} "
                "written; please report this"
            )
        manifest = sum_up(
            self.old,
            reading,
            resolved,
            kept,
            built,
            doubts,
            self.ontology,
            self.lexicon.digest,
            generation,
        )
        manifest.save(self.store)
        return manifest

    def _about(self, about: str) -> str:
        return (
            about
            if about == "*" or about.startswith(of_source(0)[:-1])
            else self.lexicon.short(about)
        )

    def _concerned(self, about: set[str]) -> set[int]:
        """Return the parts with patients whom changed doubts are about."""
        if self.old is None:
            return set()
        parts = self.old.parts
        if concerns_all(about):
            return {part.number for part in parts}
        marked = {p.number for p in parts if about & {of_source(n) for n in p.sources}}
        return marked | patients_concerned(self.store, (p.number for p in parts), about)


def import_records(
    paths: Iterable[str],
    store: Path,
    ontology: Ontology,
    check: RecordCheck,
    *,
    jobs: int | None = None,
    restart: bool = False,
    watch: Watch | None = None,
) -> Imported:
    """Read patient data into a store, new or there already.

    Args:
        paths: Files, folders, patterns, OMOP databases, and `-` for standard input.
        store: Folder of the store.
        ontology: The general ontology.
        check: The record shapes as SQL.
        jobs: How many processes; by default one for each core.
        restart: Whether to drop what an import that was not finished has done.
        watch: Is told how it gets on.

    Raises:
        UsageError: The store's path holds something else, or another import.
        InputError: The store is damaged or of another version.
        EngineError: A file cannot be written, or the database failed; the store is as before.
    """
    check_target(store)
    old = Manifest.load(store) if (store / MANIFEST).exists() else None
    journal = Journal(store)
    workers = Workers(jobs)
    done = False
    try:
        if restart:
            journal.clear()
        run = _Import(
            store, ontology, check, Lexicon.of(ontology), journal, workers, watch or Silent(), old
        )
        imported = _run(run, list(paths))
        done = imported.read > 0 or not journal.begun
        return imported
    except (OSError, DatabaseError) as error:
        if isinstance(error, DatabaseError) and not error.is_about_files:
            raise
        raise no_room(store, error) from error
    finally:
        workers.close()
        journal.close(done=done)


def _run(run: _Import, paths: list[str]) -> Imported:
    failures: list[str] = []
    generation = 0 if run.old is None else run.old.generation
    run.journal.forget_finished(generation)
    if STDIN in paths:
        with run.journal.spool.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
    found = find_sources(paths, run.journal.spool, lambda e: failures.append(str(e)))
    there = frozenset() if run.old is None else run.old.digests
    known = tuple(source.name for source in found if source.digest in there)
    sources = _numbered([s for s in found if s.digest not in there], run.old)
    if not sources:
        return Imported(run.old, tuple(failures), known, 0)
    resumed = run.journal.begin(sources, run.lexicon.digest, generation)
    run.read(cut(sources))
    manifest = run.finish(sources, failures)
    if manifest is None:
        run.journal.clear()
    else:
        sweep(run.store, manifest)
    read = len(sources) - len({n for o in run.outcomes for n in o.broken})
    return Imported(manifest or run.old, tuple(failures), known, read, resumed)


def _numbered(sources: list[Source], old: Manifest | None) -> list[Source]:
    first = 1 + max((s.number for s in old.sources), default=-1) if old else 0
    return [replace(source, number=first + place) for place, source in enumerate(sources)]


def _index(item: tuple[int, str], folder: Path, lexicon: Lexicon) -> None:
    index_unit(*item, folder=folder, lexicon=lexicon)
