"""Gather trials and patients, and match them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import RDFS

from eligo.assess.match import CohortMatch, MatchRun, PatientMatch
from eligo.cli.exits import Exit, NothingToDo
from eligo.cli.options import RunOptions
from eligo.cli.session import NOBODY
from eligo.cli.talk import counting, error, one_line, progress, warn_of
from eligo.derive.inputs import Run
from eligo.errors import EligoError, UsageError
from eligo.match.candidates import gather
from eligo.match.cohort import CohortJudge
from eligo.match.judge import Judge
from eligo.match.library import Library
from eligo.match.problems import problems
from eligo.match.table import check_table, write_table
from eligo.records.fhir import FhirMaps
from eligo.records.profiled import endpoint_pages, read_files
from eligo.records.records import STDIN, Records
from eligo.services.record import RecordChecker
from eligo.store.store import Store
from eligo.trial.read import choose_policy, read_policies
from eligo.vocabulary.mappings import MappingFolder


def match_files(
    options: RunOptions, trials: Sequence[str], most: int | None
) -> tuple[MatchRun, Exit]:
    """Match the patients of files or of an endpoint with trials; return the exit code too.

    Args:
        options: What the run is asked to do.
        trials: What the user names.
        most: How many trials to tell of each patient; None: all.

    Raises:
        NothingToDo: No trial or no patient could be read.
        UsageError: There is no such policy or patient.
        EligoError: A file of the ontology is malformed, or derivation failed.
    """
    endpoint = options.reading.remote(options.sources, options.patient)
    library, mappings, failures = _gather(options, trials)
    policy = choose_policy(read_policies(library.ontology), options.policy)
    wanted = tuple(iri.strip("<>") for iri in options.patient)
    checker = RecordChecker(library.ontology)
    if endpoint is None:
        maps = FhirMaps.of(library.ontology)
        profile = options.reading.profile
        pages = iter([read_files(list(options.sources), maps, profile, wanted)])
    else:
        pages = endpoint_pages(endpoint)
    again = () if endpoint is not None or STDIN in options.sources else options.sources
    matches: list[PatientMatch] = []
    unread: list[EligoError] = []
    run = _run(options)
    for records in pages:
        unread += records.failures
        judge = Judge(library, records, run, policy)
        patients = _chosen(judge, () if endpoint is not None else wanted)
        found = problems(checker, records, patients, again)
        matches += [
            judge.match(patient, found.get(patient, ()), _name(records, patient), most)
            for patient in progress(patients, "matching")
        ]
    for failure in unread:
        error(failure)
    if not matches:
        raise NothingToDo(NOBODY)
    told = MatchRun(
        version("eligo"),
        policy.notation,
        policy.name,
        policy.definition,
        mappings,
        run.screening if options.screening_date is None else None,
        library.candidates,
        tuple(matches),
        tuple(one_line(failure) for failure in (*failures, *unread)),
    )
    return told, _code(failures + unread, findings=any(m.problems for m in matches))


def match_store(
    options: RunOptions, trials: Sequence[str], folder: Path, out: Path | None
) -> tuple[CohortMatch, Exit]:
    """Match the patients of a record store with trials; return the exit code too.

    Args:
        options: What the run is asked to do.
        trials: What the user names.
        folder: The record store.
        out: File for a row of each patient and trial; None: none.

    Raises:
        NothingToDo: No trial could be read.
        UsageError: An option does not go with a store, or the table cannot be written there.
        EligoError: The store is damaged, or an engine failed.
    """
    if options.patient:
        raise UsageError("--patient goes with files: `eligo extract` writes patients of a store")
    if out is not None:
        check_table(out)
    store = Store.open(folder)
    library, _, failures = _gather(options, trials)
    policy = choose_policy(read_policies(library.ontology), options.policy)
    run = _run(options)
    judge = CohortJudge(library, run, policy)
    with _scratch(out) as pairs, counting(store.patients, "matching") as watch:
        counts = judge.match(store, pairs, watch)
        if out is not None and pairs is not None:
            write_table(pairs, out)
    ranked = sorted(counts.items(), key=lambda pair: (*pair[1].place, pair[0].identifier))
    told = CohortMatch(
        version("eligo"),
        policy.notation,
        run.screening,
        options.screening_date is not None,
        store.patients,
        tuple(ranked),
        tuple(one_line(failure) for failure in failures),
    )
    return told, _code(failures, findings=False)


@contextmanager
def _scratch(out: Path | None) -> Iterator[Path | None]:
    if out is None:
        yield None
        return
    with TemporaryDirectory(prefix="eligo-") as scratch:
        yield Path(scratch)


def _gather(
    options: RunOptions, trials: Sequence[str]
) -> tuple[Library, tuple[MappingFolder, ...], list[EligoError]]:
    library, mappings, failures = gather(trials, options.mappings)
    for failure in failures:
        error(failure)
    warn_of(library.remarks, "remark")
    if not library.groups:
        raise NothingToDo("no trial was read: nothing was matched")
    return library, mappings, failures


def _run(options: RunOptions) -> Run:
    return Run(
        options.screening_date or date.today(),
        options.evaluation_date,
        options.enrolment_date,
        options.intervention_date,
        options.force_dates,
    )


def _chosen(judge: Judge, wanted: Sequence[str]) -> tuple[URIRef, ...]:
    known = {str(patient) for patient in judge.patients}
    for iri in wanted:
        if iri not in known:
            raise UsageError(f"no patient <{iri}> in the data; check the IRI")
    return tuple(p for p in judge.patients if not wanted or str(p) in wanted)


def _name(records: Records, patient: URIRef) -> str | None:
    labels = records.store.quads_for_pattern(
        ox.NamedNode(str(patient)), ox.NamedNode(str(RDFS.label)), None
    )
    texts = (q.object.value for q in labels if isinstance(q.object, ox.Literal))
    return min(texts, default=None)


def _code(failures: Sequence[EligoError], *, findings: bool) -> Exit:
    if failures:
        return Exit.UNREADABLE
    return Exit.FINDINGS if findings else Exit.FINE
