"""Statements of people: the latest wins; periods against anchors."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import other_oracle as oracle
from derive.evidence_kit import Record, ontology_record
from derive.other_oracle import Dates, Statement

RUN = ("00", "05", "10", "11", "20", "21", "43")


def record(**more: Any) -> Record:
    dates = {"evaluation": "2026-03-05", "enrolment": "2026-03-03", "intervention": "2026-04-20"}
    return ontology_record().screen(**{**dates, **more})


def said(made: Record, kind: str, day: str | None, answer: bool | None, **more: Any) -> Record:
    given_ = {k: v for k, v in {"date": day, "answer": answer}.items() if v is not None}
    return made.add("hasAttestation", f"a{len(made.links)}", f"concept:{kind}", **given_, **more)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([("2026-03-02", True)], "true"),
        ([("2026-03-02", False)], "false"),
        ([("2026-03-05", True)], "true"),
        ([("2026-03-06", True)], None),
        ([("2026-03-01", True), ("2026-03-02", False)], "false"),
        ([("2026-03-02", True), ("2026-03-02", False)], None),
        ([("2026-03-02", True), ("2026-03-02", True)], "true"),
        ([("2026-03-01", True), ("2026-03", False)], None),
        ([("2026-03-01", True), ("2026-02", False)], "true"),
        ([(None, True)], "true"),
        ([("2026-03-02", True), (None, False)], None),
        ([("2026-03-02", None)], None),
        ([("2026-03-01", True), ("2026-03-02", None)], "true"),
        ([], None),
    ],
)
def test_the_latest_statement_wins(
    statements: list[tuple[str | None, bool | None]], expected: str | None
) -> None:
    made = record()
    for day, answer in statements:
        said(made, "Breastfeeding", day, answer)
    found = made.run(*RUN).measure("attestedBreastfeeding")
    assert found == (expected and (expected,))


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([("SignedConsent", "2026-03-03", True)], "true"),
        ([("SignedConsent", "2026-03-04", True)], None),
        ([("InformedConsent", "2026-03-03", True)], "true"),
        ([("ConsentCapacity", "2026-03-03", True)], None),
        ([("ConsentCapacity", "2026-03-03", False)], None),
        ([("SignedConsent", "2026-03-03", True), ("ConsentCapacity", "2026-03-03", True)], "true"),
        ([("SignedConsent", "2026-03-03", True), ("InformedConsent", "2026-03-03", False)], None),
        ([("SignedConsent", "2026-03-02", True), ("SignedConsent", "2026-03-04", False)], "false"),
        ([("SignedConsent", None, True)], None),
    ],
)
def test_consent(statements: list[tuple[str, str, bool]], expected: str | None) -> None:
    made = record()
    for kind, day, answer in statements:
        said(made, kind, day, answer)
    assert made.run(*RUN).measure("attestedInformedConsent") == (expected and (expected,))


def test_capacity_is_a_question_of_its_own() -> None:
    made = said(record(), "SignedConsent", "2026-03-03", True)
    said(made, "ConsentCapacity", "2026-03-03", False)
    found = made.run(*RUN)
    assert found.measure("attestedInformedConsent") == ("true",)
    assert found.measure("attestedConsentCapacity") == ("false",)


def test_a_doubted_or_withdrawn_statement_does_not_count() -> None:
    for status in ("elig:Unconfirmed", "elig:EnteredInError"):
        made = said(record(), "Breastfeeding", "2026-03-02", True, verificationStatus=status)
        assert made.run(*RUN).measure("attestedBreastfeeding") is None


@pytest.mark.parametrize(
    ("more", "lag"),
    [
        ({"startDate": "2026-03-03"}, (0, 0)),
        ({"startDate": "2026-03-04"}, (1, 1)),
        ({"startDate": "2026-01-01"}, (-61, -61)),
        ({}, (-1, -1)),
        ({"startDate": "2026-03"}, (-2, 28)),
        ({"startDate": "2026-02-30"}, None),
    ],
)
def test_when_contraception_starts(more: dict[str, Any], lag: tuple[int, int] | None) -> None:
    made = said(record(), "ContraceptionAgreement", "2026-03-02", True, **more)
    assert made.run(*RUN).measure("contraceptionStartLag") == lag


@pytest.mark.parametrize(
    ("intervention", "more", "margin"),
    [
        ("2026-04-20", {"endDate": "2026-08-20"}, (0, 0)),
        ("2026-04-20", {"endDate": "2026-08-19"}, (-1, -1)),
        ("2026-04-20", {"endDate": "2026-08"}, (-19, 11)),
        ("2026-10-31", {"endDate": "2027-02-28"}, (0, 0)),
        ("2026-10-31", {"endDate": "2027-02-27"}, (-1, -1)),
        ("2026-04-20", {"monthsAfterIntervention": 4}, (0, 0)),
        ("2026-04-20", {"monthsAfterIntervention": 3}, (-31, -31)),
        ("2026-04-20", {"monthsAfterIntervention": 6}, (61, 61)),
        (None, {"monthsAfterIntervention": 4}, (0, 0)),
        (None, {"monthsAfterIntervention": 3}, (-31, -28)),
        (None, {"monthsAfterIntervention": 6}, (56, 62)),
        (None, {"endDate": "2026-07-01"}, (None, -1)),
        (None, {"endDate": "2026-07-02"}, (None, 0)),
        (None, {}, None),
        ("2026-04-20", {}, None),
        ("2026-04-20", {"endDate": "2026-08-32", "monthsAfterIntervention": 4}, None),
    ],
)
def test_how_long_contraception_lasts(
    intervention: str | None, more: dict[str, Any], margin: tuple[int | None, int] | None
) -> None:
    made = record(intervention=intervention)
    said(made, "ContraceptionAgreement", "2026-03-02", True, **more)
    found = made.run(*RUN)
    assert found.measure("contraceptionEndMargin") == margin
    assert found.measure("attestedContraception") == ("true",)


def test_a_refusal_has_no_period() -> None:
    made = said(record(), "ContraceptionAgreement", "2026-03-02", True, endDate="2026-08-20")
    said(made, "ContraceptionAgreement", "2026-03-03", False)
    found = made.run(*RUN)
    assert found.measure("attestedContraception") == ("false",)
    assert found.measure("contraceptionEndMargin") is None
    assert found.measure("contraceptionStartLag") is None


def test_every_question_has_a_measure() -> None:
    made = record()
    kinds = [
        "OtherUncontrolledIllness",
        "PsychosocialLimitation",
        "ClinicallySignificantDisease",
        "OtherTrialParticipation",
        "SystemicLupusExcluded",
        "FulfilsAcr1997",
        "FulfilsSlicc2012",
        "FulfilsEularAcr2019",
        "PriorCarT",
        "TwoInductionTherapiesGiven",
        "PregnancyCapability",
        "ReproductivePotential",
    ]
    for kind in kinds:
        said(made, kind, "2026-03-02", False)
    rows = made.run(*RUN).rows("SELECT value FROM measurement")
    assert rows == [("false",)] * len(kinds)


OWN, FOREIGN = "NCT06150651", "NCT00000000"
BOUND: dict[str, set[str | None]] = {
    "HighBleedingRisk": {None, OWN, FOREIGN},
    "InformedConsent": {None, OWN},
    "OtherInclusionCriteria": {OWN},
}
"""Which studies a statement may name to count: any, no other one, or the trial itself."""


@pytest.mark.parametrize("study", [None, OWN, OWN.lower(), FOREIGN])
@pytest.mark.parametrize("kind", BOUND)
def test_a_question_of_the_trial_is_answered_for_the_trial(kind: str, study: str | None) -> None:
    more = {} if study is None else {"studyIdentifier": study}
    made = said(record(), kind, "2026-03-02", True, **more)
    counts = (study and study.upper()) in BOUND[kind]
    assert made.run(*RUN).measure(f"attested{kind}") == (("true",) if counts else None)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(-1, 9), st.booleans(), st.sampled_from([None, OWN, FOREIGN])),
            max_size=4,
        ),
        max_size=20,
    )
)
def test_random_statements_about_studies_agree(
    cases: list[list[tuple[int, bool, str | None]]],
) -> None:
    made = ontology_record()
    evaluation = date(2026, 3, 5)
    for index, taken in enumerate(cases):
        made.screen(f"p{index}", evaluation="2026-03-05", enrolment="2026-03-05")
        for kind in BOUND:
            for count, (back, answer, study) in enumerate(taken):
                made.add(
                    "hasAttestation",
                    f"p{index}-{kind}-{count}",
                    f"concept:{kind}",
                    patient=f"p{index}",
                    date=(evaluation - timedelta(back)).isoformat(),
                    answer=answer,
                    **({} if study is None else {"studyIdentifier": study}),
                )
    found = made.run(*RUN)
    for index, taken in enumerate(cases):
        for kind, studies in BOUND.items():
            counted = [
                Statement(evaluation - timedelta(back), answer)
                for back, answer, study in taken
                if study in studies
            ]
            held = oracle.attested(counted, evaluation)
            expected = None if held is None else (str(held).lower(),)
            assert found.measure(f"attested{kind}", f"p{index}") == expected, (kind, taken)


days = st.integers(-2, 30).map(lambda back: date(2026, 3, 5) - timedelta(back))
ends = st.integers(0, 400).map(lambda later: date(2026, 3, 1) + timedelta(later))
statements = st.builds(
    Statement,
    days,
    st.sampled_from([True, True, True, False]),
    st.one_of(st.none(), days),
    st.one_of(st.none(), ends),
    st.one_of(st.none(), st.integers(0, 12)),
)
screened = st.tuples(
    st.lists(statements, max_size=4),
    st.one_of(st.none(), st.dates(date(2026, 3, 2), date(2027, 3, 2))),
)


@settings(max_examples=10, deadline=None)
@given(st.lists(screened, max_size=30))
def test_random_statements_agree(cases: list[tuple[list[Statement], date | None]]) -> None:
    made = ontology_record()
    for index, (taken, intervention) in enumerate(cases):
        made.screen(
            f"p{index}",
            evaluation="2026-03-05",
            enrolment="2026-03-03",
            intervention=intervention.isoformat() if intervention else None,
        )
        for count, row in enumerate(taken):
            more: dict[str, Any] = {"startDate": row.start, "endDate": row.end}
            dates_ = {k: v.isoformat() for k, v in more.items() if v}
            if row.months is not None:
                dates_["monthsAfterIntervention"] = row.months
            made.add(
                "hasAttestation",
                f"p{index}-{count}",
                "concept:ContraceptionAgreement",
                patient=f"p{index}",
                date=row.day.isoformat(),
                answer=row.answer,
                **dates_,
            )
    found = made.run(*RUN)
    for index, (taken, intervention) in enumerate(cases):
        dates = Dates(date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 3), intervention)
        answer = oracle.attested(taken, dates.evaluation)
        expected = {
            "attestedContraception": None if answer is None else (str(answer).lower(),),
            "contraceptionStartLag": oracle.start_lag(taken, dates),
            "contraceptionEndMargin": oracle.end_margin(taken, dates),
        }
        for measure, wanted in expected.items():
            assert found.measure(measure, f"p{index}") == wanted, (measure, taken)
