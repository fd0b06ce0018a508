"""Check the files of trials: fields and text, shapes, logic and patterns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rdflib.namespace import OWL

from eligo.authoring.check import Checked, Checker
from eligo.authoring.model import TrialFile
from eligo.errors import EligoError, ModelError
from eligo.patterns.load import expanded_data
from eligo.registry.check import check
from eligo.registry.knowledge import Knowledge
from eligo.registry.load import Loaded
from eligo.resources import ontology_files, root
from eligo.services.patterns import expand_trial
from eligo.vocabulary.catalog import read_catalog
from eligo.vocabulary.ontology import Ontology, load_ontology, parse_turtle
from eligo.vocabulary.terms import ELIG

NOT_HERE = "leave the import out, and put what is needed of it into the trial's file"


def check_trials(
    trials: Sequence[Loaded], *, shapes: bool = True, reasoner: bool = True
) -> Checked:
    """Return what does not fit together in trials.

    Args:
        trials: The trials.
        shapes: Whether to hold them against the authoring shapes.
        reasoner: Whether to ask the reasoner.

    Raises:
        EngineError: The database failed.
    """
    general = load_ontology(ontology_files())
    files, problems = [], []
    for trial in trials:
        try:
            files.append(_file(trial, general))
        except EligoError as error:
            files.append(_as_it_stands(trial))
            problems.append((files[-1], error))
    checker = Checker(general, files)
    checker.add(list(check(trials, Knowledge.installed())))
    for file, problem in problems:
        checker.problem(file, "pattern", problem)
    for trial in trials:
        for name in _unreachable(trial):
            file = next(file for file in files if file.path == trial.path)
            text = f"imports <{name}>, which is not here, and nothing is fetched"
            checker.problem(file, "import", ModelError(f"{text}; {NOT_HERE}"))
    broken = {file.path for file, _ in problems}
    for trial in trials:
        if trial.path not in broken and _has_patterns(trial):
            _patterns(trial, checker, files)
    if shapes:
        checker.shapes()
    return checker.logic(reasoner=reasoner)


def _unreachable(trial: Loaded) -> list[str]:
    """Return the ontologies that a trial imports and that do not come with Eligo."""
    known = read_catalog(root() / "ontology")
    return sorted(str(name) for name in trial.graph.objects(None, OWL.imports) if name not in known)


def _as_it_stands(trial: Loaded) -> TrialFile:
    written = tuple(trial.graph)
    return TrialFile(trial.path, trial.identifier, trial.trial, written, written)


def _file(trial: Loaded, general: Ontology) -> TrialFile:
    data = expanded_data(trial.path, general) if _has_patterns(trial) else None
    if data is None:
        return _as_it_stands(trial)
    triples = tuple(parse_turtle(trial.path, data)[0])
    return replace(_as_it_stands(trial), triples=triples)


def _has_patterns(trial: Loaded) -> bool:
    return (None, ELIG.byPattern, None) in trial.graph


def _patterns(trial: Loaded, checker: Checker, files: Sequence[TrialFile]) -> None:
    """Find definitions that differ from what their patterns stand for."""
    file = next(file for file in files if file.path == trial.path)
    try:
        expansion = expand_trial(str(trial.path))
    except EligoError as error:
        checker.problem(file, "pattern", error)
        return
    for fault in expansion.faults:
        checker.problem(file, "pattern", ModelError(str(fault)))
    if expansion.before != expansion.after:
        checker.outdated(file, expansion.criteria)
