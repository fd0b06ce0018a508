"""Derived attributes of single facts, and documented contraindications."""

from __future__ import annotations

from typing import Any

import pytest

from derive.evidence_kit import Derived, Record, ontology_record

RUN = ("00", "05", "10", "11", "20", "21", "22", "23")


def record(**more: Any) -> Record:
    return ontology_record().screen(**more)


def one(relation: str, concept: str, **more: Any) -> Derived:
    return record().add(relation, "f", f"concept:{concept}", **more).run(*RUN)


@pytest.mark.parametrize(
    ("day", "intervention", "screening", "to_intervention"),
    [
        ("2026-03-21", "2026-04-20", (-19, -19), (30, 30)),
        ("2026-03-20", "2026-04-20", (-18, -18), (31, 31)),
        ("2026-02", "2026-04-20", (2, 29), (51, 78)),
        ("2026-02-20", None, (10, 10), (10, None)),
        (None, "2026-04-20", None, None),
    ],
)
def test_days_before(
    day: str | None, intervention: str | None, screening: Any, to_intervention: Any
) -> None:
    made = record(intervention=intervention)
    made.add("hasImmunization", "f", "concept:Vaccine", **({"date": day} if day else {}))
    found = made.run(*RUN)
    assert found.attribute("f", "daysBeforeScreening") == screening
    assert found.attribute("f", "daysBeforeIntervention") == to_intervention


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, "true"),
        ("Confirmed", "true"),
        ("Unconfirmed", None),
        ("Provisional", None),
        ("Differential", None),
    ],
)
def test_confirmed(status: str | None, expected: str | None) -> None:
    more = {"verificationStatus": f"elig:{status}"} if status else {}
    assert one("hasCondition", "Malignancy", **more).attribute("f", "isConfirmed") == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"startDate": "2026-03-02"}, "true"),
        ({"startDate": "2026-03-02", "eventStatus": "elig:Active"}, "true"),
        ({"startDate": "2026-01-01", "endDate": "2026-03-02"}, "true"),
        ({"startDate": "2026-01-01", "endDate": "2026-03-01"}, "false"),
        (
            {"startDate": "2026-01-01", "endDate": "2026-03-01", "eventStatus": "elig:Active"},
            "false",
        ),
        ({"startDate": "2026-01-01", "endDate": "2026-03"}, None),
        ({"startDate": "2026-01-01", "endDate": "2026-02"}, "false"),
        ({"startDate": "2026-01-01", "endDate": "2026-02-30"}, None),
        ({"startDate": "2026", "eventStatus": "elig:Active"}, None),
        ({"eventStatus": "elig:Active"}, "true"),
        ({}, None),
        ({"startDate": "2026-01-01", "eventStatus": "elig:Completed"}, "false"),
        ({"startDate": "2026-01-01", "eventStatus": "elig:Stopped"}, "false"),
        ({"startDate": "2026-01-01", "eventStatus": "elig:OnHold"}, "false"),
        (
            {"startDate": "2026-01-01", "endDate": "2026-03-02", "eventStatus": "elig:Completed"},
            "true",
        ),
        ({"startDate": "2026-01-01", "endDate": "2026-04-02", "eventStatus": "elig:OnHold"}, None),
        ({"startDate": "2026-03-05", "eventStatus": "elig:Planned"}, "false"),
        ({"startDate": "2026-03-01", "eventStatus": "elig:Planned"}, None),
        ({"date": "2026-03-02"}, "true"),
        ({"date": "2026-03-01"}, "false"),
    ],
)
def test_current_medication(more: dict[str, Any], expected: str | None) -> None:
    assert one("hasMedicationUse", "Prednisolone", **more).attribute("f", "isCurrent") == expected


def test_a_drug_begun_after_screening_is_not_current() -> None:
    made = record(evaluation="2026-03-05")
    made.add("hasMedicationUse", "f", "concept:Prednisolone", startDate="2026-03-03")
    made.add("hasMedicationUse", "g", "concept:Prednisolone", eventStatus="elig:Active")
    found = made.run(*RUN)
    assert found.attribute("f", "isCurrent") == "false"
    assert found.attribute("g", "isCurrent") is None


def status(name: str, **more: Any) -> dict[str, Any]:
    return {"clinicalStatus": f"elig:{name}", **more}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (status("Active"), "true"),
        (status("Recurrence"), "true"),
        (status("Relapse"), "true"),
        (status("Inactive"), "false"),
        (status("Remission"), "false"),
        (status("Resolved"), "false"),
        ({}, None),
        ({"startDate": "2020"}, None),
        ({"endDate": "2026-03-02"}, "false"),
        ({"endDate": "2026-03"}, None),
        (status("Active", endDate="2026-03-02"), None),
        (status("Active", endDate="2026-03"), None),
        (status("Active", endDate="2026-03-03"), "true"),
        (status("Resolved", endDate="2026-03-03"), None),
        (status("Resolved", endDate="2026"), "false"),
        (status("Resolved", underTreatment=True), "true"),
        (status("Resolved", underTreatment=False), "false"),
        ({"underTreatment": True}, "true"),
        ({"underTreatment": False}, None),
        (status("Active", verificationStatus="elig:Unconfirmed"), None),
        ({"underTreatment": True, "verificationStatus": "elig:Provisional"}, None),
        (status("Resolved", verificationStatus="elig:Differential"), "false"),
    ],
)
def test_active_conditions(more: dict[str, Any], expected: str | None) -> None:
    assert one("hasCondition", "BreastCancer", **more).attribute("f", "isActive") == expected


@pytest.mark.parametrize(
    ("indication", "drug", "expected"),
    [
        ("BreastCancer", {"startDate": "2026-01-01"}, "true"),
        ("BreastCancer", {"startDate": "2026-01-01", "endDate": "2026-03-01"}, "false"),
        ("BreastCancer", {"startDate": "2026", "eventStatus": "elig:Active"}, "false"),
        ("Malignancy", {"startDate": "2026-01-01"}, None),
        ("SystemicLupusErythematosus", {"startDate": "2026-01-01"}, "false"),
    ],
)
def test_a_current_drug_for_the_condition_makes_it_active(
    indication: str, drug: dict[str, Any], expected: str | None
) -> None:
    made = record().add("hasCondition", "f", "concept:BreastCancer", clinicalStatus="elig:Resolved")
    made.add(
        "hasMedicationUse", "m", "concept:Tamoxifen", indication=f"concept:{indication}", **drug
    )
    found = made.run(*RUN)
    assert found.attribute("f", "isActive") == expected
    sources = found.rows("SELECT fact, source FROM fact_source")
    assert sources == ([("f", "m")] if expected == "true" else [])


def test_a_drug_for_a_kind_of_the_condition_counts() -> None:
    made = record().add("hasCondition", "f", "concept:Malignancy")
    made.add(
        "hasMedicationUse",
        "m",
        "concept:Tamoxifen",
        indication="concept:BreastCancer",
        startDate="2026-01-01",
    )
    assert made.run(*RUN).attribute("f", "isActive") == "true"


@pytest.mark.parametrize(
    ("more", "symptomatic", "uncontrolled"),
    [
        ({}, None, None),
        ({"functionalClass": "concept:NyhaI"}, "false", None),
        ({"functionalClass": "concept:NyhaII"}, "true", "true"),
        ({"functionalClass": "concept:NyhaI", "symptomatic": True}, "true", "true"),
        ({"functionalClass": "concept:NyhaII", "symptomatic": False}, "true", "true"),
        ({"symptomatic": False}, "false", None),
        ({"controlStatus": "elig:Controlled"}, None, "false"),
        ({"controlStatus": "elig:Uncontrolled"}, None, "true"),
        ({"controlStatus": "elig:Controlled", "symptomatic": True}, "true", "true"),
        ({"severity": "elig:Mild"}, None, "false"),
        ({"severity": "elig:Mild", "controlStatus": "elig:Uncontrolled"}, None, "true"),
        ({"severity": "elig:Severe"}, None, None),
    ],
)
def test_symptoms_and_control(
    more: dict[str, Any], symptomatic: str | None, uncontrolled: str | None
) -> None:
    found = one("hasCondition", "HeartFailure", **more)
    assert found.attribute("f", "isSymptomatic") == symptomatic
    assert found.attribute("f", "isUncontrolled") == uncontrolled


HIGH = {"criticality": "elig:HighCriticality"}
SEVERITY = [
    ({}, None),
    ({"severity": "elig:Severe"}, "true"),
    ({"severity": "elig:Moderate"}, "false"),
    ({"severity": "elig:Mild"}, "false"),
    ({"ctcaeGrade": 3}, "true"),
    ({"ctcaeGrade": 2}, "false"),
    ({"manifestation": "concept:Anaphylaxis"}, "true"),
    ({"manifestation": "concept:Nausea"}, None),
    ({"manifestation": "concept:Anaphylaxis", "severity": "elig:Mild"}, "true"),
    ({"manifestation": "concept:Nausea", "severity": "elig:Mild"}, "false"),
    ({"manifestation": "concept:Manifestation", "severity": "elig:Mild"}, None),
    ({"hospitalized": True}, "true"),
    ({"hospitalized": False}, None),
    (HIGH, None),
    ({**HIGH, "manifestation": "concept:Nausea"}, "true"),
    ({**HIGH, "severity": "elig:Moderate"}, "true"),
    ({"criticality": "elig:LowCriticality", "manifestation": "concept:Nausea"}, None),
]


@pytest.mark.parametrize(("more", "expected"), SEVERITY)
def test_severe_reactions(more: dict[str, Any], expected: str | None) -> None:
    found = one("hasAdverseReaction", "Fludarabine", **more)
    assert found.attribute("f", "isSevere") == expected
    derived = "urn:eligo:derived:contraindication:f"
    assert found.attribute(derived, "isEstablished") == expected
    assert found.attribute(derived, "isDoseLimited") == "false"
    doubted = one(
        "hasAdverseReaction", "Fludarabine", verificationStatus="elig:Unconfirmed", **more
    )
    assert doubted.attribute("f", "isSevere") == expected
    assert doubted.attribute(derived, "isEstablished") == (None if expected == "true" else expected)


TRIAL = "NCT06150651"


@pytest.mark.parametrize(
    ("relation", "study", "expected"),
    [
        ("hasProcedure", TRIAL, "true"),
        ("hasProcedure", " nct06150651 ", "true"),
        ("hasProcedure", "NCT00000001", "false"),
        ("hasProcedure", None, "false"),
        ("hasMedicationUse", TRIAL, "true"),
        ("hasMedicationUse", None, "false"),
        ("hasTrialParticipation", TRIAL, "true"),
        ("hasTrialParticipation", "NCT00000001", "false"),
        ("hasTrialParticipation", None, None),
        ("hasCondition", TRIAL, None),
    ],
)
def test_under_this_trial(relation: str, study: str | None, expected: str | None) -> None:
    more = {"studyIdentifier": study} if study else {}
    assert one(relation, "CarTTherapy", **more).attribute("f", "isUnderThisTrial") == expected


def test_two_studies_leave_it_open() -> None:
    made = record().add("hasProcedure", "f", "concept:CarTTherapy", studyIdentifier=TRIAL)
    made.attributes.append(("f", "elig:studyIdentifier", "NCT00000001", "xsd:string"))
    assert made.run(*RUN).attribute("f", "isUnderThisTrial") is None


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"eventStatus": "elig:Active"}, "true"),
        ({"eventStatus": "elig:Planned"}, "true"),
        ({"eventStatus": "elig:Planned", "startDate": "2026-05-01"}, "true"),
        ({"eventStatus": "elig:Active", "endDate": "2026-03-01"}, None),
        ({"eventStatus": "elig:Completed"}, "false"),
        ({"eventStatus": "elig:Stopped"}, "false"),
        ({"eventStatus": "elig:Completed", "endDate": "2026-03"}, None),
        ({"startDate": "2026-01-01", "endDate": "2026-03-02"}, "true"),
        ({"startDate": "2026-01-01", "endDate": "2026-03-01"}, "false"),
        ({"startDate": "2026-01-01"}, None),
        ({}, None),
    ],
)
def test_ongoing_participation(more: dict[str, Any], expected: str | None) -> None:
    found = one("hasTrialParticipation", "InterventionalStudy", **more)
    assert found.attribute("f", "isOngoing") == expected


@pytest.mark.parametrize(
    ("more", "established", "limited"),
    [
        ({}, "true", "false"),
        ({"doseLimited": False}, "true", "false"),
        ({"doseLimited": True}, "false", "true"),
        ({"verificationStatus": "elig:Confirmed"}, "true", "false"),
        ({"verificationStatus": "elig:Unconfirmed"}, None, "false"),
        ({"verificationStatus": "elig:Unconfirmed", "doseLimited": True}, "false", "true"),
        ({"date": "2026-03-02"}, "true", "false"),
        ({"date": "2026"}, "true", "false"),
    ],
)
def test_contraindications(more: dict[str, Any], established: str | None, limited: str) -> None:
    found = one("hasContraindication", "Mycophenolate", **more)
    derived = "urn:eligo:derived:contraindication:f"
    assert found.attribute(derived, "isEstablished") == established
    assert found.attribute(derived, "isDoseLimited") == limited
    assert found.rows("SELECT relation, fact, concept FROM derived_fact") == [
        ("elig:hasDocumentedContraindication", derived, "concept:Mycophenolate")
    ]
    assert (derived, "f") in found.rows("SELECT fact, source FROM fact_source")


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-03-02", "true"), ("2026-03-03", "gone"), ("2026-03", None), (None, None)],
)
def test_documented_on_or_before_screening(day: str | None, expected: str | None) -> None:
    made = record(evaluation="2026-03-05")
    made.add("hasContraindication", "f", "concept:Mycophenolate", **({"date": day} if day else {}))
    found = made.run(*RUN)
    if expected == "gone":
        assert found.rows("SELECT * FROM derived_fact") == []
    else:
        assert len(found.rows("SELECT * FROM derived_fact")) == 1
        derived = "urn:eligo:derived:contraindication:f"
        assert found.attribute(derived, "isEstablished") == expected


def covered(found: Derived) -> set[str]:
    rows = found.rows("SELECT value FROM fact_attribute WHERE attribute = 'elig:contraindicates'")
    return {value for (value,) in rows}


def test_a_class_covers_its_drugs_and_a_drug_not_its_class() -> None:
    assert covered(one("hasContraindication", "Antimalarial")) >= {
        "concept:Antimalarial",
        "concept:Hydroxychloroquine",
        "concept:Chloroquine",
    }
    assert covered(one("hasContraindication", "Hydroxychloroquine")) == {
        "concept:Hydroxychloroquine"
    }
    assert covered(record().add("hasContraindication", "f").run(*RUN)) == {
        "urn:eligo:unmapped:none:f"
    }


def test_the_intolerated_dose_goes_with_it() -> None:
    found = one(
        "hasContraindication", "Mycophenolate", doseLimited=True, intoleratedDose=("1500", "mg")
    )
    derived = "urn:eligo:derived:contraindication:f"
    assert found.attribute(derived, "intoleratedDoseValue") == (1500, 1500)
