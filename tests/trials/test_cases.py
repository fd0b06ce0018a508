"""Every case gives exactly the expected status for every listed criterion and overall.

Any folder of cases that is named after a trial is run. All cases are decided directly, from one
derivation of the whole cohort. The vignettes, the examples and a fixed sample of the rest also go
through the whole of screening: SHACL validation of the compiled shapes, record shapes and the
comparison of both engines. `ELIGO_ALL_CASES=1` sends all of them through it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from case_loader import TRIALS, Case, Example, load_cases, load_examples
from eligo.api import Screening
from trials.cohort import cohort_of, decided, derive_cases, load_trial, read_cases

CASES = [case for trial in TRIALS for case in load_cases(trial)]
EXAMPLES = [example for trial in TRIALS for example in load_examples(trial)]
PINNED = ("vignettes.yaml", "bases.yaml")
STEPS = {"NCT06150651": 30}
USUAL_STEP = 100


def is_screened(case: Case, place: int) -> bool:
    """Tell whether a case goes through the whole of screening."""
    step = 1 if os.environ.get("ELIGO_ALL_CASES") else STEPS.get(case.trial, USUAL_STEP)
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
    trial = load_trial(case.trial)
    if case.policy:
        cohort = derive_cases(trial, read_cases([case]), case.policy)
    else:
        cohort = cohort_of(case.trial)
    found = decided(trial, cohort, case)
    assert {name: found[name] for name in case.expected} == dict(case.expected), case.because


@pytest.mark.parametrize("case", SCREENED, ids=identify)
def test_case_is_screened_as_expected(case: Case) -> None:
    screening = load_trial(case.trial).screen(case.graph(), policy=case.policy or "default")
    compare(screening, case.expected, case.because)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.path.stem)
def test_example_is_screened_as_expected(example: Example) -> None:
    screening = load_trial(example.trial).screen(example.path)
    compare(screening, example.expected, str(example.path))


def compare(screening: Screening, wanted: Mapping[str, str], because: str) -> None:
    assert not screening.failures
    assert len(screening) == 1
    assessment = screening[0]
    found = {name: str(status) for name, status in assessment.statuses.items()}
    found |= {"overall": str(assessment.verdict), "prescreen": str(assessment.prescreen)}
    expected = {name: value.replace("_", " ") for name, value in wanted.items()}
    assert {name: found[name] for name in expected} == expected, because
    assert not assessment.problems
