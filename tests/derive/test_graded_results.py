"""Coded grades of a scale stand for numbers, as results of the scale's own test."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from derive.evidence_kit import Derived
from derive.laboratory_kit import RUN, laboratory_record

TODAY = "2026-03-02"
SCORE = "{score}"


ECOG = ("ecogPerformanceStatus", "EcogPerformanceStatus")
KARNOFSKY = ("karnofskyPerformanceStatus", "KarnofskyPerformanceStatus")


CASES: list[tuple[tuple[str, str], list[dict[str, Any]], Any]] = [
    (ECOG, [{"grades": ["EcogGrade2"]}], ("2", "2")),
    (ECOG, [{"codes": ["LA9623-5"]}], ("1", "1")),
    (ECOG, [{"codes": ["LA0-0"]}], None),
    (ECOG, [{"quantity": ("2", SCORE)}], ("2", "2")),
    (ECOG, [{"quantity": ("2", SCORE), "grades": ["EcogGrade2"]}], ("2", "2")),
    (ECOG, [{"quantity": ("1", SCORE), "grades": ["EcogGrade3"]}], ("1", "3")),
    (ECOG, [{"quantity": ("2", None), "grades": ["EcogGrade2"]}], None),
    (ECOG, [{"grades": ["EcogGrade1"]}, {"grades": ["EcogGrade3"]}], ("1", "3")),
    (ECOG, [{"grades": ["EcogGrade1"]}, {"grades": ["Positive"]}], None),
    (ECOG, [{"grades": ["KarnofskyGrade90"]}], None),
    (ECOG, [{"grades": ["PerformanceGrade"]}], None),
    (ECOG, [{"grades": ["PerformanceGradeDead"]}], ("5", "5")),
    (KARNOFSKY, [{"grades": ["PerformanceGradeDead"]}], ("0", "0")),
    (KARNOFSKY, [{"grades": ["KarnofskyGrade70"]}], ("70", "70")),
    (KARNOFSKY, [{"quantity": ("70", "%")}], ("70", "70")),
    (KARNOFSKY, [{"grades": ["EcogGrade1"]}], None),
]  # fmt: skip


@pytest.fixture(scope="module")
def derived() -> Derived:
    """All cases as patients, derived at once."""
    made = laboratory_record()
    for number, ((_, test), results, _) in enumerate(CASES):
        made.screen(f"p{number}")
        for index, result in enumerate(results):
            name = f"o{number}-{index}"
            made.add("hasObservation", name, f"concept:{test}", patient=f"p{number}", date=TODAY)
            for grade in result.get("grades", ()):
                made.attributes.append((name, "elig:result", f"concept:{grade}", "iri"))
            for code in result.get("codes", ()):
                made.coding(name, "elig:result", "system:LOINC", code)
            if "quantity" in result:
                made.quantity(name, "elig:quantity", *result["quantity"])
    return made.run(*RUN, "41")


@pytest.mark.parametrize("number", range(len(CASES)))
def test_grades(derived: Derived, number: int) -> None:
    (measure, _), _, expected = CASES[number]
    bounds = expected and tuple(Decimal(end) for end in expected)
    assert derived.measure(measure, f"p{number}") == bounds


def test_a_grade_of_another_test_is_no_number() -> None:
    made = laboratory_record().screen()
    made.add("hasObservation", "o", "concept:PerformanceStatus", date=TODAY)
    made.attributes.append(("o", "elig:result", "concept:EcogGrade1", "iri"))
    rows = made.run(*RUN, "41").rows("SELECT * FROM d_quantity")
    assert rows == []
