"""Decide which patients go into which part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from eligo.errors import EngineError
from eligo.store.layout import MOST_PARTS, PART_PATIENTS
from eligo.store.manifest import PartEntry
from eligo.store.part import PartTask, live_unit
from eligo.store.resolve import FIRST_BUCKET, Resolved
from eligo.store.segment import statements_file

LEAST_PATIENTS = 1_000
FEWEST_PARTS = 4
"""Parts that even a small store is cut into, so that several processes have something to do."""


def part_tasks(
    resolved: Resolved,
    segments: Iterable[int],
    folder: Path,
    live: Iterable[PartEntry],
    dirty: set[int],
) -> list[PartTask]:
    """Return the parts to be built.

    Args:
        resolved: What belongs together.
        segments: Numbers of the segments.
        folder: Where they are.
        live: Parts that are there.
        dirty: Those of them that are built anew.

    Raises:
        EngineError: There are too many parts.
    """
    there = {part.number: part.rows["patient"] for part in live}
    drafts: list[PartTask] = []
    for group in _groups(resolved, segments):
        files = tuple(statements_file(folder, unit) for unit in group)
        pool = tuple(file for unit in group for file in resolved.pools.get(unit, ()))
        drafts.append(PartTask(0, files, pool, scattered=resolved.scattered))
    buckets = [bucket for bucket in sorted(resolved.pools) if bucket >= FIRST_BUCKET]
    for bucket in buckets:
        drafts.append(PartTask(0, pool=resolved.pools[bucket]))
    if len(buckets) == 1 and len(drafts) > 1:
        *drafts, group_task, pool_task = drafts
        drafts.append(_joined(group_task, pool=pool_task.pool))
    small = min((p for p in there if there[p] < PART_PATIENTS // 2), default=None)
    if drafts and small is not None:
        drafts[-1] = _joined(drafts[-1], _pool(resolved, small), live=small)
        dirty.add(small)
    drafts += [
        PartTask(0, pool=_pool(resolved, part), live=part)
        for part in sorted(dirty)
        if not (drafts and part == drafts[-1].live)
    ]
    free = (number for number in range(MOST_PARTS) if number not in there)
    try:
        return [_numbered(task, next(free)) for task in drafts]
    except StopIteration as error:
        raise EngineError(f"a store has at most {MOST_PARTS} parts; begin another") from error


def _groups(resolved: Resolved, segments: Iterable[int]) -> Iterator[list[int]]:
    """Yield segments for each part; parts come near to one size, so that no process waits long."""
    fair = min(PART_PATIENTS, max(LEAST_PATIENTS, sum(resolved.patients.values()) // FEWEST_PARTS))
    group: list[int] = []
    patients = 0
    for unit in sorted(segments):
        more = resolved.patients.get(unit, 0)
        if group and (patients + more > PART_PATIENTS or patients + more / 2 > fair):
            yield group
            group, patients = [], 0
        if more:
            group.append(unit)
            patients += more
    if group:
        yield group


def _pool(resolved: Resolved, part: int) -> tuple[Path, ...]:
    return resolved.pools.get(live_unit(part), ())


def _joined(task: PartTask, pool: tuple[Path, ...], live: int | None = None) -> PartTask:
    return PartTask(0, task.segments, (*task.pool, *pool), live, task.scattered)


def _numbered(task: PartTask, number: int) -> PartTask:
    return PartTask(number, task.segments, task.pool, task.live, task.scattered)
