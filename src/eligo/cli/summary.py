"""Gather what reports say about a run."""

from __future__ import annotations

from importlib.metadata import version

from eligo.assess.model import Assessment
from eligo.cli.options import RunOptions
from eligo.cli.session import Session
from eligo.report.model import RunReport


def run_report(
    session: Session, options: RunOptions, assessments: tuple[Assessment, ...]
) -> RunReport:
    """Return the run as reports see it."""
    prepared = session.prepared
    undated: tuple[str, ...] = ()
    if options.screening_date is None:
        undated = tuple(
            str(patient)
            for patient in session.patients
            if options.force_dates or not prepared.states_screening_date(patient)
        )
    return RunReport(
        trial=session.trial.identifier,
        trial_iri=str(session.trial.model.name),
        policy=prepared.policy.notation,
        policy_label=prepared.policy.definition,
        version=version("eligo"),
        assessments=assessments,
        names=session.names(),
        undated=undated,
        today=session.today,
        not_screened=tuple(str(patient) for patient in session.failed),
        failures=tuple(str(failure) for failure in session.records.failures),
        notes=tuple(session.records.notes),
        unmapped=prepared.unmapped,
    )
