"""Import registry records as trials, export trials as records, and check what was imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eligo.errors import EligoError, InputError, UsageError
from eligo.registry.export import export_study
from eligo.registry.knowledge import Knowledge
from eligo.registry.load import Loaded, load
from eligo.registry.model import Record
from eligo.registry.read import Reading, read_records
from eligo.registry.write import write_trial
from eligo.resources import trial_file
from eligo.vocabulary.terms import ELIG

TURTLE = ".ttl"


def read_registry(paths: Sequence[str], retrieved: str | None = None) -> Reading:
    """Read registry records.

    Args:
        paths: Files, folders and `-`.
        retrieved: When they were taken from the registry, for records that do not say.
    """
    reading = read_records(paths)
    if retrieved is not None:
        name = Knowledge.installed().field(ELIG.retrieved).name
        for identifier, record in reading.records.items():
            if not record.fields.get(name):
                fields = {**record.fields, name: retrieved}
                reading.records[identifier] = replace(record, fields=fields)
    return reading


def as_turtle(records: Iterable[Record]) -> Iterator[tuple[Record, str]]:
    """Yield records with the ontologies of their trials.

    Args:
        records: The records.
    """
    knowledge = Knowledge.installed()
    for record in records:
        yield record, write_trial(record, knowledge)


@dataclass
class Trials:
    """Files of trials.

    Attributes:
        loaded: Those that could be read.
        failures: Why others could not.
    """

    loaded: list[Loaded] = field(default_factory=list)
    failures: list[EligoError] = field(default_factory=list)


def load_trials(names: Sequence[str]) -> Trials:
    """Load trials by registry number, Turtle file or folder.

    Args:
        names: What the user names.
    """
    trials = Trials()
    for path in _paths(names, trials):
        try:
            trials.loaded.append(load(path, Knowledge.installed()))
        except EligoError as error:
            trials.failures.append(error)
    return trials


def _paths(names: Sequence[str], trials: Trials) -> Iterator[Path]:
    for name in names:
        folder = Path(name)
        if folder.is_dir():
            found = sorted(folder.rglob(f"*{TURTLE}"))
            if not found:
                trials.failures.append(InputError("holds no Turtle file of a trial", source=name))
            yield from found
            continue
        try:
            yield trial_file(name)
        except UsageError as error:
            trials.failures.append(error)


def export_trials(trials: Sequence[Loaded]) -> list[dict[str, Any]]:
    """Return trials as studies of the registry's API, version 2.

    Args:
        trials: The trials.
    """
    knowledge = Knowledge.installed()
    return [export_study(trial, knowledge) for trial in trials]
