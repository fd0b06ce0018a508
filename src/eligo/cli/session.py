"""What the commands that look at patients have in common: read, derive, choose, count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import RDFS

from eligo.api import Trial
from eligo.cli.exits import Exit, NothingToDo
from eligo.cli.options import RunOptions
from eligo.cli.talk import error, progress, shorten, warn, warn_of
from eligo.errors import EngineError, UsageError
from eligo.records.records import Records
from eligo.resources import trials
from eligo.services.screen import Prepared, Screened
from eligo.trial.read import choose_policy

SHOWN = 5
NOBODY = (
    "no patient was found: nothing was checked; a patient is a node of class elig:Patient, "
    "a Patient resource in FHIR, or a row of person in OMOP"
)


@cache
def load_trial(name: str | None, mappings: tuple[str, ...] = ()) -> Trial:
    """Load a trial once a process; None is the only one there is.

    Raises:
        UsageError: There is no such trial, or several and none was named.
        EligoError: A mapping is not well formed.
    """
    if name is None:
        known = sorted(trials())
        if len(known) != 1:
            raise UsageError(
                "name a trial with --trial or in ELIGO_TRIAL: "
                f"{', '.join(known) or 'none is installed'}"
            )
        name = known[0]
    return Trial.load(name, mappings=mappings)


@dataclass
class Session:
    """Patients ready to be screened for a trial.

    Attributes:
        trial: The trial.
        prepared: Records and derived evidence.
        patients: The patients to use.
        today: The day that stands in for a screening date.
        failed: Patients on whom an engine failed.
    """

    trial: Trial
    prepared: Prepared
    patients: tuple[URIRef, ...]
    today: date
    failed: list[URIRef] = field(default_factory=list)

    @property
    def records(self) -> Records:
        """What was read."""
        return self.prepared.records

    def screen(self) -> Iterator[Screened]:
        """Screen the patients; one on whom an engine fails is reported and left out."""
        for patient in progress(self.patients, "screening"):
            try:
                yield from self.prepared.screen([patient])
            except EngineError as failure:
                error(f"<{patient}> was not screened: {shorten(failure)}")
                self.failed.append(patient)

    def names(self) -> dict[str, str]:
        """Return what the records call the patients, by IRI."""
        found = {}
        for patient in self.patients:
            labels = sorted(
                quad.object.value
                for quad in self.records.store.quads_for_pattern(
                    ox.NamedNode(str(patient)), ox.NamedNode(str(RDFS.label)), None
                )
                if isinstance(quad.object, ox.Literal)
            )
            if labels:
                found[str(patient)] = labels[0]
        return found

    def warn_of_problems(self) -> bool:
        """Say which records cannot be trusted; return whether there are any."""
        found = False
        for patient in self.patients:
            if problems := self.prepared.problems(patient):
                found = True
                count = "a data problem" if len(problems) == 1 else f"{len(problems)} data problems"
                warn(f"<{patient}> has {count}, such as: {problems[0].text}")
        return found

    def exit_code(self, *, findings: bool) -> Exit:
        """Return the exit code of the run."""
        if self.failed:
            return Exit.FAILED
        if self.records.failures:
            return Exit.UNREADABLE
        return Exit.FINDINGS if findings else Exit.FINE


def open_session(options: RunOptions) -> Session:
    """Read the patients and derive their evidence.

    Raises:
        NothingToDo: No patient could be read.
        UsageError: There is no such trial, policy or patient.
        EligoError: A file of the ontology is malformed, or derivation failed.
    """
    endpoint = options.reading.remote(options.sources, options.patient)
    trial = _trial(options)
    sources = list(options.sources) if endpoint is None else endpoint
    records = trial.read(sources, profile=options.reading.profile, only=_wanted(options))
    session = _prepare(options, trial, records, date.today())
    if not session.prepared.patients and not (options.patient and records.sources):
        raise NothingToDo(NOBODY)
    return session


def open_pages(options: RunOptions) -> Iterator[Session]:
    """Open a session for each page of an endpoint, so that one is held at a time; else just one.

    Raises:
        NothingToDo: No patient could be read.
        UsageError: There is no such trial, policy or patient.
        EligoError: A file of the ontology is malformed, or derivation failed.
    """
    endpoint = options.reading.remote(options.sources, options.patient)
    if endpoint is None:
        yield open_session(options)
        return
    trial = _trial(options)
    today = date.today()
    found = False
    for records in trial.pages(endpoint):
        session = _prepare(options, trial, records, today)
        found = found or bool(session.patients)
        yield session
    if not found:
        raise NothingToDo(NOBODY)


def _trial(options: RunOptions) -> Trial:
    trial = load_trial(options.trial, options.mappings)
    choose_policy(trial.policies, options.policy)
    return trial


def _wanted(options: RunOptions) -> tuple[str, ...]:
    return tuple(iri.strip("<>") for iri in options.patient)


def _prepare(options: RunOptions, trial: Trial, records: Records, today: date) -> Session:
    for failure in records.failures:
        error(failure)
    warn_of([doubt.text for doubt in records.all_doubts], "a record is short of something")
    prepared = trial.prepare(
        records,
        screening_date=options.screening_date or today,
        evaluation_date=options.evaluation_date,
        enrolment_date=options.enrolment_date,
        intervention_date=options.intervention_date,
        force_dates=options.force_dates,
        policy=options.policy,
    )
    wanted = () if options.reading.endpoint else _wanted(options)
    return Session(trial, prepared, _chosen(prepared, wanted), today)


def _chosen(prepared: Prepared, wanted: tuple[str, ...]) -> tuple[URIRef, ...]:
    if not wanted:
        return prepared.patients
    known = {str(patient) for patient in prepared.patients}
    for iri in wanted:
        if iri not in known:
            listed = ", ".join(sorted(known)[:SHOWN]) or "none of those asked for"
            more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
            raise UsageError(f"no patient <{iri}> in the data; there are {listed}{more}")
    return tuple(patient for patient in prepared.patients if str(patient) in wanted)
