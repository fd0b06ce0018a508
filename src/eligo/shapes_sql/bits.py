"""Sets of terms as bits of whole numbers, so that a row says in one column what a node has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import URIRef

WIDTH = 62
Words = tuple[int, ...]
"""Bits of terms, 62 in a word."""


@dataclass(frozen=True)
class Bits:
    """Terms, each with a bit of its own; `other` adds one for all that are not listed."""

    prefix: str
    terms: tuple[URIRef, ...]
    other: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that hold the bits."""
        size = len(self.terms) + self.other
        return tuple(f"{self.prefix}_{n}" for n in range(max(1, -(-size // WIDTH))))

    def words(self, terms: Iterable[URIRef], *, other: bool = False) -> Words:
        """Return the words with the bits of some terms."""
        words = [0] * len(self.columns)
        places = [self.terms.index(term) for term in terms]
        for place in [*places, *([len(self.terms)] if other else [])]:
            words[place // WIDTH] |= 1 << place % WIDTH
        return tuple(words)

    def any_of(self, alias: str, words: Words) -> str:
        """Return the condition that a row has any of some bits."""
        tests = [
            f"{alias}.{column} & {word} <> 0"
            for column, word in zip(self.columns, words, strict=True)
            if word
        ]
        return f"({' OR '.join(tests)})" if tests else "FALSE"

    def besides(self, alias: str, terms: Iterable[URIRef]) -> str:
        """Return the condition that a row has a bit beside those of some terms."""
        words = self.words(terms)
        full = self.words(self.terms, other=self.other)
        rest = tuple(a & ~b for a, b in zip(full, words, strict=True))
        return self.any_of(alias, rest)
