"""Give blank nodes names made from their content.

Facts must be pointed at from results, and the same fact read twice (another file, another order)
must be the same fact. A name is a hash of what the node says and of where it hangs.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from eligo.errors import InputError

PREFIX = "urn:eligo:node:"


def skolemise(quads: Iterable[ox.Quad], source: str) -> list[ox.Quad]:
    """Replace every blank node by an IRI made from its content; what is said twice counts once.

    Raises:
        InputError: Blank nodes refer to each other in a circle.
    """
    quads = list({(q.subject, q.predicate, q.object): q for q in quads}.values())
    outgoing: dict[str, list[ox.Quad]] = defaultdict(list)
    incoming: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode):
            outgoing[quad.subject.value].append(quad)
        if isinstance(quad.object, ox.BlankNode):
            incoming[quad.object.value].append(quad)
    if not outgoing and not incoming:
        return quads
    namer = _Namer(outgoing, incoming, source)
    return [
        ox.Quad(namer.name(q.subject), q.predicate, namer.name(q.object), q.graph_name)
        for q in quads
    ]


class _Namer:
    def __init__(
        self, outgoing: dict[str, list[ox.Quad]], incoming: dict[str, list[ox.Quad]], source: str
    ) -> None:
        self._outgoing = outgoing
        self._incoming = incoming
        self._source = source
        self._contents: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._open: set[str] = set()

    def name(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode:
        """Return the term itself, or the IRI that stands for a blank node."""
        if isinstance(term, ox.BlankNode):
            return ox.NamedNode(self._name(term.value))
        return term  # type: ignore[return-value]

    def _content(self, node: str) -> str:
        if node not in self._contents:
            self._enter(node)
            parts = sorted(
                f"{q.predicate} {self._content(q.object.value)}"
                if isinstance(q.object, ox.BlankNode)
                else f"{q.predicate} {q.object}"
                for q in self._outgoing.get(node, ())
            )
            self._open.discard(node)
            self._contents[node] = _hash("\n".join(parts))
        return self._contents[node]

    def _name(self, node: str) -> str:
        if node not in self._names:
            content = self._content(node)
            self._enter(node)
            places = sorted(
                f"{self._name(q.subject.value)} {q.predicate}"
                if isinstance(q.subject, ox.BlankNode)
                else f"{q.subject} {q.predicate}"
                for q in self._incoming.get(node, ())
            )
            self._open.discard(node)
            self._names[node] = PREFIX + _hash(content + "\n" + "\n".join(places))
        return self._names[node]

    def _enter(self, node: str) -> None:
        if node in self._open:
            raise InputError(
                f"blank nodes refer to each other in a circle (at _:{node}); give them IRIs",
                source=self._source,
            )
        self._open.add(node)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
