"""Turtle as trees that can be renamed, compared and written in one fixed layout."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from eligo.compile.turtle import Block, Pairs, Sequence, Several, Term, write_subject
from eligo.vocabulary.ontology import to_rdflib

DIGEST_LENGTH = 12


@dataclass(frozen=True)
class Description:
    """What is said about one subject.

    Attributes:
        subject: The subject.
        pairs: Predicates and objects in the order written.
    """

    subject: URIRef
    pairs: tuple[tuple[URIRef, Term], ...]

    def values(self, predicate: URIRef) -> list[Term]:
        """Return the objects of a predicate."""
        found: list[Term] = []
        for name, term in self.pairs:
            if name == predicate:
                found.extend(term.items if isinstance(term, Several) else (term,))
        return found

    def written(self, short: Callable[[URIRef], str]) -> str:
        """Return it as a block of Turtle."""
        return write_subject(self.subject, list(self.pairs), short)


@dataclass
class _Nodes:
    """Statements by subject, in the order written."""

    pairs: dict[Node, list[tuple[URIRef, Node]]] = field(default_factory=dict)

    def term(self, node: Node) -> Term:
        if isinstance(node, URIRef | Literal) and node != RDF.nil:
            return node
        if self._is_list(node):
            return Sequence(tuple(self._items(node)))
        return Block(tuple(self.described(node)))

    def described(self, subject: Node) -> Pairs:
        together: dict[URIRef, list[Node]] = {}
        for predicate, value in self.pairs.get(subject, ()):
            together.setdefault(predicate, []).append(value)
        found: Pairs = []
        for predicate, values in together.items():
            terms = [self.term(value) for value in values]
            plain = tuple(term for term in terms if isinstance(term, URIRef | Literal))
            if len(plain) == len(terms) > 1:
                found.append((predicate, Several(plain)))
            else:
                found.extend((predicate, term) for term in terms)
        return found

    def _is_list(self, node: Node) -> bool:
        return node == RDF.nil or any(p == RDF.first for p, _ in self.pairs.get(node, ()))

    def _items(self, node: Node) -> list[Term]:
        items: list[Term] = []
        while node != RDF.nil:
            cell = dict(self.pairs[node])
            items.append(self.term(cell[RDF.first]))
            node = cell[RDF.rest]
        return items


def describe(text: str) -> list[Description]:
    """Return what a Turtle text says, by named subject in the order written.

    Args:
        text: A whole document.

    Raises:
        SyntaxError: It is no Turtle.
    """
    nodes = _Nodes()
    for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
        subject, predicate, value = (
            to_rdflib(term) for term in (quad.subject, quad.predicate, quad.object)
        )
        nodes.pairs.setdefault(subject, []).append((URIRef(str(predicate)), value))
    return [
        Description(subject, tuple(nodes.described(subject)))
        for subject in nodes.pairs
        if isinstance(subject, URIRef) and not isinstance(subject, BNode)
    ]


def rename(term: Term, names: Mapping[URIRef, URIRef]) -> Term:
    """Return a term with names replaced."""
    match term:
        case URIRef():
            return names.get(term, term)
        case Several(items):
            return Several(tuple(names.get(i, i) if isinstance(i, URIRef) else i for i in items))
        case Sequence(members):
            return Sequence(tuple(rename(member, names) for member in members))
        case Block(pairs):
            return Block(tuple((names.get(p, p), rename(o, names)) for p, o in pairs))
        case _:
            return term


def canonical(term: Term) -> str:
    """Return a text that is the same for terms that say the same, whatever order they are in."""
    match term:
        case Several(items):
            return " , ".join(sorted(item.n3() for item in items))
        case Sequence(members):
            return f"( {' '.join(canonical(member) for member in members)} )"
        case Block(pairs):
            return f"[ {' ; '.join(sorted(f'{p} {canonical(o)}' for p, o in pairs))} ]"
        case _:
            return term.n3()


def digest(text: str) -> str:
    """Return the short hash by which something written is known again."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]
