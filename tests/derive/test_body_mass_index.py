"""The body mass index: rules one by one, and random facts against an oracle in plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.evidence_kit import Record, fill, ontology_record, shared_connection

RUN = ("00", "05", "10", "11", "20", "21", "41", "46")
SCREENING, EVALUATION = date(2026, 3, 2), date(2026, 3, 5)
INDEX, WEIGHT, HEIGHT = "BodyMassIndex", "BodyWeight", "BodyHeight"
UNITS = [
    ("kg", "kg", 1, 1),
    ("[lb_av]", "kg", 45359237, 100000000),
    ("cm", "cm", 1, 1),
    ("m", "cm", 100, 1),
    ("[in_i]", "cm", 254, 100),
    ("kg/m2", "kg/m2", 1, 1),
    ("unit:kg", "kg", 1, 1),
    ("unit:cm", "cm", 1, 1),
    ("unit:kg_per_m2", "kg/m2", 1, 1),
]
FACTORS = {name: Fraction(num, den) for name, _, num, den in UNITS}
BELOW, ABOVE = 8, 100


@dataclass(frozen=True)
class Seen:
    """A dated number with a unit; without one it cannot be read."""

    test: str
    day: date
    number: Decimal
    unit: str | None


@pytest.fixture(scope="module", autouse=True)
def units() -> None:
    """Make the units of the body known to the shared database."""
    connection = shared_connection()
    rows = connection.execute("SELECT * FROM v_unit").fetchall()
    known = {row[0] for row in rows}
    more = [row for row in UNITS if row[0] not in known]
    columns = "unit TEXT, canonical TEXT, num HUGEINT, den HUGEINT"
    fill(connection, {"v_unit": (columns, [*rows, *more])})


def run(*seen: Seen | tuple[str, str, str, str | None]) -> Any:
    """Derive (low, high) of the index, or None."""
    return record(*seen).run(*RUN).measure("bodyMassIndex")


def record(*seen: Seen | tuple[str, str, str, str | None]) -> Record:
    made = ontology_record().screen(evaluation="2026-03-05")
    for number, one in enumerate(seen):
        test, day, value, unit = (
            one
            if isinstance(one, tuple)
            else (one.test, one.day.isoformat(), str(one.number), one.unit)
        )
        made.add("hasObservation", f"o{number}", f"concept:{test}", date=day)
        made.quantity(f"o{number}", "elig:quantity", value, unit)
    return made


TALL = (HEIGHT, "2026-03-02", "180", "cm")


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([(WEIGHT, "2026-03-02", "58.32", "kg"), TALL], ("18", "18")),
        ([(WEIGHT, "2026-03-02", "58.31", "kg"), TALL], ("17.996913580", "17.996913581")),
        ([(WEIGHT, "2026-03-02", "132", "[lb_av]"), (HEIGHT, "2026-03-02", "65", "[in_i]")],
         ("21.965724144", "21.965724145")),
        ([(INDEX, "2026-03-02", "18.2", "kg/m2")], ("18.2", "18.2")),
        ([(INDEX, "2026-03-02", "18.2", None)], None),
        ([(INDEX, "2026-03-02", "18.2", "kg")], None),
        ([(INDEX, "2026-02-02", "18.2", "kg/m2")], ("18.2", "18.2")),
        ([(INDEX, "2026-02-01", "18.2", "kg/m2")], None),
        ([(INDEX, "2026-03-05", "18.2", "kg/m2")], ("18.2", "18.2")),
        ([(INDEX, "2026-03-06", "18.2", "kg/m2")], None),
        ([(INDEX, "2026-02", "18.2", "kg/m2")], None),
        ([(INDEX, "2026-02-03", "18", "kg/m2"), (INDEX, "2026-02", "20", "kg/m2")], ("18", "20")),
        ([(INDEX, "2026-02-02", "18", "kg/m2"), (INDEX, "2026-01", "20", "kg/m2")], ("18", "18")),
        ([(WEIGHT, "2026-03-02", "60", "kg")], None),
        ([TALL], None),
        ([], None),
        ([(INDEX, "2026-03-02", "0.002", "kg/m2")], None),
        ([(INDEX, "2026-03-02", "8", "kg/m2")], ("8", "8")),
        ([(INDEX, "2026-03-02", "100", "kg/m2")], ("100", "100")),
        ([(INDEX, "2026-03-02", "100.1", "kg/m2")], None),
        ([(INDEX, "2026-03-02", "20", "kg/m2"), (INDEX, "2026-03-02", "2", "kg/m2")], None),
        ([(INDEX, "2026-03-02", "19", "kg/m2"), (WEIGHT, "2026-03-02", "58.32", "kg"), TALL],
         ("18", "19")),
        ([(INDEX, "2026-03-02", "19", "kg/m2"), (WEIGHT, "2026-03-02", "58.32", "kg")],
         ("19", "19")),
        ([(INDEX, "2026-03-01", "19", "kg/m2"), (WEIGHT, "2026-03-02", "58.32", "kg")], None),
        ([(INDEX, "2026-03-01", "19", "kg/m2"), (WEIGHT, "2026-03-02", "58.32", "kg"), TALL],
         ("18", "18")),
        ([(WEIGHT, "2026-03-02", "58.32", "kg"), (HEIGHT, "2024-03-02", "180", "cm")],
         ("18", "18")),
        ([(WEIGHT, "2026-03-02", "58.32", "kg"), (HEIGHT, "2024-03-01", "180", "cm")], None),
        ([(WEIGHT, "2026-03-02", "58.32", "kg"), (HEIGHT, "2026-03-02", "1.8", "m"), TALL],
         ("18", "18")),
        ([(WEIGHT, "2026-03-02", "58.32", "kg"), (HEIGHT, "2026-03-02", "0", "cm")], ("0", None)),
    ],
)  # fmt: skip
def test_rules(seen: list[tuple[str, str, str, str | None]], expected: Any) -> None:
    assert run(*seen) == (expected and tuple(text and Decimal(text) for text in expected))


@pytest.mark.parametrize(
    ("comparator", "expected"), [(">=", (Decimal(18), None)), ("<=", (Decimal(0), Decimal(18)))]
)
def test_bounds_stay_bounds(comparator: str, expected: Any) -> None:
    made = record(TALL).add("hasObservation", "w", "concept:BodyWeight", date="2026-03-02")
    made.quantity("w", "elig:quantity", "58.32", "kg", comparator)
    assert made.run(*RUN).measure("bodyMassIndex") == expected


def test_sources_are_weight_and_height() -> None:
    derived = record((WEIGHT, "2026-03-02", "60", "kg"), TALL).run(*RUN)
    assert derived.sources("bodyMassIndex") == {"o0", "o1"}
    derived = record((INDEX, "2026-03-02", "20", "kg/m2"), TALL).run(*RUN)
    assert derived.sources("bodyMassIndex") == {"o0"}


def in_window(seen: list[Seen], test: str, days: int) -> list[Seen]:
    first = SCREENING - timedelta(days)
    return [one for one in seen if one.test == test and first <= one.day <= EVALUATION]


def newest(seen: list[Seen]) -> list[Seen]:
    return [one for one in seen if one.day == max(other.day for other in seen)]


def numbers(seen: list[Seen], unit: Fraction = Fraction(1)) -> list[Fraction] | None:
    if any(one.unit is None for one in seen):
        return None
    return [Fraction(one.number) * FACTORS[one.unit] / unit for one in seen if one.unit]


def oracle(seen: list[Seen]) -> tuple[Fraction, Fraction] | None:
    """Least and greatest index of the newest day, from what the family's text says."""
    tall = numbers(newest(in_window(seen, HEIGHT, 730)), FACTORS["m"])
    has_height = bool(tall)
    day = newest(in_window(seen, INDEX, 28) + in_window(seen, WEIGHT, 28))
    reported = [one for one in day if one.test == INDEX]
    weights = [one for one in day if one.test == WEIGHT]
    if reported and not has_height:
        weights = []
    told, heavy = numbers(reported), numbers(weights)
    if not day or told is None or heavy is None or (weights and not has_height):
        return None
    computed = [(weight / max(tall) ** 2, weight / min(tall) ** 2) for weight in heavy if tall]
    spans = [*((index, index) for index in told), *computed]
    if any(low > ABOVE or high < BELOW for low, high in spans):
        return None
    return min(low for low, _ in spans), max(high for _, high in spans)


DAYS = st.sampled_from([-731, -730, -29, -28, -3, 0, 3, 4]).map(
    lambda shift: SCREENING + timedelta(shift)
)


def of(test: str, low: str, high: str, units_: list[str | None]) -> st.SearchStrategy[Seen]:
    value = st.decimals(Decimal(low), Decimal(high), places=2)
    return st.builds(Seen, st.just(test), DAYS, value, st.sampled_from(units_))


SEEN = st.one_of(
    of(INDEX, "1", "120", ["kg/m2", "kg/m2", None]),
    of(WEIGHT, "20", "300", ["kg", "kg", "[lb_av]", None]),
    of(HEIGHT, "130", "210", ["cm", "cm", "cm", None]),
    of(HEIGHT, "1.30", "2.10", ["m"]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(SEEN, max_size=6))
def test_random_facts_agree_with_the_oracle(seen: list[Seen]) -> None:
    found, expected = run(*seen), oracle(seen)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        close = Fraction(1, 10**6)
        assert expected[0] - close <= Fraction(found[0]) <= expected[0]
        assert expected[1] <= Fraction(found[1]) <= expected[1] + close
