"""Record stores as a source: a whole cohort is screened into a folder of results."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from eligo.cli.exits import Exit
from eligo.cli.options import RunOptions
from eligo.cli.recorded import recorded_run
from eligo.cli.session import load_trial
from eligo.cli.talk import counting, note
from eligo.derive.inputs import Run
from eligo.errors import InputError, UsageError
from eligo.report.model import RunReport
from eligo.results.summary import Summary, summarise
from eligo.results.write import Writer
from eligo.services.cohort import CohortScreener
from eligo.services.importing import import_patients
from eligo.store.layout import MANIFEST
from eligo.store.manifest import Manifest
from eligo.store.store import Store
from eligo.trial.read import choose_policy

MANY = 200
"""From this number of patients on, the cohort engine is chosen for files too."""


@dataclass(frozen=True)
class Keep:
    """What becomes of the results of a cohort.

    Attributes:
        out: Where they go; None: they are dropped when they are summed up.
        overwrite: Whether results that are there already may be replaced.
        evidence: Whether to write what the answers rest on.
    """

    out: Path | None
    overwrite: bool
    evidence: bool


def store_among(sources: tuple[str, ...]) -> Path | None:
    """Return the record store that is the source; None: there is none.

    Raises:
        UsageError: It stands among other sources.
    """
    found = [Path(source) for source in sources if is_store(Path(source))]
    if not found:
        return None
    if len(sources) > 1:
        raise UsageError(f"{found[0]} is a record store; name it alone")
    return found[0]


def is_store(folder: Path) -> bool:
    """Tell whether a path is a record store, by its manifest."""
    if not (folder / MANIFEST).is_file():
        return False
    with suppress(InputError):
        return bool(Manifest.load(folder))
    return False


def screen_store(options: RunOptions, folder: Path, keep: Keep) -> tuple[Summary, Exit]:
    """Screen a record store; return the cohort in numbers and the exit code.

    Args:
        options: What the run is asked to do.
        folder: The record store.
        keep: What becomes of the results.

    Raises:
        UsageError: An option does not go with a store, or the results cannot be put there.
        EligoError: The store is damaged, or an engine failed.
    """
    if options.patient:
        raise UsageError(
            "--patient goes with the results of a store: screen it with --out, then name them"
        )
    with _place(keep.out) as place:
        evidence = keep.evidence and keep.out is not None
        writer = Writer(place, overwrite=keep.overwrite, evidence=evidence)
        summary = _screen(options, folder, place, writer)
        return summary, Exit.FINDINGS if summary.untrusted else Exit.FINE


def screen_files(options: RunOptions) -> tuple[RunReport, Exit]:
    """Screen files by the cohort engine; the outcome is that of validation, patient by patient.

    Raises:
        UsageError: An option does not go with it.
        EligoError: A file of the ontology is malformed, or an engine failed.
    """
    trial = load_trial(options.trial, options.mappings)
    with tempfile.TemporaryDirectory(prefix="eligo-") as scratch:
        store, results = Path(scratch, "store"), Path(scratch, "results")
        imported = import_patients(options.sources, store, trial.screener.checker)
        everybody = replace(options, patient=())
        _screen(everybody, store, results, Writer(results))
        run, code = recorded_run(options, results)
    failures = tuple(imported.failures)
    return replace(run, failures=failures), Exit.UNREADABLE if failures else code


def _screen(options: RunOptions, folder: Path, out: Path, writer: Writer) -> Summary:
    trial = load_trial(options.trial, options.mappings)
    policy = choose_policy(trial.policies, options.policy)
    store = Store.open(folder)
    run = Run(
        options.screening_date or date.today(),
        options.evaluation_date,
        options.enrolment_date,
        options.intervention_date,
        options.force_dates,
    )
    try:
        screener = CohortScreener(trial.model, options.trial or trial.identifier)
        given = options.screening_date is not None
        with counting(store.patients, "screening") as watch:
            manifest = screener.screen(store, writer, run, policy, given=given, watch=watch)
        writer.finish(manifest)
    except BaseException:
        writer.drop()
        raise
    return summarise(out)


@contextmanager
def _place(out: Path | None) -> Iterator[Path]:
    """Yield where results go; without a place of their own, one that is dropped."""
    if out is not None:
        yield out
        return
    note("the results are summed up and dropped; --out RESULTS keeps them, to explain patients")
    with tempfile.TemporaryDirectory(prefix="eligo-") as scratch:
        yield Path(scratch, "results")
