"""What a derivation is given beside the records: the dates of the run, the trial, what it asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rdflib import URIRef

from eligo.expression.asked import Asked
from eligo.trial.model import Policy
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.tables import Row, Table
from eligo.vocabulary.terms import ELIG

_SCOPE = {"relation": "VARCHAR", "kind": "VARCHAR"}


@dataclass(frozen=True)
class Run:
    """What a screening run assumes.

    Attributes:
        screening: Screening date for patients whose record states none, or for all if `forced`.
        evaluation: Evaluation date likewise; None is the screening date.
        enrolment: Enrolment date likewise; None is the screening date.
        intervention: Planned intervention date likewise.
        forced: Whether these dates replace those that records state.
    """

    screening: date
    evaluation: date | None = None
    enrolment: date | None = None
    intervention: date | None = None
    forced: bool = False


def asked_tables(asked: Asked, ontology: Ontology) -> tuple[Table, ...]:
    """Return what the trial's classes ask of a record as tables."""
    kinds = tuple((ontology.short(k),) for k in sorted(asked.kinds))
    return (
        Table("t_kind", {"kind": "VARCHAR"}, kinds),
        Table("t_scope", _SCOPE, _scopes(asked.complete, ontology)),
    )


def run_tables(trial: URIRef, run: Run, policy: Policy, ontology: Ontology) -> tuple[Table, ...]:
    """Return the dates of a run and what its policy assumes as tables."""
    dates = (run.screening, run.evaluation, run.enrolment, run.intervention)
    days = [None if day is None else day.isoformat() for day in dates]
    return (
        Table(
            "t_run",
            {
                "trial": "VARCHAR",
                "screening": "DATE",
                "evaluation": "DATE",
                "enrolment": "DATE",
                "intervention": "DATE",
                "forced": "BOOLEAN",
            },
            ((ontology.short(trial), *days, str(run.forced).lower()),),
        ),
        Table("p_completeness", _SCOPE, _scopes(policy.assumes, ontology)),
    )


def _scopes(scopes: Iterable[tuple[URIRef, URIRef | None]], ontology: Ontology) -> tuple[Row, ...]:
    short = ontology.short
    return tuple(
        sorted((short(relation), short(kind or ELIG.Anything)) for relation, kind in scopes)
    )
