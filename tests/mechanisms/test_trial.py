"""A trial of general mechanisms only: every engine, the store, words and invented patients."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cohort.cohort_kit import outcomes, screened, store_of
from eligo.api import Trial
from eligo.assess.model import Assessment
from eligo.records.records import Records
from synth.judged import cohort_of, judge
from trials.cohort import derive_cases, load_trial

HERE = Path(__file__).parent
TRIAL, PATIENTS = HERE / "trial.ttl", HERE / "patients.ttl"
DAY = date(2026, 3, 2)
OPEN = "https://example.org/patient/open"
INCLUSIONS, EXCLUSIONS = ("I1", "I2", "I3", "I4"), ("E1", "E2")
NAMES = (*INCLUSIONS, *EXCLUSIONS)
GOOD = dict.fromkeys(INCLUSIONS, "met") | dict.fromkeys(EXCLUSIONS, "not met")
BAD = dict.fromkeys(INCLUSIONS, "not met") | dict.fromkeys(EXCLUSIONS, "met")
EXPECTED = {
    "well": ("eligible", GOOD),
    "ill": ("not eligible", BAD),
    "open": ("undetermined", dict.fromkeys(NAMES, "unknown")),
}
STATUSES = {"met", "not met", "unknown"}
MISSING = {
    "I1": "with the upper reference limit of its laboratory",
    "I2": "with the lower reference limit of its laboratory",
    "I3": "at least 2.5 %; asked: at most 5 %; needed: values with units from the beginning",
    "E1": "it may be heart failure",
    "E2": "no usable answer: due to",
}


@pytest.fixture(scope="module")
def trial() -> Trial:
    return load_trial(str(TRIAL))


@pytest.fixture(scope="module")
def undecided(trial: Trial) -> Assessment:
    """The outcome of one patient by validation; direct evaluation is compared in the same run."""
    records = trial.read(str(PATIENTS))
    prepared = trial.prepare(records, screening_date=DAY)
    return next(s.assessment for s in prepared.screen() if s.assessment.patient == OPEN)


def test_validation_and_direct_evaluation_agree(undecided: Assessment) -> None:
    found = {result.criterion.notation: str(result.status) for result in undecided.results}
    assert (str(undecided.verdict), found) == EXPECTED["open"]


def test_what_is_missing_says_what_to_obtain(undecided: Assessment) -> None:
    texts = {r.criterion.notation: " ".join(m.text for m in r.missing) for r in undecided.results}
    assert {name: words in texts[name] for name, words in MISSING.items()} == dict.fromkeys(
        MISSING, True
    )


def test_a_store_and_sql_say_the_same(trial: Trial, tmp_path: Path) -> None:
    store = store_of([str(PATIENTS)], tmp_path / "store", trial)
    screened(store, tmp_path / "results", trial)
    found = outcomes(tmp_path / "results", trial)
    assert {
        patient.rpartition("/")[2]: (outcome.verdict, outcome.statuses)
        for patient, outcome in found.items()
    } == EXPECTED


@pytest.mark.slow
def test_invented_patients_reach_every_status(trial: Trial) -> None:
    judged = judge(trial, cohort_of(trial.model).cycle)
    assert {name: set(judged.statuses[name]) for name in NAMES} == {n: STATUSES for n in NAMES}
    assert set(judged.statuses["overall"]) == {"eligible", "not eligible", "undetermined"}
    assert "problems" not in judged.statuses


def test_a_limit_of_zero_is_a_problem_of_the_record(trial: Trial) -> None:
    text = PATIENTS.read_text("utf-8").replace("106.104", "0")
    records = Records()
    records.add_rdf(text.encode(), "patients.ttl")
    problems = derive_cases(trial, records).problems
    assert {patient.rpartition("/")[2] for patient in problems} == {"well"}
    (found,) = next(iter(problems.values()))
    assert found.text.startswith("impossible reference limit: upperReferenceLimit of")
