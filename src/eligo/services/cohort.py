"""Prepare the decision of a whole trial for all patients at once."""

from __future__ import annotations

from eligo.assess.cohort import verdict_step
from eligo.compile.sql import compile_sql
from eligo.engines.cohort import CohortEngine
from eligo.trial.trial import TrialModel


def cohort_engine(trial: TrialModel) -> CohortEngine:
    """Return the engine that decides every class of a trial, the verdict and the prescreen.

    Before it runs, the database needs `untrusted(patient)` beside what derivation leaves.

    Raises:
        ExpressionError: A class has no equal in SQL.
    """
    short = trial.ontology.short
    script = compile_sql(trial.rules, trial.patient_classes, trial.assumed, short)
    return CohortEngine(script, (verdict_step(script, trial.criteria),))
