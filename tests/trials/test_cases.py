"""Every case gives exactly the expected status for every listed criterion and overall.

All cases are decided directly, from one derivation of the whole cohort. The vignettes, the
examples and a fixed sample of the rest also go through the whole of screening: SHACL validation of
the compiled shapes, record shapes and the comparison of both engines. `ELIGO_ALL_CASES=1` sends
all of them through it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from case_loader import Case, Example, load_cases, load_examples
from eligo.api import Screening, Trial
from eligo.derive.run import Derived
from trials.cohort import decided, derive_cases, read_cases

TRIAL = "NCT06150651"
CASES = load_cases(TRIAL)
PINNED = ("vignettes.yaml", "bases.yaml")
SAMPLE_STEP = 1 if os.environ.get("ELIGO_ALL_CASES") else 12
SCREENED = [
    case for index, case in enumerate(CASES) if case.file in PINNED or index % SAMPLE_STEP == 0
]
EXAMPLES = load_examples(TRIAL)


def identify(case: Case) -> str:
    return case.id


@pytest.fixture(scope="module")
def cohort(trial: Trial) -> Derived:
    return derive_cases(trial, read_cases(trial, CASES))


@pytest.mark.parametrize("case", CASES, ids=identify)
def test_case_is_decided_as_expected(case: Case, trial: Trial, cohort: Derived) -> None:
    if case.policy:
        cohort = derive_cases(trial, read_cases(trial, [case]), case.policy)
    found = decided(trial, cohort, case)
    assert {name: found[name] for name in case.expected} == dict(case.expected), case.because


@pytest.mark.parametrize("case", SCREENED, ids=identify)
def test_case_is_screened_as_expected(case: Case, trial: Trial) -> None:
    screening = trial.screen(case.graph(), policy=case.policy or "default")
    compare(screening, case.expected, case.because)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.path.stem)
def test_example_is_screened_as_expected(example: Example, trial: Trial) -> None:
    compare(trial.screen(example.path), example.expected, str(example.path))


def compare(screening: Screening, wanted: Mapping[str, str], because: str) -> None:
    assert not screening.failures
    assert len(screening) == 1
    assessment = screening[0]
    found = {name: str(status) for name, status in assessment.statuses.items()}
    found |= {"overall": str(assessment.verdict), "prescreen": str(assessment.prescreen)}
    expected = {name: value.replace("_", " ") for name, value in wanted.items()}
    assert {name: found[name] for name in expected} == expected, because
    assert not assessment.problems
