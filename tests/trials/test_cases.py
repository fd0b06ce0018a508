"""Every case gives exactly the expected status for every listed criterion and overall.

Any folder of cases that is named after a trial is run. All cases are decided directly, from one
derivation of the whole cohort. Each fifth vignette, the examples and a fixed sample of the rest
also go through the whole of screening: SHACL validation of the compiled shapes, record shapes and
the comparison of both engines. `ELIGO_ALL_CASES=1` sends all of them through it. And all go through
a record store, where SQL decides.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

import pytest

from case_loader import LONG_RUN, TRIALS, Case, Example, load_cases, load_examples
from cohort.cohort_kit import outcomes, screened, store_of, write_cases
from eligo.api import Screening
from trials.cohort import (
    cohort_of,
    decided,
    decided_in_cohort,
    derive_cases,
    load_trial,
    read_cases,
)

CASES = [case for trial in TRIALS for case in load_cases(trial)]
EXAMPLES = [example for trial in TRIALS for example in load_examples(trial)]
PINNED = ("bases.yaml",)
VIGNETTES, EACH = "vignettes.yaml", 5
STEP = 100


def is_screened(case: Case, place: int) -> bool:
    """Tell whether a case goes through the whole of screening."""
    step = 1 if os.environ.get("ELIGO_ALL_CASES") else STEP
    if case.file == VIGNETTES:
        return step == 1 or place % EACH == 0
    return case.file in PINNED or place % step == 0


SCREENED = [
    case
    for trial in TRIALS
    for place, case in enumerate(load_cases(trial))
    if is_screened(case, place)
]


def identify(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", CASES, ids=identify)
def test_case_is_decided_as_expected(case: Case) -> None:
    if case.policy:
        trial = load_trial(case.trial)
        found = decided(trial, derive_cases(trial, read_cases([case]), case.policy), case)
    else:
        found = decided_in_cohort(case)
    assert {name: found[name] for name in case.expected} == dict(case.expected), case.because


@pytest.mark.parametrize("case", SCREENED, ids=identify)
def test_case_is_screened_as_expected(case: Case) -> None:
    screening = load_trial(case.trial).screen(case.graph(), policy=case.policy or "default")
    compare(screening, case.expected, case.because)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.path.stem)
def test_example_is_screened_as_expected(example: Example) -> None:
    screening = load_trial(example.trial).screen(example.path)
    compare(screening, example.expected, str(example.path))


@pytest.mark.parametrize(
    "name", [pytest.param(t, marks=[pytest.mark.slow] * (t in LONG_RUN)) for t in TRIALS]
)
def test_every_case_is_answered_alike_by_way_of_a_store(name: str, tmp_path: Path) -> None:
    trial = load_trial(name)
    cases = [case for case in load_cases(name) if case.policy in (None, "default")]
    data = tmp_path / "data"
    data.mkdir()
    store = store_of(write_cases(cases, data), tmp_path / "store", trial)
    assert store.patients == len(cases)
    screened(store, tmp_path / "results", trial)
    found = outcomes(tmp_path / "results", trial)
    derived = cohort_of(name)
    wrong = {}
    for case in cases:
        outcome = found[str(case.patient)]
        direct = decided_in_cohort(case)
        ours = {criterion: s.replace(" ", "_") for criterion, s in outcome.statuses.items()}
        verdicts = {"overall": outcome.verdict, "prescreen": outcome.prescreen}
        if outcome.trusted == (not derived.problems.get(case.patient)):
            ours |= {name: verdict.replace(" ", "_") for name, verdict in verdicts.items()}
        else:
            assert not outcome.trusted, f"{case.id}: a problem of the record is lost"
            assert "eligible" not in verdicts.values(), case.id
        differing = {n: (ours[n], direct[n]) for n in ours if ours[n] != direct[n]}
        if differing:
            wrong[case.id] = differing
    assert not wrong


@pytest.mark.parametrize("name", TRIALS)
def test_a_policy_counts_in_a_cohort_too(name: str, tmp_path: Path) -> None:
    trial = load_trial(name)
    chosen = [c for c in load_cases(name) if c.policy not in (None, "default")]
    for policy, group in groupby(sorted(chosen, key=lambda c: str(c.policy)), lambda c: c.policy):
        cases = list(group)
        data = tmp_path / f"data-{policy}"
        data.mkdir()
        store = store_of(write_cases(cases, data), tmp_path / f"store-{policy}", trial)
        screened(store, tmp_path / f"results-{policy}", trial, str(policy))
        found = outcomes(tmp_path / f"results-{policy}", trial)
        for case in cases:
            for criterion, expected in case.expected.items():
                if criterion not in ("overall", "prescreen"):
                    status = found[str(case.patient)].statuses[criterion].replace(" ", "_")
                    assert status == expected, f"{case.id}: {criterion}"


def compare(screening: Screening, wanted: Mapping[str, str], because: str) -> None:
    assert not screening.failures
    assert len(screening) == 1
    assessment = screening[0]
    found = {name: str(status) for name, status in assessment.statuses.items()}
    found |= {"overall": str(assessment.verdict), "prescreen": str(assessment.prescreen)}
    expected = {name: value.replace("_", " ") for name, value in wanted.items()}
    assert {name: found[name] for name in expected} == expected, because
    assert not assessment.problems
