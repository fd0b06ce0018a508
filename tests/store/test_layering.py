"""How segments are shared out among parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligo.store.layering import part_tasks
from eligo.store.resolve import Resolved


@pytest.mark.parametrize(
    ("patients", "parts"),
    [
        ([1_667] * 12, [3, 3, 3, 3]),
        ([1_650, 1_690] * 6, [3, 3, 3, 3]),
        ([100] * 8, [8]),
        ([4_000] * 20, [2] * 10),
        ([12_000, 10, 10], [1, 2]),
        ([0, 600, 0, 600], [2]),
    ],
)
def test_parts_come_near_to_one_size(patients: list[int], parts: list[int]) -> None:
    resolved = Resolved(
        Path("scattered"), {}, frozenset(), dict(enumerate(patients)), (), (), sum(patients)
    )
    tasks = part_tasks(resolved, range(len(patients)), Path("segments"), [], set())
    assert [len(task.segments) for task in tasks] == parts
