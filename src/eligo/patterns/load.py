"""Expand a trial while it is loaded, where blocks have no definition yet."""

from __future__ import annotations

from pathlib import Path

from rdflib.namespace import OWL, RDF
from rdflib.term import Node

from eligo.errors import ModelError
from eligo.patterns.expand import expand_text
from eligo.patterns.library import installed
from eligo.patterns.model import Template
from eligo.patterns.text import TrialText, read_text
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

BLOCK = "byPattern"


def expanded_data(path: Path, general: Ontology) -> bytes | None:
    """Return what a trial's file stands for once its blocks are expanded.

    Args:
        path: The file.
        general: The general ontology, without the trial.

    Returns:
        The bytes of the expanded file; None: it has no block that waits to be expanded.

    Raises:
        InputError: The file cannot be read, or is no Turtle.
        ModelError: A block cannot be expanded; the message lists all that is wrong.
    """
    if not path.is_file() or BLOCK.encode() not in path.read_bytes():
        return None
    source = TrialText(read_text(path), path)
    waiting = [
        criterion
        for criterion in source.graph.subjects(ELIG.byPattern)
        if source.graph.value(criterion, OWL.equivalentClass) is None
        and not _has_reason(source, criterion)
    ]
    if not waiting:
        return None
    expanded = expand_text(source, general, installed())
    if expanded.faults:
        raise ModelError("; ".join(str(fault) for fault in expanded.faults))
    return expanded.text.encode()


def _has_reason(source: TrialText, criterion: Node) -> bool:
    """Tell whether a criterion says why it is not formalised, as its pattern means it to."""
    block = source.graph.value(criterion, ELIG.byPattern)
    kind = None if block is None else source.named(block, RDF.type)
    pattern = None if kind is None else installed().patterns.get(kind)
    reasoned = pattern is not None and Template.REASON in pattern.templates
    return reasoned and source.words(criterion, ELIG.notFormalised) is not None
