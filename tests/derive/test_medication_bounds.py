"""Bounds hold whatever is true, and absurd numbers widen them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derive.medication_kit import derive
from derive.medication_oracle import Patient, Use
from derive.medication_strategies import SCREENING, patients, world
from derive.test_medication_exact import every, steroid

KINDS = ("Mycophenolate", "Azathioprine", "SystemicGlucocorticoid", "Cyclophosphamide")
COMPLETE = frozenset({"elig:hasMedicationUse", "elig:hasCurrentMedication"})


@st.composite
def flawed_and_true(draw: st.DrawFn) -> list[tuple[Patient, Patient]]:
    """Draw records and, for each, what may be true of the patient."""
    found = []
    for patient in draw(patients(*KINDS, back=200, records=False)):
        kept = tuple(use for use in patient.uses if not use.as_needed and _can_be_true(use))
        patient = replace(patient, uses=kept)
        found.append((patient, draw(world(patient))))
    return found


def _can_be_true(use: Use) -> bool:
    """Whether the dates fit; what is over without a last day ended before the screening."""
    if use.end or use.status in {"elig:Active", None}:
        return not use.contradictory
    return use.start is not None and use.start[1] < SCREENING


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
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
