"""Doses, exposure, events and runs against an oracle that walks through the days with fractions."""

from __future__ import annotations

from fractions import Fraction

import duckdb
from hypothesis import HealthCheck, given, settings

from derive import medication_measures_oracle as oracle
from derive.medication_current_oracle import current_dose
from derive.medication_kit import derive
from derive.medication_measures_oracle import Question
from derive.medication_numbers import Bounds
from derive.medication_oracle import MYCOPHENOLATES, STEROIDS, Patient
from derive.medication_run_oracle import change, overlap, runs
from derive.medication_strategies import patients

MYCOPHENOLATE = Question("Mycophenolate", (), tuple(MYCOPHENOLATES.items()))
TABLE = tuple(STEROIDS.items())
CURRENT = {
    "measure:currentMycophenolateDose": MYCOPHENOLATE,
    "measure:currentAzathioprineDosePerKg": Question("Azathioprine", per_kg=True),
    "measure:currentOralPrednisoloneEquivalent": Question(
        "SystemicGlucocorticoid", ("OralRoute",), TABLE
    ),
    "measure:testSteroidPerKg": Question("SystemicGlucocorticoid", (), TABLE, per_kg=True),
}
INTRAVENOUS = Question("Cyclophosphamide", ("IntravenousRoute",))
STEROID = Question("SystemicGlucocorticoid", ("OralRoute", "IntravenousRoute"), TABLE)
CUMULATIVE = {
    "measure:cumulativeIntravenousCyclophosphamide": INTRAVENOUS,
    "measure:testOralCyclophosphamide": Question("Cyclophosphamide"),
    "measure:testSteroidSum": STEROID,
}
EXPOSED = Question("Mycophenolate")
COURSES = Question("Cyclophosphamide", gap=45, tail=14)
EXPOSURE = {
    "measure:mycophenolateExposureDays": EXPOSED,
    "measure:testCyclophosphamideCourses": COURSES,
}
MANY = 17
"""Patients derived together: most of the time goes into statements, not into patients."""
few = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


def measured(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Bounds]:
    rows = connection.execute("SELECT patient, measure, low, high FROM measurement").fetchall()
    assert len({row[:2] for row in rows}) == len(rows)
    return {
        (patient, measure): (Fraction(low), None if high is None else Fraction(high))
        for patient, measure, low, high in rows
    }


def close(found: Bounds, expected: Bounds, patient: Patient) -> bool:
    """Equal; where a body surface comes in, at most some billionths wider."""
    if not any(use.basis == "m2" for use in patient.uses):
        return found == expected
    slack = Fraction(3, 10**9)
    if (found[1] is None) != (expected[1] is None):
        return False
    lows = 0 <= expected[0] - found[0] <= slack
    return lows and (
        found[1] is None or expected[1] is None or 0 <= found[1] - expected[1] <= slack
    )


@few
@given(patients("Mycophenolate", "Azathioprine", "SystemicGlucocorticoid", back=60, most=MANY))
def test_current_dose(people: list[Patient]) -> None:
    found = measured(derive(people))
    for patient in people:
        for measure, question in CURRENT.items():
            expected = current_dose(patient, question)
            assert close(found[patient.name, measure], expected, patient), (
                patient,
                measure,
                found[patient.name, measure],
                expected,
            )


@few
@given(patients("Cyclophosphamide", "SystemicGlucocorticoid", most=MANY))
def test_cumulative_dose(people: list[Patient]) -> None:
    found = measured(derive(people))
    for patient in people:
        for measure, question in CUMULATIVE.items():
            expected = oracle.cumulative_dose(patient, question)
            assert close(found[patient.name, measure], expected, patient), (
                patient,
                measure,
                found[patient.name, measure],
                expected,
            )


@few
@given(patients("Mycophenolate", "Cyclophosphamide", most=MANY))
def test_exposure(people: list[Patient]) -> None:
    found = measured(derive(people))
    for patient in people:
        for measure, question in EXPOSURE.items():
            expected = oracle.exposure_days(patient, question)
            assert found[patient.name, measure] == expected, (
                patient,
                measure,
                found[patient.name, measure],
            )


@few
@given(patients("Mycophenolate", "Cyclophosphamide", most=MANY))
def test_events(people: list[Patient]) -> None:
    rows = derive(people).execute("SELECT patient, event, low, high FROM event").fetchall()
    found = {(patient, event): (low, high) for patient, event, low, high in rows}
    assert len(found) == len(rows)
    for patient in people:
        expected = {
            "measure:testDoseReached": oracle.dose_reached(patient, INTRAVENOUS, Fraction(1500)),
            "measure:testExposureReached": oracle.exposure_reached(patient, EXPOSED, 90),
            "measure:testFirstUse": oracle.first_use(patient, INTRAVENOUS),
        }
        parts = [
            p
            for p in (expected["measure:testDoseReached"], expected["measure:testExposureReached"])
            if p
        ]
        lows = [low for low, _ in parts if low]
        if parts:
            expected["measure:testLatest"] = (
                max(lows) if lows else None,
                max(high for _, high in parts),
            )
        got = {event: dates for (name, event), dates in found.items() if name == patient.name}
        assert got == {event: dates for event, dates in expected.items() if dates}, patient


@few
@given(patients("SystemicGlucocorticoid", "Mycophenolate", "Cyclophosphamide", back=150, most=MANY))
def test_dose_runs(people: list[Patient]) -> None:
    connection = derive(people)
    facts = connection.execute("SELECT patient, fact FROM derived_fact").fetchall()
    rows = connection.execute(
        "SELECT patient, fact, attribute, low, high FROM fact_attribute"
    ).fetchall()
    for patient in people:
        expected = {}
        for run in runs(patient, STEROID, Fraction(7, 10)):
            attributes = {"elig:lengthDays": run.length, "elig:endDaysBeforeScreening": run.end}
            if run.exact:
                attributes["elig:mycophenolateOverlapDays"] = overlap(patient, EXPOSED, run)
                attributes["elig:cyclophosphamideOverlapDays"] = overlap(patient, COURSES, run)
                changed = change(patient, run)
                if changed:
                    attributes["elig:upcrChange"] = attributes["elig:egfrChange"] = changed[0]
                    if changed[1]:
                        attributes["elig:upcrRelativeChange"] = changed[1]
            early = "0001-01-01" if run.length[1] is None else str(run.first)
            expected[f"{patient.name}/testRun/{early}/{run.last}"] = attributes
        found: dict[str, dict[str, Bounds]] = {
            fact: {} for name, fact in facts if name == patient.name
        }
        for name, fact, attribute, low, high in rows:
            if name == patient.name and fact in found:
                found[fact][attribute] = (Fraction(low), None if high is None else Fraction(high))
        assert found == expected, patient
