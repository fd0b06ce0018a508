"""Planned procedures as facts of their own, and how long ago conditions ended."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.evidence_kit import Record, ontology_record

RUN = ("00", "05", "10", "11", "20", "21", "26")
SCREENING = date(2026, 3, 2)
STATUSES = [None, "Planned", "Completed", "NotDone", "EnteredInError", "Active", "Stopped"]
VERIFIED = [None, "Confirmed", "Unconfirmed", "Refuted"]
DAYS = [None, "2025-01-01", "2026-03-02", "2026-03-04", "2026-06-01", "2026-06", "2026"]


def planned(made: Record) -> set[tuple[str, str]]:
    rows = made.run(*RUN).rows(
        "SELECT patient, fact FROM derived_fact WHERE relation = 'elig:hasPlannedProcedure'"
    )
    return {(patient, fact) for patient, fact in rows}


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({"eventStatus": "elig:Planned", "date": "2026-06-01"}, True),
        ({"eventStatus": "elig:Planned"}, True),
        ({"eventStatus": "elig:NotDone", "date": "2026-06-01"}, False),
        ({"eventStatus": "elig:Completed", "date": "2025-06-01"}, False),
        ({"date": "2026-06-01"}, False),
    ],
)
def test_what_is_planned(more: dict[str, str], counts: bool) -> None:
    made = ontology_record().screen()
    made.add("hasProcedure", "t", "concept:KidneyTransplantation", **more)
    assert planned(made) == ({("p", "t")} if counts else set())


def test_a_planned_drug_is_no_planned_procedure() -> None:
    made = ontology_record().screen()
    made.add("hasMedicationUse", "d", "concept:Mycophenolate", eventStatus="elig:Planned")
    assert planned(made) == set()


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(STATUSES), st.sampled_from(VERIFIED), st.sampled_from(DAYS)),
        max_size=30,
    )
)
def test_random_procedures_agree(rows: list[tuple[str | None, str | None, str | None]]) -> None:
    made = ontology_record().screen(evaluation="2026-03-05")
    for index, (status, verified, day) in enumerate(rows):
        more = {"eventStatus": f"elig:{status}"} if status else {}
        more |= {"verificationStatus": f"elig:{verified}"} if verified else {}
        more |= {"date": day} if day else {}
        made.add("hasProcedure", f"f{index}", "concept:Transplantation", **more)
    expected = {
        ("p", f"f{index}")
        for index, (status, verified, _) in enumerate(rows)
        if status == "Planned" and verified != "Refuted"
    }
    assert planned(made) == expected


def span(text: str) -> tuple[date, date]:
    """First and last day of a date, a month or a year."""
    year, month, day = (int(part) for part in f"{text}-00-00".split("-")[:3])
    first = date(year, month or 1, day or 1)
    last_month = month or 12
    return first, date(year, last_month, day or monthrange(year, last_month)[1])


@settings(max_examples=15, deadline=None)
@given(
    st.dates(date(2015, 1, 1), date(2026, 3, 2)),
    st.sampled_from([4, 7, 10]),
    st.sampled_from([None, 4, 7, 10]),
)
def test_days_since_a_condition_ended(end: date, digits: int, started: int | None) -> None:
    made = ontology_record().screen()
    text = end.isoformat()[:digits]
    more = {"startDate": end.isoformat()[:started]} if started else {}
    made.add("hasCondition", "c", "concept:BreastCancer", endDate=text, **more)
    first, last = span(text)
    if started:
        first = max(first, span(end.isoformat()[:started])[0])
    expected = ((SCREENING - last).days, (SCREENING - first).days)
    assert made.run(*RUN).attribute("c", "endDaysBeforeScreening") == expected


def test_a_condition_without_an_end_has_no_such_days() -> None:
    made = ontology_record().screen()
    made.add("hasCondition", "c", "concept:BreastCancer", startDate="2020-01-01")
    assert made.run(*RUN).attribute("c", "endDaysBeforeScreening") is None


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"endDate": "2026-01-01", "eventStatus": "elig:Completed"}, (60, 60)),
        ({"endDate": "2026-01", "eventStatus": "elig:Completed"}, (30, 60)),
        ({"eventStatus": "elig:Completed"}, None),
        ({"eventStatus": "elig:Active"}, (None, 0)),
        ({}, None),
    ],
)
def test_days_since_a_stay_in_hospital(
    more: dict[str, str], expected: tuple[int | None, int] | None
) -> None:
    made = ontology_record().screen()
    made.add("hasHospitalization", "h", "concept:HeartFailure", startDate="2025-12-20", **more)
    assert made.run(*RUN).attribute("h", "endDaysBeforeScreening") == expected
