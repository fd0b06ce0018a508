"""Gather what reports say about a run."""

from __future__ import annotations

from importlib.metadata import version

from rdflib import URIRef

from eligo.assess.model import Assessment
from eligo.cli.options import RunOptions
from eligo.cli.session import Session
from eligo.cli.talk import one_line
from eligo.records.model import Severity
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
        warnings={
            assessment.patient: tuple(
                f"<{finding.node}> {finding.text}"
                for finding in prepared.findings(URIRef(assessment.patient))
                if finding.severity is Severity.WARNING
            )
            for assessment in assessments
        },
        not_screened=tuple(str(patient) for patient in session.failed),
        failures=tuple(one_line(failure) for failure in session.records.failures),
        notes=tuple(session.records.notes),
        unmapped=prepared.unmapped,
        mappings=session.trial.model.mappings,
    )
