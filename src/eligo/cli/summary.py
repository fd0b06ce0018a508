"""Gather what reports say about a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

from rdflib import URIRef

from eligo.assess.model import Assessment
from eligo.cli.cohort import MANY, screen_files
from eligo.cli.exits import Exit
from eligo.cli.options import RunOptions
from eligo.cli.recorded import recorded_run, results_among
from eligo.cli.session import Session, open_pages
from eligo.cli.talk import note, one_line
from eligo.records.model import Severity
from eligo.records.records import STDIN
from eligo.report.model import RunReport


def screen_all(options: RunOptions, engine: str = "auto") -> tuple[RunReport, Exit]:
    """Screen everybody, page by page where there are pages; return the run and its exit code.

    Args:
        options: What the run is asked to do.
        engine: `shacl` validates each patient, `cohort` decides all at once, `auto` chooses.

    Raises:
        NothingToDo: No patient could be read.
        UsageError: There is no such trial, policy or patient.
        EligoError: A file of the ontology is malformed, or derivation failed.
    """
    folder = results_among(options.sources)
    if folder is not None:
        return recorded_run(options, folder)
    files = options.reading.endpoint is None and STDIN not in options.sources
    if engine == "cohort" and files:
        return screen_files(options)
    runs, code = [], Exit.FINE
    for session in open_pages(options):
        if engine == "auto" and files and len(session.patients) >= MANY:
            note(f"{len(session.patients)} patients: the cohort engine decides; see --engine")
            return screen_files(options)
        assessments = tuple(item.assessment for item in session.screen())
        run = run_report(session, options, assessments)
        runs.append(run)
        code = max(code, session.exit_code(findings=run.with_problems > 0))
    return merge(runs), code


def merge(runs: Sequence[RunReport]) -> RunReport:
    """Return the runs over several pages as one."""
    unmapped = sum((Counter(run.unmapped) for run in runs), Counter[str]())
    return replace(
        runs[0],
        assessments=tuple(a for run in runs for a in run.assessments),
        names={iri: name for run in runs for iri, name in run.names.items()},
        undated=tuple(iri for run in runs for iri in run.undated),
        warnings={iri: said for run in runs for iri, said in run.warnings.items()},
        not_screened=tuple(iri for run in runs for iri in run.not_screened),
        failures=tuple(failure for run in runs for failure in run.failures),
        notes=tuple(note for run in runs for note in run.notes),
        unmapped=dict(sorted(unmapped.items(), key=lambda item: (-item[1], item[0]))),
    )


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
