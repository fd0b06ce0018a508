"""Kidney function: published values, boundaries, and the equation with forty digits."""

from __future__ import annotations

import csv
import os
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.evidence_kit import Derived, Record, ontology_record
from derive.other_oracle import Dates, Sample, ckd_epi, egfr

RUN = ("00", "05", "10", "11", "20", "21", "24", "25")
RATE = "mL/min/{1.73_m2}"


def record(**more: Any) -> Record:
    return ontology_record().screen(**{"birth": "1991-05-14", "sex": "elig:Female", **more})


def creatinine(
    made: Record, value: str, unit: str | None = "mg/dL", day: str = "2026-02-26"
) -> Record:
    name = f"c{len(made.links)}"
    made.add("hasObservation", name, "concept:SerumCreatinine", date=day)
    made.quantity(name, "elig:quantity", value, unit)
    return made


def rate(
    made: Record, kind: str, value: str, day: str = "2026-02-26", unit: str | None = RATE
) -> Record:
    name = f"r{len(made.links)}"
    made.add("hasObservation", name, f"concept:{kind}", date=day)
    made.quantity(name, "elig:quantity", value, unit)
    return made


def at_age(years: int, sex: str, value: str, unit: str) -> Derived:
    """A sample on the screening day of a person of that age."""
    made = ontology_record().screen(
        birth=f"{2026 - years}-03-02", sex="elig:Female" if sex == "F" else "elig:Male"
    )
    return creatinine(made, value, unit, "2026-03-02").run(*RUN)


def two_places(bound: Decimal) -> Decimal:
    return bound.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("sex", "years", "value", "unit", "expected"),
    [
        ("F", 34, "0.80", "mg/dL", "99.09"),
        ("F", 34, "2.16", "mg/dL", "30.09"),
        ("F", 34, "192", "umol/L", "29.90"),
        ("F", 34, "191", "umol/L", "30.09"),
        ("M", 42, "2.64", "mg/dL", "30.06"),
        ("M", 42, "2.65", "mg/dL", "29.93"),
        ("F", 55, "0.9", "mg/dL", "75.50"),
        ("M", 41, "1.00", "mg/dL", "96.97"),
        ("M", 41, "1.30", "mg/dL", "70.78"),
    ],
)
def test_check_values(sex: str, years: int, value: str, unit: str, expected: str) -> None:
    low, high = at_age(years, sex, value, unit).measure("egfrCkdEpi2021") or (None, None)
    assert two_places(low) == two_places(high) == Decimal(expected)


def test_the_equations_straddle_thirty() -> None:
    found = at_age(34, "F", "2.16", "mg/dL")
    assert two_places((found.measure("egfrCkdEpi2009") or (None,))[0]) == Decimal("28.95")
    assert (found.measure("egfrCkdEpi2021") or (Decimal(0),))[0] > 30


def vectors() -> list[dict[str, str]]:
    folder = os.environ.get("ELIGO_DATA")
    path = Path(folder or "") / "reference" / "egfr_vectors.csv"
    if not folder or not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [r for r in rows if r["equation"].startswith("CKD-EPI") and "." not in r["age"]]


@pytest.mark.skipif(not vectors(), reason="ELIGO_DATA does not point at the reference data")
@pytest.mark.parametrize("row", vectors(), ids=lambda row: "-".join(list(row.values())[:5]))
def test_published_values(row: dict[str, str]) -> None:
    found = at_age(int(row["age"]), row["sex"], row["creatinine"], row["unit"])

    def rounded(name: str) -> Decimal:
        low = (found.measure(name) or (None,))[0]
        if row["rounding"] == "floor":
            return Decimal(int(low))
        places = int(row["rounding"].removesuffix("dp"))
        return Decimal(str(low)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

    expected = Decimal(row["expected"])
    if row["equation"] == "CKD-EPI-2021":
        assert rounded("egfrCkdEpi2021") == expected
    else:
        assert rounded("egfrCkdEpi2021") != expected
        assert abs(rounded("egfrCkdEpi2009") - expected) <= 1


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-02-02", True),
        ("2026-02-01", False),
        ("2026-03-02", True),
        ("2026-03-05", True),
        ("2026-03-06", False),
        ("2026-02", False),
        ("2026-03", False),
    ],
)
def test_the_window(day: str, found: bool) -> None:
    made = creatinine(record(evaluation="2026-03-05"), "0.80", day=day)
    assert (made.run(*RUN).measure("egfrCkdEpi2021") is not None) is found


def sampled(made: Record) -> list[tuple[Any, ...]]:
    return made.run(*RUN).rows("SELECT date, how FROM egfr_sample ORDER BY date")


@pytest.mark.parametrize(
    ("value", "unit", "how"),
    [
        ("20", "mg/dL", "computed"),
        ("20.1", "mg/dL", "unusable"),
        ("1768.4", "umol/L", "computed"),
        ("1768.5", "umol/L", "unusable"),
        ("0.8", None, "unusable"),
        ("0.8", "furlong", "unusable"),
        ("0", "mg/dL", "unusable"),
        ("-1", "mg/dL", "unusable"),
        ("eight", "mg/dL", "unusable"),
    ],
)
def test_which_creatinine_can_be_used(value: str, unit: str | None, how: str) -> None:
    made = creatinine(record(), value, unit)
    assert sampled(made) == [(date(2026, 2, 26), how)]
    assert (made.run(*RUN).measure("egfrCkdEpi2021") is not None) is (how == "computed")


def test_the_newest_sample_decides_even_if_unusable() -> None:
    made = creatinine(creatinine(record(), "0.80", day="2026-02-20"), "80", day="2026-02-26")
    found = made.run(*RUN)
    assert found.measure("egfrCkdEpi2021") is None
    assert found.rows("SELECT how FROM egfr_sample ORDER BY date") == [("computed",), ("unusable",)]


@pytest.mark.parametrize(
    "kind",
    ["EgfrCkdEpi2009", "EgfrMdrd", "EgfrCreatinineCystatin", "CreatinineClearance", "EstimatedGfr"],
)
def test_another_equation_alone_is_unusable(kind: str) -> None:
    made = rate(creatinine(record(), "0.80", day="2026-02-20"), kind, "70")
    assert made.run(*RUN).measure("egfrCkdEpi2021") is None
    assert made.run(*RUN).rows("SELECT how FROM egfr_sample ORDER BY date") == [
        ("computed",),
        ("unusable",),
    ]


def test_another_equation_beside_creatinine_is_recomputed() -> None:
    made = rate(creatinine(record(), "2.16"), "EgfrCkdEpi2009", "28.95")
    found = made.run(*RUN)
    assert two_places((found.measure("egfrCkdEpi2021") or (None,))[0]) == Decimal("30.09")
    assert found.measure("egfrCkdEpi2009") == (Decimal("28.95"), Decimal("28.95"))


def test_a_reported_value_wins_for_its_own_day_only() -> None:
    same = rate(creatinine(record(), "0.80"), "EgfrCkdEpi2021", "88")
    assert same.run(*RUN).measure("egfrCkdEpi2021") == (88, 88)
    assert same.run(*RUN).sources("egfrCkdEpi2021") == {"r1"}
    older = rate(creatinine(record(), "2.65"), "EgfrCkdEpi2021", "88", "2026-02-25")
    assert (older.run(*RUN).measure("egfrCkdEpi2021") or (99,))[0] < 30
    assert older.run(*RUN).sources("egfrCkdEpi2021") == {"c0"}


def test_a_reported_bound_stays_a_bound() -> None:
    made = rate(record(), "EgfrCkdEpi2021", "60")
    made.quantities.clear()
    made.quantity("r0", "elig:quantity", "60", RATE, ">")
    assert made.run(*RUN).measure("egfrCkdEpi2021") == (Decimal("60.000000001"), None)


def test_a_reported_value_without_a_unit_leaves_the_creatinine() -> None:
    made = rate(creatinine(record(), "0.80"), "EgfrCkdEpi2021", "88", unit=None)
    assert sampled(made) == [(date(2026, 2, 26), "computed")]
    assert sampled(rate(record(), "EgfrCkdEpi2021", "88", unit=None)) == [
        (date(2026, 2, 26), "unusable")
    ]


def test_two_creatinines_of_a_day_span() -> None:
    low, high = creatinine(creatinine(record(), "0.80"), "2.16").run(*RUN).measure(
        "egfrCkdEpi2021"
    ) or (None, None)
    assert (two_places(low), two_places(high)) == (Decimal("30.09"), Decimal("99.09"))


def test_creatinine_as_a_bound() -> None:
    made = creatinine(record(), "2.16")
    made.quantities[0] = (*made.quantities[0][:5], ">", "mg/dL")
    low, high = made.run(*RUN).measure("egfrCkdEpi2021") or (None, None)
    assert low == 0
    assert two_places(high) == Decimal("30.09")
    made.quantities[0] = (*made.quantities[0][:5], "<", "mg/dL")
    low, high = made.run(*RUN).measure("egfrCkdEpi2021") or (None, 0)
    assert (two_places(low), high) == (Decimal("30.09"), None)


@pytest.mark.parametrize(
    ("birth", "usable"),
    [
        ("2008-02-26", True),
        ("2008-02-27", False),
        ("2008", False),
        ("2007", True),
        (None, False),
    ],
)
def test_adults_only_at_the_sample(birth: str | None, usable: bool) -> None:
    made = creatinine(record(birth=birth), "0.80")
    assert (made.run(*RUN).measure("egfrCkdEpi2021") is not None) is usable
    reported = rate(record(birth=birth), "EgfrCkdEpi2021", "88")
    assert reported.run(*RUN).measure("egfrCkdEpi2021") == (88, 88)


@pytest.mark.parametrize("sex", [None, "elig:Intersex"])
def test_without_a_sex_both_are_possible(sex: str | None) -> None:
    low, high = creatinine(record(sex=sex), "2.16").run(*RUN).measure("egfrCkdEpi2021") or (
        None,
        None,
    )
    value = Fraction("2.16")
    assert two_places(low) == two_places(ckd_epi(value, 34, "F"))
    assert two_places(high) == two_places(ckd_epi(value, 34, "M"))


def test_a_partial_birth_date_spans_the_ages() -> None:
    low, high = creatinine(record(birth="1991"), "2.16").run(*RUN).measure("egfrCkdEpi2021") or (
        None,
        None,
    )
    assert two_places(low) == two_places(ckd_epi(Fraction("2.16"), 35, "F"))
    assert two_places(high) == two_places(ckd_epi(Fraction("2.16"), 34, "F"))


def test_partial_dates_leave_open_which_is_newest() -> None:
    made = creatinine(creatinine(record(evaluation="2026-03-31"), "0.80", day="2026-03-10"), "2.16")
    made.date("c2", "elig:date", "2026-03")
    made.add("hasObservation", "c2", "concept:SerumCreatinine", quantity=("2.65", "mg/dL"))
    low, high = made.run(*RUN).measure("egfrCkdEpi2021") or (None, None)
    assert low < 30
    assert two_places(high) == Decimal("99.09")


numbers = st.one_of(
    st.none(),
    st.integers(1, 2600).map(lambda n: Fraction(n, 100)),
)
samples = st.builds(
    lambda back, role, number: Sample(date(2026, 3, 5) - timedelta(back), role, number),
    st.integers(0, 40),
    st.sampled_from(["creatinine", "creatinine", "reported", "other"]),
    numbers,
)
people = st.tuples(
    st.dates(date(1930, 1, 1), date(2009, 1, 1)),
    st.sampled_from(["F", "M", "FM"]),
    st.lists(samples, max_size=5),
)
DATES = Dates(date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 2))
KIND = {"creatinine": "SerumCreatinine", "reported": "EgfrCkdEpi2021", "other": "EgfrMdrd"}


@settings(max_examples=15, deadline=None)
@given(st.lists(people, max_size=30))
def test_random_samples_agree_with_the_equation(
    cases: list[tuple[date, str, list[Sample]]],
) -> None:
    made = ontology_record()
    for index, (born, sex, taken) in enumerate(cases):
        named = {"F": "elig:Female", "M": "elig:Male"}.get(sex)
        made.screen(f"p{index}", evaluation="2026-03-05", birth=born.isoformat(), sex=named)
        for number, sample in enumerate(taken):
            name = f"p{index}-{number}"
            made.add(
                "hasObservation",
                name,
                f"concept:{KIND[sample.role]}",
                patient=f"p{index}",
                date=sample.day.isoformat(),
            )
            unit = "mg/dL" if sample.role == "creatinine" else RATE
            exact = sample.number
            value = None if exact is None else str(Decimal(exact.numerator) / exact.denominator)
            made.quantity(name, "elig:quantity", value, unit if value else None)
    found = made.run(*RUN)
    for index, (born, sex, taken) in enumerate(cases):
        expected = egfr(taken, born, sex, DATES)
        actual = found.measure("egfrCkdEpi2021", f"p{index}")
        assert (actual is None) is (expected is None)
        if expected and actual:
            margin = Decimal("0.000000004")
            assert expected[0] - margin <= actual[0] <= expected[0]
            assert expected[1] <= actual[1] <= expected[1] + margin
