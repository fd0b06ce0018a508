"""Compare trials by a reasoner."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from eligo.compare import Between, Compared, Questions, Reading, Source
from eligo.resources import trial_file
from eligo.trial.trial import TrialModel, load_trial

REASONER = "HermiT"
REASONER_PACKAGE = "owlready2"


def compare_trials(first: str, second: str) -> Compared:
    """Compare two trials.

    Args:
        first: Registry number or path.
        second: Likewise.

    Raises:
        UsageError: There is no such trial.
        ModelError: A trial is not well formed.
        EngineError: The reasoner is not there, failed, or took too long.
    """
    reading = Reading()
    models = [load_trial(name) for name in (first, second)]
    sides = [reading.read(m.ontology, m.rules, (m.name, m.identifier), m.criteria) for m in models]
    questions = Questions(reading.background)
    between = Between(sides[0], sides[1], reading, questions)
    between.ask()
    questions.answer()
    return Compared(
        between.comparison(),
        (_source(first, models[0]), _source(second, models[1])),
        {**models[0].ontology.prefixes, **_own_prefixes(models)},
        version("eligo"),
        f"{REASONER} of {REASONER_PACKAGE} {version(REASONER_PACKAGE)}",
        datetime.now(UTC).replace(microsecond=0),
        len(questions),
    )


def _own_prefixes(models: list[TrialModel]) -> dict[str, str]:
    """Name each trial's terms by its number, since trials tend to use one prefix."""
    return {model.identifier.lower(): f"{model.name}/" for model in models}


def _source(name: str, model: TrialModel) -> Source:
    path = trial_file(name)
    shown = str(path) if Path(name).is_file() else path.name
    return Source(shown, hashlib.sha256(path.read_bytes()).hexdigest(), model.digest)
