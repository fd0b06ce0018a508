"""Every clinical case by way of a store: the answers of SQL are those of direct evaluation."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from case_loader import TRIALS, load_cases
from cohort.cohort_kit import outcomes, screened, store_of, write_cases
from trials.cohort import cohort_of, decided, load_trial


@pytest.mark.parametrize("name", TRIALS)
def test_every_case_is_answered_alike(name: str, tmp_path: Path) -> None:
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
        direct = decided(trial, derived, case)
        ours = {name: status.replace(" ", "_") for name, status in outcome.statuses.items()}
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
