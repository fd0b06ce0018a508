"""Results in multiples of a reference limit: rules one by one, and an oracle for random ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.evidence_kit import Record
from derive.laboratory_kit import RUN, laboratory_record

TEST = "concept:SerumCreatinine"
SCREENING, EVALUATION = date(2026, 3, 2), date(2026, 3, 5)
FACTORS = {"mg/dL": Fraction(1), "umol/L": Fraction(100, 8842)}
NANO = 10**9
NEAR = Decimal("0.000000001")
LARGEST = Decimal("999999999.999999999")
Quantity = tuple[Any, ...]


def one(
    made: Record, name: str, day: str, value: Quantity, patient: str = "p", **limits: Quantity
) -> None:
    """Add a result; a quantity is (value, unit, comparator, low, high)."""
    made.add("hasObservation", name, TEST, date=day, patient=patient)
    made.quantity(name, "elig:quantity", *value)
    for side, limit in limits.items():
        made.quantity(name, f"elig:{side}ReferenceLimit", *limit)


U = ("1.2", "mg/dL")
TODAY = "2026-03-02"


RULES: list[tuple[list[tuple[str, Quantity, Quantity | None]], Any]] = [
    ([(TODAY, ("3.6", "mg/dL"), U)], ("3", "3")),
    ([(TODAY, ("1", "mg/dL"), ("3", "mg/dL"))], ("0.333333333", "0.333333334")),
    ([(TODAY, ("106.104", "umol/L"), U)], ("1", "1")),
    ([(TODAY, ("2.4", "mg/dL"), ("106.104", "umol/L"))], ("2", "2")),
    ([(TODAY, ("3.6", "mg/dL"), None)], None),
    ([(TODAY, ("3.6", "mg/dL"), ("1.2", None))], None),
    ([(TODAY, ("3.6", None), ("1.2", None))], None),
    ([(TODAY, ("3.6", None), U)], None),
    ([(TODAY, ("3.6", "mg/dL"), ("1.2", "kg"))], None),
    ([(TODAY, ("3.6", "mg/dL"), ("0", "mg/dL"))], None),
    ([(TODAY, ("3.6", "mg/dL"), ("-1", "mg/dL"))], None),
    ([(TODAY, ("0", "mg/dL"), U)], ("0", "0")),
    ([(TODAY, ("-1.2", "mg/dL"), U)], ("-1", "-1")),
    ([(TODAY, ("3.6", "mg/dL", ">"), U)], ("3", None)),
    ([(TODAY, ("3.6", "mg/dL", ">="), U)], ("3", None)),
    ([(TODAY, ("3.6", "mg/dL", "<"), U)], (None, "3")),
    ([(TODAY, ("3.6", "mg/dL"), ("1.2", "mg/dL", "<="))], ("3", None)),
    ([(TODAY, ("3.6", "mg/dL"), ("1.2", "mg/dL", ">="))], ("0", "3")),
    ([(TODAY, ("3.6", "mg/dL"), (None, "mg/dL", None, "0.9", "1.2"))], ("3", "4")),
    ([(TODAY, (None, "mg/dL", None, "2.4", "3.6"), U)], ("2", "3")),
    ([(TODAY, ("3.6", "mg/dL"), U), (TODAY, ("2.4", "mg/dL"), U)], ("2", "3")),
    ([(TODAY, ("3.6", "mg/dL"), U), (TODAY, ("3.6", "mg/dL"), None)], None),
    ([("2026-03-01", ("3.6", "mg/dL"), U), (TODAY, ("2.4", "mg/dL"), None)], None),
    ([("2026-03-01", ("3.6", "mg/dL"), None), (TODAY, ("2.4", "mg/dL"), U)], ("2", "2")),
    ([("2026-02-02", ("3.6", "mg/dL"), U)], ("3", "3")),
    ([("2026-02-01", ("3.6", "mg/dL"), U)], None),
    ([("2026-03-05", ("3.6", "mg/dL"), U)], ("3", "3")),
    ([("2026-03-06", ("3.6", "mg/dL"), U)], None),
    ([("2026-02", ("3.6", "mg/dL"), U)], None),
    ([("2026-02", ("3.6", "mg/dL"), U), ("2026-02-14", ("2.4", "mg/dL"), U)], ("2", "3")),
    ([("2026-02", ("3.6", "mg/dL"), U), ("2026-03-01", ("2.4", "mg/dL"), U)], ("2", "2")),
]  # fmt: skip


@pytest.fixture(scope="module")
def ruled() -> list[tuple[Any, ...] | None]:
    """The ratio of each rule, all derived at once."""
    made = laboratory_record()
    for number, (results, _) in enumerate(RULES):
        patient = f"p{number}"
        made.screen(patient, evaluation=EVALUATION.isoformat())
        for index, (day, value, limit) in enumerate(results):
            limits = {"upper": limit} if limit else {}
            one(made, f"o{number}-{index}", day, value, patient, **limits)
    derived = made.run(*RUN)
    return [derived.measure("creatinineUln", f"p{number}") for number in range(len(RULES))]


@pytest.mark.parametrize("number", range(len(RULES)))
def test_rules(ruled: list[tuple[Any, ...] | None], number: int) -> None:
    found, expected = ruled[number], RULES[number][1]
    if expected is None or found is None:
        assert found is expected
        return
    for side, (seen, wanted) in enumerate(zip(found, expected, strict=True)):
        assert (seen is None) == (wanted is None)
        if seen is not None:
            outward = (seen - Decimal(wanted)) * (1 if side else -1)
            assert -NEAR <= outward <= NEAR


def test_a_ratio_to_the_lower_limit() -> None:
    made = laboratory_record().screen()
    one(made, "o", TODAY, ("0.3", "mg/dL"), lower=("0.6", "mg/dL"), upper=U)
    derived = made.run(*RUN)
    assert derived.measure("creatinineLln") == (Decimal("0.5"), Decimal("0.5"))
    assert derived.measure("creatinineUln") == (Decimal("0.25"), Decimal("0.25"))
    assert derived.sources("creatinineLln") == {"o"}


@pytest.mark.parametrize(
    ("lower", "upper", "problems"),
    [
        ("0.6", "1.2", set()),
        ("1.2", "1.2", set()),
        ("1.3", "1.2", {"elig:ReversedLimits"}),
        ("-1", "1.2", {"elig:ImpossibleLimit"}),
        ("0.6", "0", {"elig:ImpossibleLimit", "elig:ReversedLimits"}),
    ],
)
def test_limits_that_cannot_be(lower: str, upper: str, problems: set[str]) -> None:
    made = laboratory_record().screen()
    one(made, "o", TODAY, ("1", "mg/dL"), lower=(lower, "mg/dL"), upper=(upper, "mg/dL"))
    rows = made.run(*RUN).rows("SELECT problem FROM data_problem")
    assert {problem for (problem,) in rows} == problems


@dataclass(frozen=True)
class Result:
    """A dated result, its number and limit with units; no unit is a limit that is not there."""

    day: date
    value: Decimal
    unit: str
    limit: Decimal
    limit_unit: str | None


numbers = st.decimals(Decimal("-1"), Decimal(400), places=3)
results = st.builds(
    Result,
    st.dates(SCREENING - timedelta(31), EVALUATION + timedelta(1)),
    numbers,
    st.sampled_from(sorted(FACTORS)),
    st.decimals(Decimal(0), Decimal(200), places=3),
    st.sampled_from([*sorted(FACTORS), *sorted(FACTORS), None]),
)


def interval(number: Decimal, unit: str) -> tuple[Fraction, Fraction]:
    """The number in the canonical unit, rounded outward at nine places."""
    exact = Fraction(number) * FACTORS[unit] * NANO
    return Fraction(floor(exact), NANO), Fraction(ceil(exact), NANO)


def oracle(seen: list[Result]) -> tuple[Decimal | None, Decimal | None] | None:
    first = SCREENING - timedelta(28)
    inside = [one for one in seen if first <= one.day <= EVALUATION]
    latest = [one for one in inside if one.day == max(other.day for other in inside)]
    if not latest or any(one.limit_unit is None or one.limit <= 0 for one in latest):
        return None
    lows: list[Fraction] = []
    highs: list[Fraction | None] = []
    for one in latest:
        value = interval(one.value, one.unit)
        limit = interval(one.limit, one.limit_unit or "")
        ends = [v / u for v in value for u in limit if u > 0]
        lows.append(min(ends))
        highs.append(max(ends) if limit[0] > 0 or value[1] < 0 else None)
    low = Decimal(floor(min(lows) * NANO)).scaleb(-9)
    greatest = None if None in highs else max(high for high in highs if high is not None)
    high = None if greatest is None else Decimal(ceil(greatest * NANO)).scaleb(-9)
    return low, None if high is not None and high > LARGEST else high


@settings(max_examples=6, deadline=None)
@given(st.lists(st.lists(results, max_size=4), min_size=1, max_size=40))
def test_random_results_agree(patients: list[list[Result]]) -> None:
    made = laboratory_record()
    for number, seen in enumerate(patients):
        made.screen(f"p{number}", evaluation=EVALUATION.isoformat())
        for index, one_result in enumerate(seen):
            name = f"o{number}-{index}"
            made.add("hasObservation", name, TEST, patient=f"p{number}", date=str(one_result.day))
            made.quantity(name, "elig:quantity", str(one_result.value), one_result.unit)
            if one_result.limit_unit:
                limit = str(one_result.limit), one_result.limit_unit
                made.quantity(name, "elig:upperReferenceLimit", *limit)
    derived = made.run(*RUN)
    for number, seen in enumerate(patients):
        assert derived.measure("creatinineUln", f"p{number}") == oracle(seen), seen
