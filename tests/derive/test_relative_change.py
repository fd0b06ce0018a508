"""The greatest change over a window: rules, an oracle, and worlds behind partial dates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.evidence_kit import Record
from derive.laboratory_kit import RUN, laboratory_record

SCREENING, EVALUATION = date(2026, 5, 31), date(2026, 6, 3)
BEGIN = date(2026, 2, 28)
BEFORE_START, BEFORE_END = timedelta(14), timedelta(7)
NANO = 10**9
Value = tuple[str, tuple[Any, ...]]


def kg(day: str, number: str, *more: Any) -> Value:
    return day, (number, "kg", *more)


START, END = kg("2026-02-28", "80"), kg("2026-05-31", "80")
RULES: list[tuple[list[Value], Any]] = [
    ([START, END], ("0", "0")),
    ([START, kg("2026-05-31", "84")], ("5", "5")),
    ([START, kg("2026-05-31", "76")], ("5", "5")),
    ([START, kg("2026-05-31", "84.01")], ("5.0125", "5.0125")),
    ([kg("2026-02-28", "76"), kg("2026-05-31", "80")], ("5.263157894", "5.263157895")),
    ([START, kg("2026-04-01", "90"), END], ("12.5", "12.5")),
    ([kg("2026-02-14", "80"), END], (None, "0")),
    ([kg("2026-02-13", "80"), END], None),
    ([kg("2026-03-01", "80"), END], None),
    ([kg("2026-03-01", "80"), kg("2026-05-31", "90")], ("12.5", None)),
    ([kg("2026-02-20", "80"), kg("2026-05-31", "90")], (None, "12.5")),
    ([kg("2026-02-14", "60"), kg("2026-02-20", "80"), END], (None, "0")),
    ([START, kg("2026-05-24", "80")], ("0", "0")),
    ([START, kg("2026-05-23", "80")], None),
    ([START, kg("2026-06-03", "84")], ("5", "5")),
    ([START, kg("2026-06-04", "84")], None),
    ([START, kg("2026-06-04", "84"), END], ("0", "0")),
    ([START], None),
    ([END], None),
    ([], None),
    ([START, ("2026-04-01", ("80", None)), END], None),
    ([START, ("2026-04-01", ("80", None)), kg("2026-05-31", "90")], ("12.5", None)),
    ([START, ("2026-04-01", ("80", "mg/dL")), END], None),
    ([("2026-02-28", ("180", "[lb_av]")), kg("2026-05-31", "81.6466266")], ("0", "0")),
    ([START, kg("2026-05-31", "80"), kg("2026-05-31", "84")], (None, "5")),
    ([START, kg("2026-05-31", "84", ">=")], ("5", None)),
    ([START, kg("2026-05-31", "76", "<=")], ("5", None)),
    ([kg("2026-02-28", "80", ">="), END], (None, "100")),
    ([kg("2026-02-28", "80", "<="), END], None),
    ([START, kg("2026-04", "90"), END], ("12.5", "12.5")),
    ([START, kg("2026-05", "90"), END], (None, "12.5")),
    ([START, kg("2026", "90"), END], (None, "12.5")),
    ([START, kg("2025", "90"), END], ("0", "0")),
    ([kg("2026-02", "80"), END], (None, None)),
    ([START, kg("2026-04", "70"), kg("2026-04", "90"), END], (None, "28.571428572")),
    ([kg("2026-02-28", "0"), END], None),
    ([kg("2026-02-28", "-80"), END], None),
]  # fmt: skip


def record(patients: list[list[Value]]) -> Record:
    made = laboratory_record()
    for number, values in enumerate(patients):
        patient = f"p{number}"
        made.screen(patient, SCREENING.isoformat(), evaluation=EVALUATION.isoformat())
        for index, (day, quantity) in enumerate(values):
            name = f"o{number}-{index}"
            made.add("hasObservation", name, "concept:BodyWeight", patient=patient, date=day)
            made.quantity(name, "elig:quantity", *quantity)
    return made


def changes(patients: list[list[Value]]) -> list[Any]:
    derived = record(patients).run(*RUN)
    return [derived.measure("weightChange", f"p{number}") for number in range(len(patients))]


@pytest.fixture(scope="module")
def ruled() -> list[Any]:
    """The change of each rule, all derived at once."""
    return changes([values for values, _ in RULES])


@pytest.mark.parametrize("number", range(len(RULES)))
def test_rules(ruled: list[Any], number: int) -> None:
    low, high = RULES[number][1] or (None, None)
    nothing = low is None and high is None
    expected = None if nothing else (Decimal(low or 0), high and Decimal(high))
    assert ruled[number] == expected


def test_an_anchor_without_a_day_covers_nothing() -> None:
    made = laboratory_record().screen(screening="2026-05-31")
    for name, day, number in (("a", "2026-05-01", "80"), ("b", "2026-05-31", "90")):
        made.add("hasObservation", name, "concept:BodyWeight", date=day)
        made.quantity(name, "elig:quantity", number, "kg")
    assert made.run(*RUN).measure("weightChange30") is None
    made.screenings[0] = (*made.screenings[0][:-1], "2026-05-31")
    derived = made.run(*RUN)
    assert derived.measure("weightChange30") == (Decimal("12.5"), Decimal("12.5"))
    assert derived.sources("weightChange30") == {"a", "b"}


def relative(earlier: Fraction, later: Fraction) -> Fraction:
    return abs(later - earlier) / earlier * 100


def greatest(days: dict[date, Fraction]) -> Fraction:
    """Greatest change from a day to a later one."""
    pairs = [(a, b) for a in days for b in days if a < b]
    return max((relative(days[a], days[b]) for a, b in pairs), default=Fraction(0))


def start_of(days: dict[date, Fraction]) -> date | None:
    return max((day for day in days if BEGIN - BEFORE_START <= day <= BEGIN), default=None)


def oracle(days: dict[date, Fraction]) -> Any:
    """Bounds for exact days and values, one value a day."""
    inside = {day: v for day, v in days.items() if BEGIN <= day <= EVALUATION}
    low = Decimal(floor(greatest(inside) * NANO)).scaleb(-9)
    start = start_of(days)
    if start is None or not any(day >= SCREENING - BEFORE_END for day in inside):
        return (low, None) if low > 0 else None
    high = ceil(greatest(inside | {start: days[start]}) * NANO)
    return low, Decimal(high).scaleb(-9)


day_in_or_near = st.one_of(
    st.dates(BEGIN - timedelta(16), BEGIN + timedelta(2)),
    st.dates(BEGIN, EVALUATION + timedelta(1)),
    st.dates(SCREENING - timedelta(9), EVALUATION),
)
weights = st.decimals(Decimal(1), Decimal(200), places=2)


@settings(max_examples=4, deadline=None)
@given(st.lists(st.dictionaries(day_in_or_near, weights, max_size=6), min_size=1, max_size=60))
def test_random_weights_agree(patients: list[dict[date, Decimal]]) -> None:
    found = changes([[kg(d.isoformat(), str(v)) for d, v in days.items()] for days in patients])
    expected = [oracle({d: Fraction(v) for d, v in days.items()}) for days in patients]
    assert found == expected


def span(text: str) -> tuple[date, date]:
    if len(text) == 10:
        return date.fromisoformat(text), date.fromisoformat(text)
    year, month = (int(part) for part in text.split("-"))
    return date(year, month, 1), date(year, month + 1, 1) - timedelta(1)


@settings(max_examples=4, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(day_in_or_near, st.booleans(), weights), max_size=5),
        min_size=1,
        max_size=40,
    ),
    st.randoms(use_true_random=False),
)
def test_bounds_hold_in_every_world(
    patients: list[list[tuple[date, bool, Decimal]]], random: Random
) -> None:
    written = [
        [kg(day.isoformat()[: 7 if partial else 10], str(value)) for day, partial, value in values]
        for values in patients
    ]
    for values, bounds in zip(written, changes(written), strict=True):
        if bounds is None:
            continue
        low, high = bounds
        for _ in range(30):
            days: dict[date, Fraction] = {}
            for text, (number, _) in random.sample(values, len(values)):
                first, last = span(text)
                day = first + timedelta(random.randint(0, (last - first).days))
                days[day] = Fraction(number)
            inside = {day: v for day, v in days.items() if BEGIN <= day <= EVALUATION}
            assert greatest(inside) >= low, (values, bounds, days)
            if high is not None:
                start = start_of(days)
                assert start is not None
                assert max(inside, default=BEGIN) >= SCREENING - BEFORE_END
                assert greatest(inside | {start: days[start]}) <= high, (values, bounds, days)
