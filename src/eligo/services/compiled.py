"""Prepare the decision of a whole trial for all patients at once."""

from __future__ import annotations

from rdflib import URIRef

from eligo.assess.cohort import verdict_step
from eligo.compile.sql import Step, compile_sql, detail_steps
from eligo.engines.cohort import CohortEngine
from eligo.trial.trial import TrialModel
from eligo.vocabulary.tables import unit_code
from eligo.vocabulary.terms import ELIG


def cohort_engine(trial: TrialModel) -> CohortEngine:
    """Return the engine that decides every class of a trial, the verdict and the prescreen.

    Before it runs, the database needs `untrusted(patient)` beside what derivation leaves.

    Raises:
        ExpressionError: A class has no equal in SQL.
    """
    short = trial.ontology.short
    script = compile_sql(trial.rules, trial.patient_classes, trial.assumed, short)
    return CohortEngine(script, (verdict_step(script, trial.criteria),))


def details(trial: TrialModel, engine: CohortEngine) -> tuple[Step, ...]:
    """Return the steps that make `detail`: values, facts, thresholds and distances by class."""
    ontology = trial.ontology

    def unit(attribute: URIRef, kinds: frozenset[URIRef]) -> str | None:
        stated = ontology.text(attribute, ELIG.unit)
        if stated is not None or ontology.iri(attribute, ELIG.numberOf) is None:
            return stated
        above = {a for kind in kinds for a in trial.rules.below.get(kind, {kind})}
        preferred = {u for a in above if (u := ontology.iri(a, ELIG.preferredUnit)) is not None}
        return unit_code(ontology, preferred.pop()) if len(preferred) == 1 else None

    return detail_steps(engine.script.needs, trial.patient_classes, unit)
