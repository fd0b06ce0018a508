"""Which candidates one derivation serves: all that the records do not name, and each that they do.

What a record says of a study (when it was screened for it, that somebody takes part in it) bears on
that study alone. So the evidence is derived once for all trials that no record names, and once more
for each that one does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rdflib import URIRef

from eligo.assess.match import Candidate
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

NAMING = (ELIG.forTrial, ELIG.studyIdentifier)
"""What facts name a trial by."""


def mark(name: str) -> str:
    """Return what a trial is known by in records: the last part of its IRI, or its number."""
    return re.split(r"[/:#]", name.strip().rstrip("/"))[-1].upper()


def naming(ontology: Ontology) -> frozenset[str]:
    """Return the properties, as tables write them, by which facts name a trial."""
    return frozenset(ontology.short(name) for name in NAMING)


def shares(
    candidates: Iterable[Candidate], named: frozenset[str]
) -> Iterator[tuple[URIRef, tuple[Candidate, ...]]]:
    """Yield what each derivation serves, with the trial that it is made for.

    Args:
        candidates: The trials.
        named: Marks of the trials that records name.
    """
    apart: dict[str, list[Candidate]] = {}
    others: list[Candidate] = []
    for candidate in candidates:
        own = mark(str(candidate.name))
        if own in named:
            apart.setdefault(own, []).append(candidate)
        else:
            others.append(candidate)
    if others:
        yield others[0].name, tuple(others)
    for found in apart.values():
        for candidate in found:
            yield candidate.name, (candidate,)
