"""Expand the patterns of trials: blocks in their files and rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef

from eligo.errors import EligoError
from eligo.patterns.apply import apply_rows
from eligo.patterns.expand import expand_text
from eligo.patterns.library import library
from eligo.patterns.model import Fault
from eligo.patterns.rows import Row, read_rows
from eligo.patterns.text import TrialText, read_text
from eligo.patterns.vocabulary import Vocabulary
from eligo.resources import ontology_files, trial_file
from eligo.vocabulary.ontology import load_ontology


@dataclass(frozen=True)
class Expansion:
    """What expanding a trial gave.

    Attributes:
        path: The trial's file.
        before: What it held.
        after: What it should hold.
        faults: What is wrong with rows and blocks; the others are expanded all the same.
        criteria: Numbers of the criteria that were not up to date.
    """

    path: Path
    before: str
    after: str
    faults: tuple[Fault, ...]
    criteria: tuple[str, ...]


def expand_trial(name: str, tables: Sequence[str] = (), folders: Sequence[str] = ()) -> Expansion:
    """Expand the patterns of a trial.

    Args:
        name: Registry number, or the path of a Turtle file.
        tables: TSV or CSV files with rows.
        folders: Folders with the user's own patterns.

    Raises:
        EligoError: The trial or the patterns cannot be read.
    """
    path = trial_file(name)
    text = read_text(path)
    source = TrialText(text, path)
    patterns = library(folders)
    general = load_ontology(ontology_files())
    rows: list[Row] = []
    faults: list[Fault] = []
    for table in tables:
        try:
            found, wrong = read_rows(Path(table), patterns.columns)
            rows.extend(found)
            faults.extend(wrong)
        except EligoError as error:
            faults.append(Fault("", str(error)))
    vocabulary = Vocabulary(general, source.graph, source.prefixes, source.trial)
    applied = apply_rows(source, rows, patterns, vocabulary)
    expanded = expand_text(applied.source, general, patterns, applied.places)
    changed = {*expanded.changed, *_differing(source, applied.source)}
    return Expansion(
        path,
        text,
        expanded.text,
        (*faults, *applied.faults, *expanded.faults),
        tuple(sorted(str(c).rpartition("/")[2] for c in changed)),
    )


def _differing(before: TrialText, after: TrialText) -> list[URIRef]:
    return [c for c in after.criteria if before.descriptions.get(c) != after.descriptions.get(c)]
