"""Completed ages at and around every turn."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.evidence_kit import ontology_record
from derive.other_oracle import months_old

RUN = ("00", "05", "10", "11", "20", "21", "24")


@pytest.mark.parametrize(
    ("birth", "screening", "expected"),
    [
        ("1991-05-14", "2026-03-02", (417, 417)),
        ("2008-03-03", "2026-03-02", (215, 215)),
        ("2008-03-02", "2026-03-02", (216, 216)),
        ("1965-03-03", "2026-03-02", (731, 731)),
        ("1965-03-02", "2026-03-02", (732, 732)),
        ("2008-02-29", "2026-02-28", (215, 215)),
        ("2008-02-29", "2026-03-01", (216, 216)),
        ("2008-02-29", "2028-02-29", (240, 240)),
        ("2008-01-31", "2008-02-29", (0, 0)),
        ("2008-01-31", "2008-03-01", (1, 1)),
        ("2026-03-02", "2026-03-02", (0, 0)),
        ("2026-03-03", "2026-03-02", None),
        ("2008", "2026-03-02", (206, 218)),
        ("2008-03", "2026-03-02", (215, 216)),
        ("2026", "2026-03-02", (0, 2)),
        ("1991-02-30", "2026-03-02", None),
        (None, "2026-03-02", None),
    ],
)
def test_completed_months(birth: str | None, screening: str, expected: Any) -> None:
    found = ontology_record().screen(screening=screening, birth=birth).run(*RUN)
    assert found.measure("ageInMonths") == expected
    assert found.sources("ageInMonths") == ({"p"} if expected else set())


def test_completed_days() -> None:
    found = ontology_record().screen(birth="2008-03").run(*RUN)
    assert found.measure("ageInDays") == (6545, 6575)


days = st.dates(date(1920, 1, 1), date(2030, 12, 31))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(days, st.integers(0, 40000), st.sampled_from([4, 7, 10])), max_size=40))
def test_ages_agree_with_counting_birthdays(cases: list[tuple[date, int, int]]) -> None:
    made = ontology_record()
    for index, (born, later, digits) in enumerate(cases):
        screened = (born + timedelta(later)).isoformat()
        made.screen(f"p{index}", screened, birth=born.isoformat()[:digits])
    found = made.run(*RUN)
    for index, (born, later, digits) in enumerate(cases):
        day = born + timedelta(later)
        first, last = born, born
        if digits == 7:
            first, last = (
                born.replace(day=1),
                born.replace(day=monthrange(born.year, born.month)[1]),
            )
        elif digits == 4:
            first, last = date(born.year, 1, 1), date(born.year, 12, 31)
        last = min(last, day)
        assert found.measure("ageInMonths", f"p{index}") == (
            months_old(last, day),
            months_old(first, day),
        )
        assert found.measure("ageInDays", f"p{index}") == ((day - last).days, (day - first).days)
