"""Codes, dates, numbers, facts and completeness, at and around every boundary."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.evidence_kit import Derived, Record, triples

FIRST = ("00", "05", "10", "11", "20", "21", "22")
PARENTS = {
    "concept:Malignancy": ["concept:Disease"],
    "concept:SkinCancer": ["concept:Malignancy"],
    "concept:BasalCell": ["concept:SkinCancer"],
    "concept:Infection": ["concept:Disease"],
    "concept:Pneumonia": ["concept:Infection", "concept:Lung"],
    "concept:SerumCreatinine": ["concept:Test"],
    "concept:NyhaII": [],
}
UNITS = [
    ("mg", "mg", 1, 1),
    ("g", "mg", 1000, 1),
    ("ug", "mg", 1, 1000),
    ("[lb_av]", "kg", 45359237, 100000000),
    ("kg", "kg", 1, 1),
    ("mg/dL", "mg/dL", 1, 1),
    ("g/L", "mg/dL", 100, 1),
    ("umol/L", "umol/L", 1, 1),
    ("mmol/L", "umol/L", 1000, 1),
]


def record() -> Record:
    return Record(
        triples=[
            *(t for t in triples("clinical.ttl", "core.ttl") if t[1] != "elig:holdsKind"),
            ("concept:Malignancy", "elig:completeIn", "system:ICD10CM"),
            ("concept:SerumCreatinine", "elig:hasUnitConversion", "_:c"),
            ("_:c", "elig:fromUnit", "umol/L"),
            ("_:c", "elig:toUnit", "mg/dL"),
            ("_:c", "elig:numerator", "100"),
            ("_:c", "elig:denominator", "8842"),
        ],
        parents=PARENTS,
        codes=[
            ("system:ICD10CM", "C44.91", "concept:BasalCell"),
            ("system:SNOMEDCT", "254701007", "concept:BasalCell"),
            ("system:SNOMEDCT", "363346000", "concept:Malignancy"),
            ("system:SNOMEDCT", "40733004", "concept:Infection"),
            ("system:CVX", "03", "concept:Infection"),
        ],
        prefixes=[
            ("system:ICD10CM", "C", "concept:Malignancy"),
            ("system:ICD10CM", "C44", "concept:SkinCancer"),
        ],
        units=UNITS,
    ).screen()


def concepts(found: Derived, fact: str = "f") -> set[str]:
    return {c for (c,) in found.rows("SELECT concept FROM d_concept WHERE fact = ?", fact)}


@pytest.mark.parametrize(
    ("codings", "expected"),
    [
        ([("ICD10CM", "C44.91")], {"concept:BasalCell"}),
        ([("ICD10CM", " c4491 ")], {"concept:BasalCell"}),
        ([("ICD10CM", "C44.0")], {"concept:SkinCancer"}),
        ([("ICD10CM", "C44")], {"concept:SkinCancer"}),
        ([("ICD10CM", "C50.9")], {"concept:Malignancy"}),
        ([("CVX", "3")], {"concept:Infection"}),
        ([("ICD10CM", "C50.9"), ("SNOMEDCT", "254701007")], {"concept:BasalCell"}),
        ([("SNOMEDCT", "999"), ("SNOMEDCT", "40733004")], {"concept:Infection"}),
        ([("ICD10CM", "J32.9")], {"urn:eligo:unmapped:ICD10CM:J32.9"}),
        ([("SNOMEDCT", "999"), ("ICD10CM", "J32")], {"urn:eligo:unmapped:ICD10CM:J32"}),
        ([("https://x.org/a b", "1 2")], {"urn:eligo:unmapped:https%3A%2F%2Fx.org%2Fa%20b:1%202"}),
        ([(None, None)], {"urn:eligo:unmapped:none:f"}),
        ([("ICD10CM", " ")], {"urn:eligo:unmapped:none:f"}),
        ([], {"urn:eligo:unmapped:none:f"}),
    ],
)
def test_codings_give_the_most_specific_concept(
    codings: list[tuple[str | None, str | None]], expected: set[str]
) -> None:
    made = record().add("hasCondition", "f")
    for system, notation in codings:
        name = f"system:{system}" if system and ":" not in system else system
        made.coding("f", "elig:code", name, notation)
    found = made.run(*FIRST)
    assert concepts(found) == expected
    assert {c for (c,) in found.rows("SELECT concept FROM fact")} == expected
    assert found.rows("SELECT * FROM data_problem") == []


def test_a_direct_concept_wins_nothing_over_a_coding() -> None:
    made = record().add("hasCondition", "f", "concept:Malignancy")
    made.coding("f", "elig:code", "system:ICD10CM", "C44.91")
    assert concepts(made.run(*FIRST)) == {"concept:BasalCell"}


def test_an_unknown_concept_is_an_unmapped_code() -> None:
    found = record().add("hasCondition", "f", "concept:Misspelt").run(*FIRST)
    assert concepts(found) == {"urn:eligo:unmapped:none:f"}


def test_incomparable_codes_are_a_problem_and_all_stay() -> None:
    made = record().add("hasCondition", "f", "concept:Malignancy")
    made.coding("f", "elig:code", "system:SNOMEDCT", "40733004")
    found = made.run(*FIRST)
    assert concepts(found) == {"concept:Malignancy", "concept:Infection"}
    assert len(found.rows("SELECT * FROM fact")) == 2
    assert found.rows("SELECT patient, fact, problem FROM data_problem") == [
        ("p", "f", "elig:IncomparableCodes")
    ]


def test_a_concept_of_another_relation_may_be_anything() -> None:
    made = record().add("hasCondition", "f", "concept:BasalCell")
    made.add("hasCondition", "g", "concept:SerumCreatinine")
    made.triples.append(("elig:hasCondition", "elig:holdsKind", "concept:Disease"))
    found = made.run(*FIRST)
    assert concepts(found) == {"concept:BasalCell"}
    (misplaced,) = concepts(found, "g")
    assert misplaced.startswith("urn:eligo:unmapped:misplaced:")
    assert "concept:Malignancy" in kinds(found, misplaced)
    assert found.rows("SELECT fact, problem FROM data_problem") == [("g", "elig:MisplacedCode")]


def kinds(found: Derived, concept: str) -> set[str]:
    return {k for (k,) in found.rows("SELECT kind FROM v_can_be WHERE concept = ?", concept)}


def test_an_unmapped_code_can_be_all_but_what_its_systems_list_completely() -> None:
    made = record().add("hasCondition", "a").add("hasCondition", "b").add("hasCondition", "c")
    made.coding("a", "elig:code", "system:ICD10CM", "J32")
    made.coding("b", "elig:code", "system:SNOMEDCT", "999")
    made.coding("c", "elig:code", "system:DOID", "7")
    made.coding("c", "elig:code", "system:ICD10CM", "J33")
    made.add("hasCondition", "d")
    found = made.run(*FIRST)
    every = set(PARENTS) | {"concept:Disease", "concept:Lung", "concept:Test"}
    closed = {"concept:Malignancy", "concept:SkinCancer", "concept:BasalCell"}
    j32, doid = "urn:eligo:unmapped:ICD10CM:J32", "urn:eligo:unmapped:DOID:7"
    assert kinds(found, j32) == (every - closed) | {j32}
    assert kinds(found, doid) == (every - closed) | {doid}
    snomed, none = "urn:eligo:unmapped:SNOMEDCT:999", "urn:eligo:unmapped:none:d"
    assert kinds(found, snomed) == every | {snomed}
    assert kinds(found, none) == every | {none}
    assert found.rows("SELECT kind FROM v_below WHERE concept = ?", j32) == [(j32,)]


def test_one_name_with_different_systems_keeps_every_possibility() -> None:
    made = record().add("hasCondition", "a").add("hasCondition", "b")
    for fact in "ab":
        made.coding(fact, "elig:code", "system:DOID", "7")
    made.coding("a", "elig:code", "system:ICD10CM", "J33")
    found = made.run(*FIRST)
    assert "concept:Malignancy" in kinds(found, "urn:eligo:unmapped:DOID:7")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-28", ("2026-02-28", "2026-02-28")),
        ("2026-02-30", None),
        ("2024-02-29", ("2024-02-29", "2024-02-29")),
        ("2026-02-28T23:59:59.5+14:00", ("2026-02-28", "2026-02-28")),
        ("2026-02-28T24:00:00", None),
        ("2026-02-28Z", ("2026-02-28", "2026-02-28")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2026-13", None),
        ("2026", ("2026-01-01", "2026-12-31")),
        ("2026-05:00", ("2026-01-01", "2026-12-31")),
        ("0000", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates(text: str, expected: tuple[str, str] | None) -> None:
    made = record().add("hasCondition", "f", "concept:Infection")
    made.attributes.append(("f", "elig:startDate", text, "xsd:dateTime"))
    found = made.run(*FIRST)
    wanted = [] if expected is None else [tuple(map(date.fromisoformat, expected))]
    assert found.rows("SELECT low, high FROM d_date WHERE property = 'elig:startDate'") == wanted
    low, high = wanted[0] if wanted else (None, None)
    if low is None or low <= date(2026, 3, 2):
        assert found.rows("SELECT start_low, start_high FROM fact") == [(low, high)]


def test_two_birth_dates_span_and_are_a_problem() -> None:
    made = record()
    made.date("p", "elig:birthDate", "1991-05-14")
    made.date("p", "elig:birthDate", "1990-05-14")
    found = made.run(*FIRST)
    assert found.rows("SELECT birth_low, birth_high FROM d_patient") == [
        (date(1990, 5, 14), date(1991, 5, 14))
    ]
    assert found.rows("SELECT problem FROM data_problem") == [("elig:ConflictingBirthDates",)]


def test_a_year_beside_a_date_within_it_is_no_conflict() -> None:
    made = record()
    made.date("p", "elig:birthDate", "1991-05-14")
    made.date("p", "elig:birthDate", "1991")
    assert made.run(*FIRST).rows("SELECT * FROM data_problem") == []


def test_an_impossible_birth_date_leaves_none() -> None:
    made = record()
    made.date("p", "elig:birthDate", "1991-02-30")
    assert made.run(*FIRST).rows("SELECT * FROM d_patient") == [("p", None, None, None)]


MAX = Decimal("999999999.999999998")


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (("1.5", "g"), ("1500", "1500", "mg")),
        (("1500", "mg"), ("1500", "1500", "mg")),
        (("1.2E-1", "mg"), ("0.12", "0.12", "mg")),
        (("1.5e3", "ug"), ("1.5", "1.5", "mg")),
        ((".5", "mg"), ("0.5", "0.5", "mg")),
        (("5.", "mg"), ("5", "5", "mg")),
        (("+5", "mg"), ("5", "5", "mg")),
        (("-5", "mg"), ("-5", "-5", "mg")),
        (("0.0000000015", "g"), ("0.0000015", "0.0000015", "mg")),
        (("0.0000000015", "mg"), ("0.000000001", "0.000000002", "mg")),
        (("-0.0000000015", "mg"), ("-0.000000002", "-0.000000001", "mg")),
        (("1E-400", "mg"), ("0", "0.000000001", "mg")),
        (("0E400", "mg"), ("0", "0", "mg")),
        (("1E400", "mg"), None),
        (("1E99999999999", "mg"), None),
        (("999999999.999999998", "mg"), (str(MAX), str(MAX), "mg")),
        (("1000000000", "mg"), None),
        (("1000000", "g"), None),
        (("1234567890123456789012345678901234567890", "mg"), None),
        (("147", "[lb_av]"), ("66.678078390", "66.678078390", "kg")),
        (("60", "mg", ">"), ("60.000000001", None, "mg")),
        (("60", "mg", ">="), ("60", None, "mg")),
        (("30", "mg", "<"), (None, "29.999999999", "mg")),
        (("30", "mg", "<="), (None, "30", "mg")),
        (("1.5", "g", ">"), ("1500.000000001", None, "mg")),
        (("0.0000000015", "mg", ">"), ("0.000000001", None, "mg")),
        (("30", "mg", "~"), None),
        ((None, "mg", None, "1", "2"), ("1", "2", "mg")),
        ((None, "g", None, "1", None), ("1000", None, "mg")),
        ((None, "mg", None, None, "2"), (None, "2", "mg")),
        ((None, "mg", None, "2", "1"), None),
        ((None, "mg", None, "x", "2"), None),
        ((None, "mg"), None),
        (("five", "mg"), None),
        (("INF", "mg"), None),
        (("1,5", "mg"), None),
        (("5", "furlong"), None),
        (("5", None), None),
        (("5", " "), None),
        (("192", "umol/L"), ("2.171454422", "2.171454423", "mg/dL")),
        (("88.42", "umol/L"), ("1", "1", "mg/dL")),
        (("0.08842", "mmol/L"), ("1", "1", "mg/dL")),
        (("0.01", "g/L"), ("1", "1", "mg/dL")),
    ],
)
def test_quantities(quantity: tuple[Any, ...], expected: tuple[Any, ...] | None) -> None:
    made = record().add("hasObservation", "f", "concept:SerumCreatinine")
    made.quantity("f", "elig:quantity", *quantity)
    found = made.run(*FIRST).rows("SELECT low, high, unit FROM d_quantity")
    if expected is None:
        assert found == []
    else:
        low, high, unit = expected
        assert found == [(low and Decimal(low), high and Decimal(high), unit)]


def test_a_conversion_belongs_to_its_concept() -> None:
    made = record().add("hasObservation", "f", "concept:Test")
    made.quantity("f", "elig:quantity", "192", "umol/L")
    assert made.run(*FIRST).rows("SELECT low, unit FROM d_quantity") == [(192, "umol/L")]


def test_quantities_without_a_unit_are_plain_numbers() -> None:
    made = record().add("hasObservation", "f", "concept:Test")
    made.quantity("f", "elig:quantity", "10", None, ">=")
    found = made.run(*FIRST)
    assert found.rows("SELECT property, low, high FROM d_number") == [("elig:quantity", 10, None)]


def test_several_values_span_and_a_bad_one_leaves_none() -> None:
    made = record().add("hasObservation", "f", "concept:Test").add("hasObservation", "g")
    made.quantity("f", "elig:quantity", "1", "g")
    made.quantity("f", "elig:quantity", "900", "mg")
    made.quantity("g", "elig:quantity", "1", "g")
    made.quantity("g", "elig:quantity", "1", "kg")
    found = made.run(*FIRST)
    assert found.rows("SELECT fact, low, high FROM d_quantity") == [("f", 900, 1000)]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.decimals(min_value=-100000, max_value=100000, allow_nan=False, places=None),
            st.sampled_from(UNITS[:5]),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_quantities_agree_with_exact_fractions(
    cases: list[tuple[Decimal, tuple[str, str, int, int]]],
) -> None:
    made = record()
    for index, (value, (unit, *_)) in enumerate(cases):
        made.quantity(f"f{index}", "elig:quantity", str(value), unit)
    found = {
        f: (lo, hi)
        for f, lo, hi in made.run("00", "05", "10").rows("SELECT fact, low, high FROM d_quantity")
    }
    for index, (value, (_, _, num, den)) in enumerate(cases):
        exact = Fraction(value) * num / den
        nano = exact * 10**9
        expected = (Decimal(floor(nano)) / 10**9, Decimal(ceil(nano)) / 10**9)
        if abs(nano) < 10**17:
            low, high = found[f"f{index}"]
            assert Fraction(low) <= exact <= Fraction(high)
            digits = len(
                str(
                    abs(
                        int(
                            (value.as_tuple().digits and "".join(map(str, value.as_tuple().digits)))
                            or 0
                        )
                    )
                )
            )
            if digits <= 20:
                assert (low, high) == expected


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({}, True),
        ({"startDate": "2026-03-02"}, True),
        ({"startDate": "2026-03-03"}, False),
        ({"startDate": "2026-03"}, True),
        ({"startDate": "2026-04"}, False),
        ({"startDate": "2026-03-03", "eventStatus": "elig:Planned"}, True),
        ({"eventStatus": "elig:NotDone"}, False),
        ({"eventStatus": "elig:EnteredInError"}, False),
        ({"verificationStatus": "elig:EnteredInError"}, False),
        ({"verificationStatus": "elig:Refuted"}, False),
        ({"verificationStatus": "elig:Differential"}, True),
    ],
)
def test_which_facts_stay(more: dict[str, Any], kept: bool) -> None:
    found = record().add("hasProcedure", "f", "concept:Test", **more).run(*FIRST)
    assert bool(found.rows("SELECT * FROM fact")) is kept


def test_immunizations_after_the_evaluation_stay() -> None:
    found = record().add("hasImmunization", "f", "concept:Test", date="2026-03-21").run(*FIRST)
    assert found.rows("SELECT start_low, planned FROM fact") == [(date(2026, 3, 21), False)]


D = date.fromisoformat


@pytest.mark.parametrize(
    ("relation", "more", "expected"),
    [
        ("hasProcedure", {"date": "2026-01-01"}, ("2026-01-01",) * 4),
        ("hasCondition", {"date": "2026-01-01"}, ("2026-01-01", "2026-01-01", None, None)),
        (
            "hasMedicationUse",
            {"startDate": "2025", "endDate": "2025-06-01"},
            ("2025-01-01", "2025-06-01", "2025-06-01", "2025-06-01"),
        ),
        (
            "hasMedicationUse",
            {"startDate": "2025-06-15", "endDate": "2025"},
            ("2025-06-15", "2025-06-15", "2025-06-15", "2025-12-31"),
        ),
        (
            "hasMedicationUse",
            {"startDate": "2026-01-01", "endDate": "2026-02-30"},
            ("2026-01-01", "2026-01-01", "2026-01-01", "9999-12-31"),
        ),
        (
            "hasMedicationUse",
            {"startDate": "2026-01-01", "endDate": "2025-01-01"},
            ("2025-01-01", "2026-01-01", "2025-01-01", "2026-01-01"),
        ),
        ("hasMedicationUse", {"startDate": "2026-01-01"}, ("2026-01-01", "2026-01-01", None, None)),
        (
            "hasAttestation",
            {"date": "2026-03-01", "startDate": "2026-01-01", "endDate": "2026-08-01"},
            ("2026-03-01",) * 4,
        ),
    ],
)
def test_periods(relation: str, more: dict[str, Any], expected: tuple[str | None, ...]) -> None:
    found = record().add(relation, "f", "concept:Test", **more).run(*FIRST)
    wanted = tuple(None if text is None else D(text) for text in expected)
    assert found.rows("SELECT start_low, start_high, end_low, end_high FROM fact") == [wanted]


def test_contradictory_statuses_prove_nothing() -> None:
    made = record().add("hasCondition", "f", "concept:Infection", clinicalStatus="elig:Active")
    made.add("hasMedicationUse", "m", "concept:Test", verificationStatus="elig:Refuted")
    made.attributes += [
        ("f", "elig:clinicalStatus", "elig:Resolved", "iri"),
        ("m", "elig:verificationStatus", "elig:Confirmed", "iri"),
    ]
    found = made.run(*FIRST)
    assert found.rows("SELECT fact, status, verification FROM fact ORDER BY fact") == [
        ("f", "elig:ConflictingStatus", None),
        ("m", None, "elig:Unconfirmed"),
    ]


WINDOWED = [
    ("nct:hasProcedureWithin183Days", "rdf:type", "elig:WindowedRelation"),
    ("nct:hasProcedureWithin183Days", "elig:baseRelation", "elig:hasProcedure"),
    ("nct:hasProcedureWithin183Days", "elig:anchor", "elig:ScreeningDate"),
    ("nct:hasProcedureWithin183Days", "elig:daysBefore", "183"),
    ("nct:hasConditionWithin3Years", "rdf:type", "elig:WindowedRelation"),
    ("nct:hasConditionWithin3Years", "elig:baseRelation", "elig:hasCondition"),
    ("nct:hasConditionWithin3Years", "elig:anchor", "elig:ScreeningDate"),
    ("nct:hasConditionWithin3Years", "elig:monthsBefore", "36"),
    ("nct:hasImmunizationNear", "rdf:type", "elig:WindowedRelation"),
    ("nct:hasImmunizationNear", "elig:baseRelation", "elig:hasImmunization"),
    ("nct:hasImmunizationNear", "elig:anchor", "elig:PlannedInterventionDate"),
    ("nct:hasImmunizationNear", "elig:daysBefore", "30"),
    ("elig:hasCurrentMedication", "rdf:type", "elig:WindowedRelation"),
    ("elig:hasCurrentMedication", "elig:baseRelation", "elig:hasMedicationUse"),
    ("elig:hasCurrentMedication", "elig:anchor", "elig:ScreeningDate"),
    ("elig:hasCurrentMedication", "elig:daysBefore", "0"),
    ("elig:hasCurrentCondition", "rdf:type", "elig:WindowedRelation"),
    ("elig:hasCurrentCondition", "elig:baseRelation", "elig:hasCondition"),
    ("elig:hasCurrentCondition", "elig:anchor", "elig:ScreeningDate"),
    ("elig:hasCurrentCondition", "elig:daysBefore", "0"),
]
NEAR = "nct:hasImmunizationNear"


@pytest.mark.parametrize(
    ("relation", "as_of", "more", "expected"),
    [
        ("hasProcedure", "2026-01-31", {}, {"elig:hasProcedure", "nct:hasProcedureWithin183Days"}),
        ("hasProcedure", "2026-01-30", {}, set()),
        ("hasProcedure", "2026-03-05", {}, {"elig:hasProcedure", "nct:hasProcedureWithin183Days"}),
        ("hasProcedure", "2026-03-06", {}, set()),
        ("hasProcedure", "2026-03", {}, set()),
        ("hasProcedure", "2026-02-30", {}, set()),
        (
            "hasProcedure",
            "2026-03-02",
            {"coversFrom": "2025-08-31"},
            {"nct:hasProcedureWithin183Days"},
        ),
        ("hasProcedure", "2026-03-02", {"coversFrom": "2025-09-01"}, set()),
        ("hasProcedure", "2026-03-02", {"coversFrom": "2025-08-32"}, set()),
        (
            "hasProcedure",
            "2026-03-02",
            {"coversFrom": "1991-05-01"},
            {"elig:hasProcedure", "nct:hasProcedureWithin183Days"},
        ),
        (
            "hasProcedure",
            "2026-03-02",
            {"coversFrom": "1991-05-02"},
            {"nct:hasProcedureWithin183Days"},
        ),
        ("hasCondition", "2026-03-02", {"coversFrom": "2023-03-03"}, {"elig:hasCurrentCondition"}),
        (
            "hasCondition",
            "2026-03-02",
            {"coversFrom": "2023-03-02"},
            {"elig:hasCurrentCondition", "nct:hasConditionWithin3Years"},
        ),
        (
            "hasMedicationUse",
            "2026-03-02",
            {"coversFrom": "2026-03-02"},
            {"elig:hasCurrentMedication"},
        ),
        ("hasMedicationUse", "2026-03-02", {"coversFrom": "2026-03-03"}, set()),
        ("hasCurrentMedication", "2026-03-02", {}, {"elig:hasCurrentMedication"}),
        (
            "hasTrialParticipation",
            "2026-03-02",
            {"coversFrom": "2026-03-02"},
            {"elig:hasTrialParticipation"},
        ),
        ("hasTrialParticipation", "2026-03-02", {"coversFrom": "2026-03-03"}, set()),
        ("hasImmunization", "2026-03-02", {"coversFrom": "2026-01-31"}, {NEAR}),
        ("hasImmunization", "2026-03-02", {"coversFrom": "2026-02-01"}, set()),
        ("hasProcedure", "2026-03-02", {"eventStatus": "elig:EnteredInError"}, set()),
    ],
)
def test_admissible_completeness(
    relation: str, as_of: str, more: dict[str, Any], expected: set[str]
) -> None:
    made = record()
    made.screenings.clear()
    made.screen(evaluation="2026-03-05", birth="1991-05-01")
    made.triples += WINDOWED
    found = made.complete(relation, as_of, **more).run(*FIRST)
    rows = found.rows("SELECT relation, kind FROM complete")
    assert {r for r, _ in rows} == expected
    assert {k for _, k in rows} <= {"elig:Anything"}


def test_the_earliest_day_of_a_partial_birth_date_must_be_covered() -> None:
    for covers, expected in (("1991-01-01", True), ("1991-01-02", False)):
        made = record()
        made.date("p", "elig:birthDate", "1991")
        found = made.complete("hasProcedure", coversFrom=covers).run(*FIRST)
        assert bool(found.rows("SELECT * FROM complete")) is expected


def test_completeness_of_a_kind_holds_below_it() -> None:
    made = record().complete("hasCondition", forKind="concept:Malignancy")
    found = made.run(*FIRST)
    below = {"concept:Malignancy", "concept:SkinCancer", "concept:BasalCell"}
    assert {k for (k,) in found.rows("SELECT kind FROM complete")} == below
    assert {k for (k,) in found.rows("SELECT kind FROM complete_kind")} == below


def test_completeness_of_a_relation_holds_for_every_kind() -> None:
    found = record().complete("hasCondition").run(*FIRST)
    kinds_found = {k for (k,) in found.rows("SELECT kind FROM complete_kind")}
    assert kinds_found >= {*PARENTS, "elig:Anything"}


def test_a_policy_completes_for_everybody_and_in_every_window() -> None:
    made = record()
    made.triples += WINDOWED
    made.policies = [("elig:hasCondition", None), ("elig:hasProcedure", "concept:SkinCancer")]
    found = made.run(*FIRST).rows("SELECT relation, kind FROM complete")
    assert set(found) == {
        ("elig:hasCondition", "elig:Anything"),
        ("elig:hasCurrentCondition", "elig:Anything"),
        ("nct:hasConditionWithin3Years", "elig:Anything"),
        ("elig:hasProcedure", "concept:SkinCancer"),
        ("elig:hasProcedure", "concept:BasalCell"),
        ("nct:hasProcedureWithin183Days", "concept:SkinCancer"),
        ("nct:hasProcedureWithin183Days", "concept:BasalCell"),
    }


@pytest.mark.parametrize(
    ("relation", "more", "window", "inside"),
    [
        ("hasProcedure", {"date": "2025-08-31"}, "nct:hasProcedureWithin183Days", True),
        ("hasProcedure", {"date": "2025-08-30"}, "nct:hasProcedureWithin183Days", False),
        ("hasProcedure", {"date": "2025-08"}, "nct:hasProcedureWithin183Days", True),
        ("hasProcedure", {"date": "2025-07"}, "nct:hasProcedureWithin183Days", False),
        ("hasProcedure", {}, "nct:hasProcedureWithin183Days", True),
        ("hasCondition", {"endDate": "2023-03-02"}, "nct:hasConditionWithin3Years", True),
        ("hasCondition", {"endDate": "2023-03-01"}, "nct:hasConditionWithin3Years", False),
        ("hasCondition", {"startDate": "2001"}, "nct:hasConditionWithin3Years", True),
        ("hasImmunization", {"date": "2026-01-31"}, NEAR, True),
        ("hasImmunization", {"date": "2026-01-30"}, NEAR, False),
        ("hasMedicationUse", {"endDate": "2026-03-01"}, "elig:hasCurrentMedication", False),
        ("hasMedicationUse", {"endDate": "2026-03-02"}, "elig:hasCurrentMedication", True),
        ("hasMedicationUse", {"eventStatus": "elig:Completed"}, "elig:hasCurrentMedication", False),
        ("hasMedicationUse", {}, "elig:hasCurrentMedication", True),
        ("hasCondition", {"clinicalStatus": "elig:Resolved"}, "elig:hasCurrentCondition", False),
        ("hasCondition", {"clinicalStatus": "elig:Active"}, "elig:hasCurrentCondition", True),
        (
            "hasCondition",
            {"clinicalStatus": "elig:Resolved", "underTreatment": True},
            "elig:hasCurrentCondition",
            True,
        ),
        ("hasCondition", {"endDate": "2026-03-02"}, "elig:hasCurrentCondition", False),
        ("hasCondition", {"endDate": "2026"}, "elig:hasCurrentCondition", True),
    ],
)
def test_windowed_links(relation: str, more: dict[str, Any], window: str, inside: bool) -> None:
    made = record().add(relation, "f", "concept:Test", **more)
    made.triples += WINDOWED
    found = {r for (r,) in made.run(*FIRST).rows("SELECT relation FROM windowed_link")}
    assert (window in found) is inside


def test_order_and_duplication_change_nothing() -> None:
    def made(reverse: bool) -> list[list[tuple[Any, ...]]]:
        base = record().add("hasCondition", "f", "concept:Infection", startDate="2025")
        base.coding("f", "elig:code", "system:SNOMEDCT", "999")
        base.quantity("f", "elig:dose", "5", "mg")
        base.complete("hasCondition")
        for rows in (base.links, base.attributes, base.quantities, base.codings):
            rows.extend(list(rows))  # type: ignore[arg-type]
            if reverse:
                rows.reverse()
        found = base.run(*FIRST)
        return [
            sorted(found.rows(f"SELECT * FROM {name}"), key=repr)
            for name in ("fact", "d_date", "d_quantity", "d_concept", "complete", "fact_attribute")
        ]

    assert made(False) == made(True)
