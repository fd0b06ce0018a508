"""Records of the same stretch are one stretch, in whatever order a database happens to see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest

from derive.medication_kit import derive
from derive.medication_oracle import Patient, Use

FIRST = date(2025, 11, 1)
LATER = date(2026, 1, 1)
SCREENING = date(2026, 3, 2)
PATIENTS = 50


def mycophenolate(fact: str, first: date) -> Use:
    """Ten days of mycophenolate."""
    span, last = (first, first), first + timedelta(days=9)
    amount = (Fraction(1000), Fraction(1000))
    return Use(fact, "Mycophenolate", "OralRoute", "elig:Completed", span, (last, last), amount)


def cyclophosphamide(fact: str, day: date) -> Use:
    """One infusion."""
    amount = (Fraction(500), Fraction(500))
    span = (day, day)
    return Use(fact, "Cyclophosphamide", "IntravenousRoute", "elig:Completed", span, span, amount)


@pytest.mark.parametrize(
    ("use", "measure"),
    [
        (mycophenolate, "measure:mycophenolateExposureDays"),
        (cyclophosphamide, "measure:testCyclophosphamideCourses"),
    ],
)
def test_a_stretch_in_several_records_does_not_bridge_the_gap_before_it(
    use: Callable[[str, date], Use], measure: str
) -> None:
    def uses(i: int) -> tuple[Use, ...]:
        return (use("first", FIRST), *(use(f"r{n}", LATER) for n in range(1 + i % 5)))

    people = [Patient(f"p{i}", SCREENING, SCREENING, uses(i)) for i in range(PATIENTS)]
    rows = derive(people).execute(
        "SELECT patient, low FROM measurement WHERE measure = ?", [measure]
    )
    days = dict(rows.fetchall())
    assert len(days) == PATIENTS
    assert set(days.values()) == {days["p0"]}
    assert 0 < days["p0"] < (LATER - FIRST).days
