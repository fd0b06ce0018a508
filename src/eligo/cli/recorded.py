"""Folders of results as a source: their patients are assessed again from what the results hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

from eligo.assess.model import Assessment
from eligo.cli.exits import Exit
from eligo.cli.options import RunOptions
from eligo.cli.session import load_trial
from eligo.cli.talk import counting, progress
from eligo.errors import UsageError
from eligo.records.model import Severity
from eligo.report.model import RunReport
from eligo.report.rdf import assessment_graph, assessment_iri
from eligo.report.serialise import dataset
from eligo.results.layout import is_results, read_manifest
from eligo.results.read import Results
from eligo.services.recorded import Recorded, RecordedPatient

GIVEN = ("policy", "screening_date", "evaluation_date", "enrolment_date", "intervention_date")


def results_among(sources: tuple[str, ...]) -> Path | None:
    """Return the folder of results that is the source; None: there is none.

    Raises:
        UsageError: It stands among other sources.
    """
    found = [Path(source) for source in sources if is_results(Path(source))]
    if not found:
        return None
    if len(sources) > 1:
        raise UsageError(f"{found[0]} holds results; name it alone, not among patient data")
    return found[0]


def trial_among(sources: tuple[str, ...]) -> str | None:
    """Return how the trial of a folder of results was named; None: there is no such folder."""
    for source in sources:
        if is_results(Path(source)):
            return read_manifest(Path(source)).source
    return None


def recorded_run(options: RunOptions, folder: Path) -> tuple[RunReport, Exit]:
    """Assess the patients of a folder of results; return the run and its exit code.

    Raises:
        UsageError: The results are of another trial, or were made with other rules or options, or
            hold no such patient.
        InputError: The folder is damaged.
        EngineError: The evidence does not give the recorded answers.
    """
    recorded = open_recorded(options, folder)
    patients = recorded.patients([iri.strip("<>") for iri in options.patient])
    assessments = []
    for patient in progress(patients, "explaining"):
        assessments += [item.assessment for item in recorded.screen([patient])]
    run = _report(recorded, patients, tuple(assessments))
    return run, Exit.FINDINGS if run.with_problems else Exit.FINE


def recorded_quads(options: RunOptions, folder: Path) -> Iterator[str]:
    """Yield the assessments of a folder of results as N-Quads, a few patients at a time.

    Raises:
        UsageError: The results are of another trial, or were made with other rules or options, or
            hold no such patient.
        InputError: The folder is damaged.
        EngineError: The evidence does not give the recorded answers.
    """
    recorded = open_recorded(options, folder)
    patients = recorded.patients([iri.strip("<>") for iri in options.patient])
    prefixes = recorded.trial.ontology.prefixes
    with counting(len(patients), "writing") as watch:
        for item in recorded.screen(patients):
            graph = assessment_graph(item.assessment, recorded.trial)
            name = assessment_iri(item.assessment)
            yield dataset({name: graph}, prefixes, format="nquads")
            watch(1)


def open_recorded(options: RunOptions, folder: Path) -> Recorded:
    """Open a folder of results with its trial.

    Raises:
        UsageError: The results are of another trial, or were made with other rules or options.
        InputError: The folder is damaged.
    """
    results = Results.open(folder)
    manifest = results.manifest
    if not manifest.evidence:
        raise UsageError(
            f"{folder} was made with --no-evidence, so that its patients cannot be explained; "
            "screen the store again"
        )
    for name in GIVEN:
        given = getattr(options, name)
        if given not in (None, "default") and given != _made_with(results, name):
            option = name.replace("_", "-")
            raise UsageError(
                f"{folder} was made with other options than --{option} {given}; leave it out, or "
                "screen the store again"
            )
    trial = load_trial(options.trial or manifest.source, options.mappings or manifest.mappings)
    if trial.identifier != manifest.trial:
        raise UsageError(f"{folder} holds results for {manifest.trial}, not {trial.identifier}")
    if trial.model.digest != manifest.rules:
        raise UsageError(
            f"{folder} was made with other criteria or concepts than those of {trial.identifier} "
            "now; screen the store again"
        )
    return Recorded(results, trial.model)


def _made_with(results: Results, name: str) -> str | date | None:
    manifest = results.manifest
    if name == "policy":
        return manifest.policy
    day = getattr(manifest.dates, name.removesuffix("_date"))
    return None if day is None else date.fromisoformat(day)


def _report(
    recorded: Recorded, patients: tuple[RecordedPatient, ...], assessments: tuple[Assessment, ...]
) -> RunReport:
    manifest, trial = recorded.results.manifest, recorded.trial
    policy = trial.policies[manifest.policy]
    return RunReport(
        trial=trial.identifier,
        trial_iri=str(trial.name),
        policy=policy.notation,
        policy_label=policy.definition,
        version=version("eligo"),
        assessments=assessments,
        names={str(p.patient): p.label for p in patients if p.label},
        undated=tuple(
            str(p.patient)
            for p in patients
            if not manifest.dates.given and (manifest.dates.forced or not p.dated)
        ),
        today=manifest.day,
        warnings={
            str(p.patient): tuple(
                f"<{finding.node}> {finding.text}"
                for finding in recorded.findings(p)
                if finding.severity is Severity.WARNING
            )
            for p in patients
        },
        notes=manifest.notes,
        unmapped=manifest.unmapped,
        mappings=trial.mappings,
    )
