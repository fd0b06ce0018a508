"""Bounds hold whatever is true; exact doses meet exact thresholds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derive.medication_kit import derive
from derive.medication_numbers import Bounds
from derive.medication_oracle import Patient, Use
from derive.medication_strategies import SCREENING, patients, world

KINDS = ("Mycophenolate", "Azathioprine", "SystemicGlucocorticoid", "Cyclophosphamide")
COMPLETE = frozenset({"elig:hasMedicationUse", "elig:hasCurrentMedication"})
STEROID = "measure:currentOralPrednisoloneEquivalent"
MYCOPHENOLATE = "measure:currentMycophenolateDose"
BODY = (Fraction(60), Fraction(70))
SINCE = date(2026, 1, 1)


@st.composite
def flawed_and_true(draw: st.DrawFn) -> list[tuple[Patient, Patient]]:
    """Draw records and, for each, what may be true of the patient."""
    found = []
    for patient in draw(patients(*KINDS, back=200)):
        kept = tuple(use for use in patient.uses if not use.as_needed and _can_be_true(use))
        patient = replace(patient, uses=kept)
        found.append((patient, draw(world(patient))))
    return found


def _can_be_true(use: Use) -> bool:
    """Whether the dates fit; what is over without a last day ended before the screening."""
    if use.end or use.status in {"elig:Active", None}:
        return not use.contradictory
    return use.start is not None and use.start[1] < SCREENING


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(flawed_and_true())
def test_bounds_hold_whatever_is_true(pairs: list[tuple[Patient, Patient]]) -> None:
    connection = derive(person for pair in pairs for person in pair)
    rows = connection.execute("SELECT patient, measure, low, high FROM measurement").fetchall()
    value = {(patient, measure): (low, high) for patient, measure, low, high in rows}
    for (name, measure), (low, high) in value.items():
        if not name.endswith("-true"):
            true_low, true_high = value[f"{name}-true", measure]
            assert low <= true_low, (name, measure, low, true_low)
            if high is not None:
                assert true_high is not None, (name, measure)
                assert true_high <= high, (name, measure, high, true_high)
    rows = connection.execute("SELECT patient, event, low, high FROM event").fetchall()
    days = {(patient, event): (low, high) for patient, event, low, high in rows}
    for (name, event), (low, high) in days.items():
        if not name.endswith("-true") and event != "measure:testLatest":
            true_low, true_high = days[f"{name}-true", event]
            assert true_high <= high, (name, event)
            assert low is None or low <= true_low, (name, event)


def steroid(fact: str, drug: str, dose: str, unit: str = "mg/d", **more: object) -> Use:
    """An active oral drug."""
    amount = Fraction(dose)
    use = Use(fact, drug, "OralRoute", start=(SINCE, SINCE), amount=(amount, amount), unit=unit)
    return replace(use, **more)  # type: ignore[arg-type]


def every(days: Fraction | int, times: int = 1) -> dict[str, Fraction]:
    return {"times": Fraction(times), "period": Fraction(days)}


@pytest.mark.parametrize(
    ("uses", "measure", "low", "high"),
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
def test_exact_doses(uses: list[Use], measure: str, low: str, high: str) -> None:
    weights = ((SCREENING - timedelta(days=90), BODY[0]), (SCREENING - timedelta(days=91), BODY[1]))
    person = Patient("p", SCREENING, SCREENING, tuple(uses), weights, complete=COMPLETE)
    rows = derive([person]).execute(
        "SELECT low, high FROM measurement WHERE measure = ?", [measure]
    )
    assert [tuple(map(Fraction, row)) for row in rows.fetchall()] == [
        (Fraction(low), Fraction(high))
    ]


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


def test_days_since_an_event() -> None:
    first = SCREENING - timedelta(days=100)
    doses = tuple(
        Use(
            f"c{i}",
            "Cyclophosphamide",
            "IntravenousRoute",
            "elig:Completed",
            (day, day),
            (day, day),
            (dose, dose),
        )
        for i, (day, dose) in enumerate(
            (first + timedelta(days=14 * n), Fraction(500)) for n in range(4)
        )
    )
    values = (
        (first, Fraction(1)),
        (first + timedelta(days=28), Fraction(2)),
        (SCREENING, Fraction(3)),
    )
    person = Patient("p", SCREENING, SCREENING, doses, complete=COMPLETE, values=values)
    rows = derive([person]).execute("SELECT low, high FROM fact_attribute ORDER BY low").fetchall()
    assert [(int(low), int(high)) for low, high in rows] == [(-28, -28), (0, 0), (72, 72)]


@pytest.mark.parametrize("unit", ["mg", "mg/d", "mg/kg", "mg/m2"])
def test_absurd_numbers_widen_and_do_not_fail(unit: str) -> None:
    most = Fraction(999999999)
    pattern = {} if unit == "mg/d" else every(Fraction(1, 10**9), 999999999)
    people = []
    for i, drug in enumerate(("Mycophenolate", "Azathioprine", "Prednisolone", "Cyclophosphamide")):
        uses = tuple(
            steroid(f"u{n}", drug, "999999999", unit, route=route, **pattern)
            for n, route in enumerate(("OralRoute", "IntravenousRoute", "OralRoute"))
        )
        day = ((SCREENING, most / 10**6),)
        people.append(Patient(f"p{i}", SCREENING, SCREENING, uses, day, day, complete=COMPLETE))
    rows = derive(people).execute("SELECT low, high FROM measurement").fetchall()
    assert all(low >= 0 and (high is None or high >= low) for low, high in rows)
