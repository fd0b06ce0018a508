"""How texts of criteria are laid out, read from the ontology: headings, marks, topics, phrases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from rdflib import RDF, Graph, URIRef
from rdflib.term import Node

from eligo.registry.knowledge import knowledge_graph, one
from eligo.registry.terms import REGISTRY
from eligo.trial.model import Polarity
from eligo.vocabulary.terms import ELIG

POLARITY = {ELIG.Inclusion: Polarity.INCLUSION, ELIG.Exclusion: Polarity.EXCLUSION}
LONGEST_HEADING = 130


class Style(IntEnum):
    """What an item is marked with."""

    NONE = 0
    BULLET = 1
    NUMBER = 2
    DECIMAL = 3
    LETTER = 4
    ROMAN = 5


@dataclass(frozen=True)
class Heading:
    """A form of heading.

    Attributes:
        polarity: The kind of criteria under it; None: it leaves that open.
        whole: Matches a whole line.
        inline: Matches a heading within a line; None: there is no such form.
        refusing: A line it is found in is a sentence.
    """

    polarity: Polarity | None
    whole: re.Pattern[str]
    inline: re.Pattern[str] | None
    refusing: re.Pattern[str] | None

    def is_line(self, line: str) -> bool:
        """Tell whether a line is such a heading."""
        if len(line) > LONGEST_HEADING or self.whole.fullmatch(line) is None:
            return False
        return self.refusing is None or self.refusing.search(line) is None


@dataclass(frozen=True)
class Layout:
    """How texts of criteria are laid out.

    Attributes:
        headings: Forms of headings; the first that fits counts.
        marks: The marks of items, each with its style; the first that fits counts.
        topics: A known label with its colon (or between hyphens), at the start or behind a space.
        excluding: Words of lines that speak of what excludes.
        counting: Words, in lower case, behind which a number marks no item.
    """

    headings: tuple[Heading, ...]
    marks: tuple[tuple[Style, re.Pattern[str]], ...]
    topics: re.Pattern[str]
    excluding: re.Pattern[str]
    counting: frozenset[str]

    @staticmethod
    def load(graph: Graph) -> Layout:
        """Return the layout that a graph states.

        Args:
            graph: The importer's ontology.
        """
        registry = REGISTRY.ClinicalTrialsGov
        labels = sorted((str(x) for x in graph.objects(registry, REGISTRY.topicLabel)), key=len)
        topics = "|".join(re.escape(label).replace(r"\ ", r"\s+") for label in reversed(labels))
        forms = sorted(graph.subjects(RDF.type, REGISTRY.HeadingForm), key=str)
        forms.sort(key=lambda form: form != REGISTRY.NeutralHeading)
        styles = (
            (Style.BULLET, REGISTRY.BulletMark),
            (Style.DECIMAL, REGISTRY.DecimalMark),
            (Style.NUMBER, REGISTRY.NumberMark),
            (Style.ROMAN, REGISTRY.RomanMark),
            (Style.LETTER, REGISTRY.LetterMark),
        )
        excluding = sorted(str(x) for x in graph.objects(registry, REGISTRY.exclusionPhrase))
        return Layout(
            tuple(_heading(graph, form) for form in forms),
            tuple(
                (style, re.compile(str(one(graph, mark, REGISTRY.pattern))))
                for style, mark in styles
            ),
            re.compile(
                rf"(?<!\S)(?:(?:{topics})\s*:|--\s*(?:{topics})\s*--)(?=\s|$)", re.IGNORECASE
            ),
            re.compile("|".join(excluding), re.IGNORECASE),
            frozenset(str(word).lower() for word in graph.objects(registry, REGISTRY.countingWord)),
        )

    @staticmethod
    @cache
    def installed() -> Layout:
        """Return what comes with Eligo."""
        return Layout.load(knowledge_graph())


def _heading(graph: Graph, form: Node) -> Heading:
    def pattern(predicate: Node) -> re.Pattern[str] | None:
        found = sorted(str(text) for text in graph.objects(form, predicate))
        return re.compile("|".join(f"(?:{text})" for text in found), re.I) if found else None

    whole = pattern(REGISTRY.pattern)
    kind = graph.value(form, REGISTRY.announces)
    return Heading(
        None if kind is None else POLARITY[URIRef(str(kind))],
        re.compile("(?!)") if whole is None else whole,
        pattern(REGISTRY.inlinePattern),
        pattern(REGISTRY.refusingPattern),
    )
