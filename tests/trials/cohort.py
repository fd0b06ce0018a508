"""All cases of a trial as one cohort: derived once, decided directly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from case_loader import Case, load_cases
from eligo.api import Trial
from eligo.assess.decide import decide
from eligo.derive.inputs import Run
from eligo.derive.run import Derived, derive
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Truth
from eligo.evaluate.view import GraphView
from eligo.records.extract import extract
from eligo.records.records import Records

SCREENING = date(2026, 3, 2)


@cache
def load_trial(name: str) -> Trial:
    """Load a trial once."""
    return Trial.load(name)


@cache
def cohort_of(name: str) -> Derived:
    """Derive all cases of a trial once."""
    trial = load_trial(name)
    return derive_cases(trial, read_cases(load_cases(name)))


_WRITTEN: dict[str, bytes] = {}


def written(case: Case) -> bytes:
    """Return a case's record as N-Triples, made once."""
    if case.name not in _WRITTEN:
        _WRITTEN[case.name] = case.graph().serialize(format="nt", encoding="utf-8")
    return _WRITTEN[case.name]


def read_cases(cases: Iterable[Case]) -> Records:
    """Read the patients of cases into one store."""
    records = Records()
    for case in cases:
        records.add_rdf(written(case), f"{case.id}.nt")
    assert not records.failures, records.failures
    return records


def derive_cases(trial: Trial, records: Records, policy: str = "default") -> Derived:
    """Derive what the criteria need for a whole cohort."""
    model = trial.model
    evidence = extract(records.store, model.ontology.short)
    chosen = model.policies[policy]
    return derive(
        evidence, model.vocabulary, model.asked, model.name, Run(SCREENING), chosen, model.ontology
    )


_DECIDED: dict[str, dict[str, str]] = {}


def decided_in_cohort(case: Case) -> dict[str, str]:
    """Decide a case directly as one of all cases of its trial, once."""
    if case.name not in _DECIDED:
        _DECIDED[case.name] = decided(load_trial(case.trial), cohort_of(case.trial), case)
    return _DECIDED[case.name]


def decided(trial: Trial, derived: Derived, case: Case) -> dict[str, str]:
    """Decide a case directly; names and values as the case files write them."""
    model = trial.model
    view = GraphView(derived.graphs[case.patient])
    evaluator = Evaluator(view, case.patient, model.rules)
    every = [criterion for top in model.criteria for criterion in top.walk()]
    assumed = {c.name: Truth.of(c.favourable) for c in every if c.attested}
    favourable = Evaluator(view, case.patient, model.rules, assumed)
    trusted = not derived.problems.get(case.patient)
    found = {c.notation: str(evaluator.named(c.name).status) for c in every}
    for name, answers in (("overall", evaluator), ("prescreen", favourable)):
        statuses = [(c.polarity, answers.named(c.name).status) for c in model.criteria]
        found[name] = str(decide(statuses, trusted=trusted))
    return {name: value.replace(" ", "_") for name, value in found.items()}
