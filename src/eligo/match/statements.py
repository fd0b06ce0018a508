"""The statements of a trial's file by subject, as they are parsed: far cheaper than a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.term import Node

from eligo.errors import InputError
from eligo.vocabulary.ontology import to_rdflib

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Subject: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple


@dataclass(frozen=True)
class Statements:
    """What a file states.

    Attributes:
        source: Name of the file.
        about: Objects by subject and predicate.
    """

    source: str
    about: dict[Subject, dict[str, list[Term]]]

    @staticmethod
    def parse(data: bytes, source: str, base: str) -> Statements:
        """Parse Turtle.

        Raises:
            InputError: It is not Turtle; the message names line and column.
        """
        about: dict[Subject, dict[str, list[Term]]] = {}
        try:
            for quad in ox.parse(data, format=ox.RdfFormat.TURTLE, base_iri=base):
                said = about.setdefault(quad.subject, {})
                said.setdefault(quad.predicate.value, []).append(quad.object)
        except SyntaxError as error:
            raise InputError(
                f"not valid Turtle: {error.msg}",
                source=source,
                line=error.lineno,
                column=error.offset,
            ) from error
        return Statements(source, about)

    def values(self, subject: Subject, predicate: str) -> list[Term]:
        """Return the objects of a predicate."""
        return self.about.get(subject, {}).get(predicate, [])

    def iris(self, subject: Subject, predicate: str) -> set[str]:
        """Return the objects of a predicate that are IRIs."""
        found = self.values(subject, predicate)
        return {term.value for term in found if isinstance(term, ox.NamedNode)}

    def text(self, subject: Subject, predicate: str) -> str | None:
        """Return the first object of a predicate as text."""
        for term in self.values(subject, predicate):
            if isinstance(term, ox.Literal):
                return term.value
        return None

    def triples(self, subject: Subject, scope: str) -> Iterator[tuple[Node, Node, Node]]:
        """Yield the statements about a subject for a graph.

        Args:
            subject: The subject.
            scope: Keeps blank nodes of files apart.
        """
        node = to_rdflib(subject, scope)
        for predicate, terms in self.about.get(subject, {}).items():
            for term in terms:
                yield node, URIRef(predicate), to_rdflib(term, scope)
