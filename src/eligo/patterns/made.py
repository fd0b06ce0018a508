"""What a pattern is used for, and what it makes."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef

from eligo.compile.turtle import Term
from eligo.patterns.tree import Description


@dataclass(frozen=True)
class Made:
    """What a use makes.

    Attributes:
        label: A label for the criterion.
        words: A definition in words.
        ask: What to ask for; None: nothing.
        reason: Why it is not formalised; None: it is.
        definition: Its definition; None: it is not formalised.
        refuted_by: The class that refutes it; None: all others are refuted.
        beside: Classes, measures and relations that it needs.
        attested: Whether only a person can settle it.
    """

    label: str
    words: str
    ask: str | None
    reason: str | None
    definition: Term | None
    refuted_by: URIRef | None
    beside: tuple[Description, ...]
    attested: bool


@dataclass(frozen=True)
class Subject:
    """The criterion that a pattern is used for.

    Attributes:
        name: Its IRI.
        trial: Its trial.
        adopts: Decisions that it adopts.
        negated: Whether it says that it is not so.
        inclusion: Whether it must hold.
        label: Its label, where a pattern makes none.
        meaning: Its definition in words, where a pattern makes none.
    """

    name: URIRef
    trial: URIRef
    adopts: tuple[URIRef, ...]
    negated: bool
    inclusion: bool
    label: str
    meaning: str

    def helper(self, local: str) -> URIRef:
        """Return the name of a class beside it."""
        return URIRef(f"{self.name}-{local}")
