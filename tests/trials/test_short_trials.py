"""The short trials among the examples: their files are what their rows make, and they decide."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import Graph

from eligo.api import Trial
from eligo.assess.decide import decide
from eligo.derive.inputs import Run
from eligo.derive.run import derive
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.view import GraphView
from eligo.patterns.apply import apply_rows
from eligo.patterns.expand import expand_text
from eligo.patterns.library import installed
from eligo.patterns.rows import read_rows
from eligo.patterns.text import TrialText
from eligo.patterns.vocabulary import Vocabulary
from eligo.records.extract import extract
from eligo.records.records import Records
from eligo.registry.text_criteria import REASON
from patterns.pattern_kit import general, records
from shapes.shape_cases import ROOT, Manifest, findings, read_all, read_folder
from trials.cohort import SCREENING

PATHS = sorted((ROOT / "examples" / "trials").glob("*.ttl"))
TABLE: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "short-trials.yaml").read_text(encoding="utf-8")
)
USUAL = ("NCT00462384", "NCT04978038")
"""Trials that the usual run decides and validates; the others need the long one."""
CHOSEN = [
    pytest.param(path, marks=() if path.stem in USUAL else pytest.mark.slow, id=path.stem)
    for path in PATHS
]
MANIFEST = Manifest.load("authoring")


@cache
def authoring() -> Graph:
    """The authoring shapes, read once."""
    return read_folder(MANIFEST.shapes)


def test_every_trial_has_rows_and_patients() -> None:
    assert {path.stem for path in PATHS} == set(TABLE)
    assert all(path.with_suffix(".tsv").is_file() for path in PATHS)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_rows_make_what_is_in_the_file(path: Path) -> None:
    text, library = path.read_text(encoding="utf-8"), installed()
    source = TrialText(text, path)
    vocabulary = Vocabulary(general(), source.graph, source.prefixes, source.trial)
    rows, faults = read_rows(path.with_suffix(".tsv"), library.columns)
    applied = apply_rows(source, rows, library, vocabulary)
    made = expand_text(applied.source, general(), library, applied.places)
    assert (*faults, *applied.faults, *made.faults) == ()
    assert made.text == text


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_item_is_left_without_a_reading(path: Path) -> None:
    assert REASON not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CHOSEN)
def test_trial_is_well_formed(path: Path) -> None:
    vocabulary = sorted((ROOT / "ontology").glob("*.ttl"))
    assert findings(read_all([*vocabulary, path]), authoring(), Graph()) == []


@pytest.mark.parametrize("path", CHOSEN)
def test_patients_get_the_expected_statuses(path: Path) -> None:
    trial = Trial.load(str(path))
    cases = TABLE[path.stem]
    store = Records()
    store.add_rdf(records({name: case["facts"] for name, case in cases.items()}), "cases.ttl")
    model = trial.model
    evidence = extract(store.store, model.ontology.short)
    run, policy = Run(SCREENING), model.policies["default"]
    derived = derive(
        evidence, model.vocabulary, model.asked, model.name, run, policy, model.ontology
    )
    found = {}
    for patient, graph in derived.graphs.items():
        name = str(patient).rpartition("/")[2]
        evaluator = Evaluator(GraphView(graph), patient, model.rules)
        statuses = {c.notation: evaluator.named(c.name).status for c in model.criteria}
        pairs = [(c.polarity, statuses[c.notation]) for c in model.criteria]
        told = {notation: str(status) for notation, status in statuses.items()}
        told["overall"] = str(decide(pairs, trusted=not derived.problems.get(patient)))
        found[name] = {key: told[key] for key in cases[name]["says"]}
    assert found == {name: case["says"] for name, case in cases.items()}
