"""Criteria that rows add to a trial: parts of criteria that it has."""

from __future__ import annotations

import re

from rdflib import RDF, SKOS, Literal, URIRef
from rdflib.namespace import OWL

from eligo.compile.turtle import Pairs, Several, write_subject
from eligo.errors import ModelError
from eligo.patterns.text import TrialText
from eligo.vocabulary.terms import ELIG

NUMBERED = re.compile(r"(?P<parent>[A-Za-z][\w-]*(?:\.[\w-]+)*)\.(?P<own>[\w-]+)")


def parent_of(source: TrialText, notation: str) -> URIRef | None:
    """Return the criterion that a new one would be a part of; None: its number names none.

    Args:
        source: The file.
        notation: The number of the part: that of its parent, a full stop, its own.
    """
    match = NUMBERED.fullmatch(notation)
    return URIRef(f"{source.trial}/{match['parent']}") if match else None


def part_block(
    source: TrialText, notation: str, quote: str | None, parent: URIRef, before: int
) -> tuple[URIRef, str]:
    """Return the block of a new part, and the criterion that it comes behind.

    Args:
        source: The file.
        notation: Its number.
        quote: The words of its parent that it quotes.
        parent: The criterion that it is a part of.
        before: How many new parts come before it.

    Raises:
        ModelError: The words are missing, or not there exactly once.
    """
    parts = source.parts(parent)
    found, start = _span(source, parent, notation, quote)
    pairs: Pairs = [
        (RDF.type, Several((OWL.Class, OWL.NamedIndividual, ELIG.Criterion))),
        (SKOS.notation, Literal(notation)),
        (ELIG.ofTrial, source.trial),
        (ELIG.partOf, parent),
        (ELIG.ordinal, Literal(len(parts) + before + 1)),
        (ELIG.quotes, Literal(found)),
    ]
    quoted = source.named(parent, ELIG.quotesField)
    if quoted is not None:
        pairs.append((ELIG.quotesField, quoted))
    pairs.append((ELIG.quoteStart, Literal(start)))
    pairs.append((ELIG.quoteEnd, Literal(start + len(found))))
    heading = source.words(parent, ELIG.underHeading)
    if heading is not None:
        pairs.append((ELIG.underHeading, Literal(heading)))
    name = URIRef(f"{source.trial}/{notation}")
    return parts[-1] if parts else parent, write_subject(name, pairs, source.short)


def _span(source: TrialText, parent: URIRef, notation: str, quote: str | None) -> tuple[str, int]:
    whole = source.words(parent, ELIG.quotes)
    start = source.words(parent, ELIG.quoteStart)
    if not quote or whole is None or start is None:
        raise ModelError(f"{notation} is new: fill the cell quote with words of its parent")
    found = re.findall(r"\s+".join(map(re.escape, quote.split())), whole)
    if len(found) != 1:
        often = f"{len(found)} times" if found else "not"
        raise ModelError(
            f"the quote {quote:.60} is {often} in: {whole:.80}; quote it exactly, once"
        )
    return found[0], int(start) + whole.index(found[0])
