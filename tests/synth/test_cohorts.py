"""Synthetic cohorts reach every status of every criterion and both sides of every limit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from eligo.api import Trial
from eligo.records.records import Records
from eligo.synth.cohort import BASE
from synth.judged import Judged, cohort_of, ends, judge
from trials.cohort import derive_cases, load_trial

HERE = Path(__file__).parent
OUT_OF_REACH = yaml.safe_load((HERE / "out-of-reach.yaml").read_text("utf-8"))
TRIALS = [
    pytest.param("NCT06150651", marks=pytest.mark.slow),
    pytest.param("NCT05781750", marks=pytest.mark.slow),
    pytest.param(str(HERE / "other-trial.ttl")),
]
STATUSES = {"met", "not met", "unknown"}


def missing_statuses(judged: Judged) -> set[str]:
    """Name the statuses that no patient has, by criterion."""
    return {
        f"{criterion} {status}"
        for criterion, counts in judged.statuses.items()
        if criterion not in ("overall", "problems")
        for status in STATUSES - counts.keys()
    }


def missing_sides(judged: Judged, model_ends: Iterator[tuple[str, str]]) -> set[str]:
    """Name the sides of limits on which no value lies."""
    return {
        f"{term} {end} {side}"
        for term, end in model_ends
        for side in ("on", "below", "above")
        if not judged.sides[term, end][side]
    }


@pytest.mark.parametrize("name", TRIALS)
def test_one_cycle_reaches_everything(name: str) -> None:
    trial = load_trial(name)
    judged = judge(trial, cohort_of(trial.model).cycle)
    model = trial.model
    limits = ((model.ontology.short(term), f"{end.normalize():f}") for term, end in ends(model))
    assert missing_statuses(judged) == set()
    assert missing_sides(judged, limits) == set(OUT_OF_REACH.get(trial.identifier, {}))
    assert {"eligible", "not eligible", "undetermined"} == judged.statuses["overall"].keys()
    assert "problems" not in judged.statuses


def test_same_seed_same_patients(trial: Trial) -> None:
    once, again, other = (list(cohort_of(trial.model, seed).patients(40)) for seed in (1, 1, 2))
    assert once == again
    assert not set(once) & set(other)


def test_a_patient_depends_on_its_number_only(trial: Trial) -> None:
    whole = list(cohort_of(trial.model).patients(60))
    parts = cohort_of(trial.model)
    assert [*parts.patients(20, 40), *parts.patients(40)] == [*whole[40:], *whole[:40]]


def test_patients_are_plainly_invented(trial: Trial) -> None:
    for text in cohort_of(trial.model).patients(30):
        assert {line.split(" ", 1)[0].startswith(f"<{BASE}/") for line in text.splitlines()} == {
            True
        }


def test_awkward_records_are_added_on_demand_only(trial: Trial) -> None:
    plain, odd = (list(cohort_of(trial.model, awkward=share).patients(25)) for share in (0.0, 1.0))
    assert all(rest.startswith(text) for text, rest in zip(plain, odd, strict=True))
    assert all(len(rest) > len(text) for text, rest in zip(plain, odd, strict=True))
    records = Records()
    records.add_rdf("".join(odd).encode(), "odd.nt")
    derived = derive_cases(trial, records)
    assert derived.problems
    assert derived.unmapped
