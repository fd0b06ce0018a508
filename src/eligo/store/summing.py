"""Sum up an import: what was read, kept and rejected, as the manifest has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version

from eligo.store.codes import most_frequent, unlisted_of
from eligo.store.doubts import Doubt
from eligo.store.manifest import CodeCount, Manifest, PartEntry, Rejected, SourceEntry
from eligo.store.part import PartCounts
from eligo.store.plan import Outcome, Source
from eligo.store.resolve import Resolved
from eligo.vocabulary.ontology import Ontology

ASTRAY = "hangs on no patient"


@dataclass(frozen=True)
class Reading:
    """What reading all sources of an import gave.

    Attributes:
        sources: Those that were read.
        statements: How many statements each makes.
        segments: Numbers of the segments that may be used.
        failures: Sources that could not be read, with the reason.
        doubts: What records are short of: about whom, reason, name of the source.
        counts: FHIR resources and OMOP rows that were read, ignored and rejected, by type.
        notes: What was left out.
    """

    sources: tuple[Source, ...]
    statements: dict[int, int]
    segments: tuple[int, ...]
    failures: tuple[tuple[str, str], ...]
    doubts: tuple[tuple[str, str, str], ...]
    counts: tuple[tuple[str, str, int], ...]
    notes: tuple[str, ...]

    @staticmethod
    def of(sources: Sequence[Source], outcomes: Iterable[Outcome]) -> Reading:
        """Return what the outcomes of all tasks amount to; nothing of a broken source is used."""
        every = sorted(outcomes, key=lambda o: o.units or [-1])
        broken = {number for outcome in every for number in outcome.broken}
        statements: Counter[int] = Counter()
        counts: Counter[tuple[str, str]] = Counter()
        segments: list[int] = []
        for outcome in every:
            if not outcome.statements.keys() & broken:
                segments += outcome.units
                statements.update(outcome.statements)
            counts.update({(what, kind): number for what, kind, number in outcome.counts})
        return Reading(
            tuple(source for source in sources if source.number not in broken),
            dict(statements),
            tuple(sorted(segments)),
            _first_of_each(f for outcome in every for f in outcome.failures),
            tuple(doubt for outcome in every for doubt in outcome.doubts),
            tuple((what, kind, number) for (what, kind), number in sorted(counts.items())),
            tuple(note for outcome in every for note in outcome.notes),
        )


def _first_of_each(failures: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(failures))


def sum_up(
    old: Manifest | None,
    reading: Reading,
    resolved: Resolved,
    kept: Sequence[PartEntry],
    built: Sequence[PartCounts],
    doubts: Sequence[Doubt],
    ontology: Ontology,
    lexicon: str,
    generation: int,
) -> Manifest:
    """Return the manifest of a store after an import."""
    parts = [*kept, *_entries(built, ontology)]
    patients: Counter[int] = Counter()
    for part in parts:
        patients.update(part.sources)
    astray = {item.source: item for item in resolved.astray}
    known = () if old is None else old.sources
    entries = [*known, *(_source(source, reading) for source in reading.sources)]
    sources = tuple(
        replace(
            entry,
            patients=patients[entry.number],
            rejected=astray[entry.number].statements if entry.number in astray else 0,
            kept=entry.statements
            - (astray[entry.number].statements if entry.number in astray else 0),
        )
        for entry in entries
    )
    names = {source.number: source.name for source in sources}
    rejected = [Rejected(name, reason) for name, reason in reading.failures]
    rejected += [r for r in (() if old is None else old.rejected) if r.statements is None]
    rejected += [
        Rejected(names.get(item.source, ""), ASTRAY, item.statements, item.subjects)
        for item in resolved.astray
    ]
    return Manifest(
        version=version("eligo"),
        written=datetime.now(UTC).isoformat(timespec="seconds"),
        lexicon=lexicon,
        generation=generation,
        sources=sources,
        parts=tuple(sorted(parts, key=lambda part: part.number)),
        unmapped=most_frequent(code for part in parts for code in part.codes),
        rejected=tuple(rejected),
        doubts=tuple(doubts),
        counts=_added(() if old is None else old.counts, reading.counts),
        notes=(*(() if old is None else old.notes), *reading.notes),
    )


def _entries(built: Sequence[PartCounts], ontology: Ontology) -> Iterator[PartEntry]:
    unlisted = unlisted_of({code[:2] for counts in built for code in counts.codes}, ontology)
    for counts in built:
        codes = tuple(CodeCount(*code) for code in counts.codes if code[:2] in unlisted)
        yield PartEntry(counts.number, counts.rows, counts.sources, codes)


def _source(source: Source, reading: Reading) -> SourceEntry:
    statements = reading.statements.get(source.number, 0)
    return SourceEntry(
        source.number,
        source.name,
        str(source.kind),
        source.size,
        source.digest,
        statements,
        statements,
        0,
        0,
    )


def _added(
    old: Iterable[tuple[str, str, int]], new: Iterable[tuple[str, str, int]]
) -> tuple[tuple[str, str, int], ...]:
    total: Counter[tuple[str, str]] = Counter()
    for what, kind, number in (*old, *new):
        total[what, kind] += number
    return tuple((what, kind, number) for (what, kind), number in sorted(total.items()))
