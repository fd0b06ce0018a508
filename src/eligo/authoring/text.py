"""How much of a trial is put in logic, and which words of its text no criterion quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rdflib import OWL, RDF, Graph, Literal
from rdflib.namespace import SKOS
from rdflib.term import Node

from eligo.authoring.model import Coverage, TrialFile
from eligo.vocabulary.terms import ELIG

MARK = re.compile(r"(?:^|\s)[(\[]?(?:\d+(?:\.\d+)*|[a-z]|[ivx]+)[.):\]]*$", re.IGNORECASE)
"""The mark of the item that follows: `1.`, `3.1`, `a)`, `(iv)`."""


def coverage(file: TrialFile, graph: Graph) -> Coverage:
    """Return how much of a trial is put in logic.

    Args:
        file: The trial.
        graph: A graph that holds its statements.
    """
    criteria = [
        c
        for c in graph.subjects(ELIG.ofTrial, file.trial)
        if (c, RDF.type, ELIG.Criterion) in graph
    ]
    top = sorted(
        (c for c in criteria if (c, ELIG.partOf, None) not in graph),
        key=lambda c: (str(graph.value(c, ELIG.kind)) != str(ELIG.Inclusion), _ordinal(graph, c)),
    )
    numbers = {c: str(graph.value(c, SKOS.notation) or c) for c in top}
    formalised = {c for c in top if (c, OWL.equivalentClass, None) in graph}
    return Coverage(
        file.identifier,
        tuple(numbers[c] for c in top if c in formalised),
        tuple(numbers[c] for c in top if c not in formalised),
        tuple(_unquoted(graph, file.trial, criteria)),
    )


def _ordinal(graph: Graph, criterion: Node) -> int:
    value = graph.value(criterion, ELIG.ordinal)
    return int(value) if isinstance(value, Literal) and value.isdigit() else 0


def _unquoted(graph: Graph, trial: Node, criteria: list[Node]) -> Iterator[tuple[int, int, str]]:
    module = graph.value(trial, ELIG.hasEligibilityModule)
    text = "" if module is None else str(graph.value(module, ELIG.criteriaText) or "")
    covered = bytearray(len(text))
    headings = set()
    for criterion in criteria:
        headings |= {_plain(str(h)) for h in graph.objects(criterion, ELIG.underHeading)}
        if (criterion, ELIG.quotesField, None) not in graph:
            start, end = (graph.value(criterion, p) for p in (ELIG.quoteStart, ELIG.quoteEnd))
            if str(start).isdigit() and str(end).isdigit():
                low, high = int(str(start)), min(int(str(end)), len(text))
                covered[low:high] = b"\1" * max(high - low, 0)
    position = 0
    while (start_ := covered.find(0, position)) >= 0:
        found = covered.find(1, start_)
        position = len(text) if found < 0 else found
        words = " ".join(text[start_:position].split())
        plain = _plain(MARK.sub("", words))
        if any(c.isalpha() for c in plain) and plain not in headings:
            yield start_, position, words


def _plain(words: str) -> str:
    """Return words without the marks of list items and headings."""
    return "".join(c for c in words.lower() if c.isalnum())
