"""Candidates that share an ontology."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import URIRef

from eligo.assess.match import Candidate
from eligo.expression.asked import Asked, asked
from eligo.expression.rules import Rules, read_rules
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.tables import Table, vocabulary_tables


@dataclass
class Group:
    """Candidates that one derivation serves.

    Attributes:
        ontology: The general ontology and what the candidates add to it.
        candidates: The trials.
    """

    ontology: Ontology
    candidates: list[Candidate] = field(default_factory=list)

    @cached_property
    def rules(self) -> Rules:
        """The classes that decide the criteria."""
        return read_rules(self.ontology)

    @cached_property
    def asked(self) -> Asked:
        """What they ask of a record."""
        return asked(self.rules)

    @cached_property
    def vocabulary(self) -> tuple[Table, ...]:
        """The ontology as tables for derivation."""
        return vocabulary_tables(self.ontology, self.rules.below)

    def judged(self, candidates: Iterable[Candidate]) -> tuple[URIRef, ...]:
        """Return the classes that decide the criteria of candidates, each once."""
        every = (item.judged for candidate in candidates for item in candidate.items)
        return tuple(sorted({name for name in every if name is not None}))
