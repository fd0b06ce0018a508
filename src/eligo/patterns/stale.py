"""What patterns wrote into a file and nothing needs any more."""

from __future__ import annotations

from collections.abc import Collection

from rdflib import BNode, URIRef
from rdflib.term import Node

from eligo.patterns.text import TrialText
from eligo.patterns.tree import Description, canonical, digest


def mark_of(description: Description) -> str:
    """Return the hash by which a block of statements is known again."""
    pairs = sorted(f"{p} {canonical(o)}" for p, o in description.pairs)
    return digest(f"{description.subject} {' ; '.join(pairs)}")


def unneeded(
    source: TrialText, used: Collection[URIRef], kept: Collection[URIRef], known: Collection[str]
) -> set[URIRef]:
    """Return subjects whose blocks patterns wrote, and that nobody else names.

    Args:
        source: The file.
        used: Criteria whose definitions are written anew.
        kept: Subjects that patterns still write.
        known: Hashes of what patterns wrote.
    """
    stale = {
        subject
        for subject, description in source.descriptions.items()
        if subject not in kept and subject not in source.criteria and mark_of(description) in known
    }
    going: set[Node] = {*stale, *used, *kept}
    going |= _inside(source, going)
    return {s for s in stale if set(source.graph.subjects(None, s)) <= going}


def _inside(source: TrialText, subjects: Collection[Node]) -> set[Node]:
    """Return the nested nodes of subjects."""
    found: set[Node] = set()
    rest = list(subjects)
    while rest:
        for value in source.graph.objects(rest.pop()):
            if isinstance(value, BNode) and value not in found:
                found.add(value)
                rest.append(value)
    return found
