"""Exact doses, days and dates at and beside exact thresholds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from derive.medication_kit import derive
from derive.medication_numbers import Bounds
from derive.medication_oracle import Patient, Use
from derive.medication_strategies import SCREENING

COMPLETE = frozenset({"elig:hasMedicationUse", "elig:hasCurrentMedication"})
STEROID = "measure:currentOralPrednisoloneEquivalent"
MYCOPHENOLATE = "measure:currentMycophenolateDose"
BODY = (Fraction(60), Fraction(70))
SINCE = date(2026, 1, 1)
FIRST = SCREENING - timedelta(days=200)


def steroid(fact: str, drug: str, dose: str, unit: str = "mg/d", **more: object) -> Use:
    """An active oral drug."""
    amount = Fraction(dose)
    use = Use(fact, drug, "OralRoute", start=(SINCE, SINCE), amount=(amount, amount), unit=unit)
    return replace(use, **more)  # type: ignore[arg-type]


def intravenous(fact: str, day: date, dose: int) -> Use:
    """One infusion of cyclophosphamide."""
    amount = (Fraction(dose), Fraction(dose))
    span = (day, day)
    return Use(fact, "Cyclophosphamide", "IntravenousRoute", "elig:Completed", span, span, amount)


def measure(person: Patient, name: str) -> list[tuple[Fraction, Fraction]]:
    """Bounds of a measure."""
    rows = derive([person]).execute("SELECT low, high FROM measurement WHERE measure = ?", [name])
    return [(Fraction(low), Fraction(high)) for low, high in rows.fetchall()]


def every(days: Fraction | int, times: int = 1) -> dict[str, Fraction]:
    return {"times": Fraction(times), "period": Fraction(days)}


@pytest.mark.parametrize(
    ("uses", "name", "low", "high"),
    [
        ([steroid("a", "Dexamethasone", "1.125")], STEROID, "7.5", "7.5"),
        ([steroid("a", "Dexamethasone", "1.124")], STEROID, "7.493333333", "7.493333334"),
        (
            [steroid("a", "Deflazacort", "5"), steroid("b", "Deflazacort", "4")],
            STEROID,
            "7.5",
            "7.5",
        ),
        ([steroid("a", "Prednisone", "15", "mg", **every(2))], STEROID, "7.5", "7.5"),
        ([steroid("a", "Prednisone", "52.5", "mg", **every(7))], STEROID, "7.5", "7.5"),
        ([steroid("a", "Prednisone", "17.5", "mg", **every(7, 3))], STEROID, "7.5", "7.5"),
        ([steroid("a", "Prednisone", "2.5", "mg", **every(Fraction(1, 3)))], STEROID, "7.5", "7.5"),
        (
            [steroid("a", "Prednisone", "1.25", "mg", **every(Fraction(1, 6)))],
            STEROID,
            "7.5",
            "7.5",
        ),
        ([steroid("a", "Deflazacort", "3", "mg", **every(9, 27))], STEROID, "7.5", "7.5"),
        (
            [steroid(f, "Prednisone", "17.5", "mg", **every(7)) for f in ("a", "b", "c")],
            STEROID,
            "7.5",
            "7.5",
        ),
        ([steroid("a", "SystemicGlucocorticoid", "7.5")], STEROID, "1.5", "50"),
        ([steroid("a", "Prednisolone", "0.125", "mg/kg/d")], STEROID, "7.5", "7.5"),
        (
            [steroid("a", "MycophenolateSodium", "540", "mg", **every(1, 2))],
            MYCOPHENOLATE,
            "1500",
            "1500",
        ),
        (
            [steroid("a", "MycophenolateSodium", "1079")],
            MYCOPHENOLATE,
            "1498.611111111",
            "1498.611111112",
        ),
        ([steroid("a", "Mycophenolate", "1080", strength=360)], MYCOPHENOLATE, "1500", "1500"),
        ([steroid("a", "Mycophenolate", "1440")], MYCOPHENOLATE, "1440", "2000"),
        (
            [
                steroid("a", "MycophenolateSodium", "360"),
                steroid("b", "MycophenolateMofetil", "1000"),
            ],
            MYCOPHENOLATE,
            "1500",
            "1500",
        ),
        (
            [steroid("a", "Azathioprine", "90")],
            "measure:currentAzathioprineDosePerKg",
            "1.5",
            "1.5",
        ),
        (
            [steroid("a", "Azathioprine", "1.5", "mg/kg", **every(1))],
            "measure:currentAzathioprineDosePerKg",
            "1.5",
            "1.5",
        ),
        (
            [steroid("a", "Azathioprine", "45"), steroid("b", "Azathioprine", "0.75", "mg/kg/d")],
            "measure:currentAzathioprineDosePerKg",
            "1.5",
            "1.5",
        ),
        ([steroid("a", "Budesonide", "9")], STEROID, "0", "0"),
        ([], STEROID, "0", "0"),
    ],
)
def test_exact_doses(uses: list[Use], name: str, low: str, high: str) -> None:
    weights = ((SCREENING - timedelta(days=90), BODY[0]), (SCREENING - timedelta(days=91), BODY[1]))
    person = Patient("p", SCREENING, SCREENING, tuple(uses), weights, complete=COMPLETE)
    assert measure(person, name) == [(Fraction(low), Fraction(high))]


@pytest.mark.parametrize(
    ("dose", "days", "length"),
    [
        ("49", 13, 14),
        ("48.999999999", 13, None),
        ("49", 12, 13),
        ("0.7", 13, 14),
        ("0.69", 13, None),
    ],
)
def test_run_at_the_dose(dose: str, days: int, length: int | None) -> None:
    unit = "mg/kg/d" if dose.startswith("0.") else "mg/d"
    last = SCREENING - timedelta(days=30)
    first = last - timedelta(days=days)
    use = steroid("a", "Prednisolone", dose, unit, start=(first, first), end=(last, last))
    person = Patient("p", SCREENING, SCREENING, (use,), ((first, BODY[1]),), complete=COMPLETE)
    connection = derive([person])
    rows = connection.execute(
        "SELECT attribute, low, high FROM fact_attribute ORDER BY 1"
    ).fetchall()
    found: dict[str, Bounds] = {name: (Fraction(low), Fraction(high)) for name, low, high in rows}
    expected: dict[str, int | None] = {
        "elig:cyclophosphamideOverlapDays": 0,
        "elig:endDaysBeforeScreening": 30,
        "elig:lengthDays": length,
        "elig:mycophenolateOverlapDays": 0,
    }
    exact = {name: (Fraction(n), Fraction(n)) for name, n in expected.items() if n is not None}
    assert found == (exact if length else {})
    complete = connection.execute("SELECT relation FROM complete WHERE kind = 'elig:Anything'")
    assert ("measure:testRun",) in complete.fetchall()
    sources = {row[0] for row in connection.execute("SELECT source FROM fact_source").fetchall()}
    assert sources == ({"p-a", "p-BodyWeight-0"} if length else set())


@pytest.mark.parametrize(("gap", "days"), [(0, 41), (1, 42), (2, 42), (3, 42), (-5, 36), (-20, 21)])
def test_days_of_two_uses(gap: int, days: int) -> None:
    last = SINCE + timedelta(days=20)
    begin = last + timedelta(days=gap)
    ends = begin + timedelta(days=20)
    uses = (
        steroid("a", "MycophenolateMofetil", "500", start=(SINCE, SINCE), end=(last, last)),
        steroid("b", "MycophenolateMofetil", "500", start=(begin, begin), end=(ends, ends)),
    )
    person = Patient("p", SCREENING, SCREENING, uses, complete=COMPLETE)
    exact = Fraction(days)
    assert measure(person, "measure:mycophenolateExposureDays") == [(exact, exact)]


@pytest.mark.parametrize(("apart", "days"), [(14, 29), (45, 60), (46, 30), (5, 20)])
def test_courses(apart: int, days: int) -> None:
    second = FIRST + timedelta(days=apart)
    doses = tuple(intravenous(f"c{day}", day, 500) for day in (FIRST, second))
    person = Patient("p", SCREENING, SCREENING, doses, complete=COMPLETE)
    exact = Fraction(days)
    assert measure(person, "measure:testCyclophosphamideCourses") == [(exact, exact)]


@pytest.mark.parametrize(("days", "reached"), [(89, False), (90, True), (91, True)])
def test_exposure_reached_on_its_last_day(days: int, reached: bool) -> None:
    last = FIRST + timedelta(days=days - 1)
    use = steroid("a", "MycophenolateSodium", "360", start=(FIRST, FIRST), end=(last, last))
    rows = derive([Patient("p", SCREENING, SCREENING, (use,), complete=COMPLETE)]).execute(
        "SELECT low, high FROM event WHERE event = 'measure:testExposureReached'"
    )
    day = FIRST + timedelta(days=89)
    assert rows.fetchall() == ([(day, day)] if reached else [])


@pytest.mark.parametrize(("last", "reached"), [(499, False), (500, True), (501, True)])
def test_dose_reached_at_the_amount(last: int, reached: bool) -> None:
    days = [FIRST + timedelta(days=14 * n) for n in range(3)]
    given = zip(days, (500, 500, last), strict=True)
    doses = tuple(intravenous(f"c{day}", day, dose) for day, dose in given)
    person = Patient("p", SCREENING, SCREENING, doses, complete=COMPLETE)
    rows = derive([person]).execute(
        "SELECT low, high FROM event WHERE event = 'measure:testDoseReached'"
    )
    assert rows.fetchall() == ([(days[2], days[2])] if reached else [])


def test_days_since_an_event() -> None:
    days = [FIRST + timedelta(days=14 * n) for n in range(4)]
    doses = tuple(intravenous(f"c{day}", day, 500) for day in days)
    values = ((FIRST, Fraction(1)), (days[2], Fraction(2)), (SCREENING, Fraction(3)))
    person = Patient("p", SCREENING, SCREENING, doses, complete=COMPLETE, values=values)
    rows = derive([person]).execute("SELECT low, high FROM fact_attribute ORDER BY low").fetchall()
    assert [(int(low), int(high)) for low, high in rows] == [(-28, -28), (0, 0), (172, 172)]
