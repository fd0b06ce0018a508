"""What is counted once about every node: its properties, what it hangs on, and its classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from eligo.shapes_sql.bits import Bits, Words
from eligo.shapes_sql.model import Shape
from eligo.shapes_sql.names import Names
from eligo.vocabulary.tables import Row, Table

LIMITS = frozenset({SH.minCount, SH.maxCount})
BETWEEN = frozenset({SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals})


@dataclass(frozen=True)
class Profile:
    """What is known of nodes, and the vocabulary that records are read with.

    Attributes:
        vocabulary: What every record is mixed with.
        names: How terms are written.
        has: Properties that nodes have.
        held: Properties that nodes are values of.
        classes: Classes that nodes are instances of.
        limited: Properties whose number of values is limited.
        limited_inverse: Properties that a node may be a value of a limited number of times.
        linked: Properties that are followed from their values.
        named: Other properties that are asked for.
    """

    vocabulary: Graph
    names: Names
    has: Bits
    held: Bits
    classes: Bits
    limited: frozenset[URIRef]
    limited_inverse: frozenset[URIRef]
    linked: frozenset[URIRef]
    named: frozenset[URIRef]

    @staticmethod
    def of(
        shapes: Iterable[Shape],
        vocabulary: Graph,
        names: Names,
        named: Iterable[URIRef] = (),
    ) -> Profile:
        """Choose what must be known for some shapes."""
        has: set[URIRef] = set()
        linked: set[URIRef] = set()
        classes: set[URIRef] = set()
        limited: dict[bool, set[URIRef]] = {False: set(), True: set()}
        for shape in _all(shapes):
            if shape.predicate is not None and LIMITS & {c.parameter for c in shape.constraints}:
                limited[shape.predicate.inverse].add(shape.predicate.predicate)
            steps = [step for chain in shape.path or () for step in chain]
            has |= {step.predicate for step in steps if not step.inverse}
            linked |= {step.predicate for step in steps if step.inverse}
            has |= shape.allowed or set()
            for constraint in shape.constraints:
                if constraint.parameter == SH["class"]:
                    classes |= {URIRef(str(term)) for term in constraint.terms}
                if constraint.parameter in BETWEEN:
                    has |= {URIRef(str(term)) for term in constraint.terms}
            for target in shape.targets:
                kinds = {SH.targetClass: classes, SH.targetSubjectsOf: has}
                kinds[SH.targetObjectsOf] = linked
                kinds.get(target.kind, set()).add(target.term)
        return Profile(
            vocabulary,
            names,
            Bits("has", tuple(sorted(has)), other=True),
            Bits("held", tuple(p for p in sorted(linked) if (None, p, None) not in vocabulary)),
            Bits("class", tuple(sorted(classes))),
            frozenset(limited[False]),
            frozenset(p for p in limited[True] if (None, p, None) not in vocabulary),
            frozenset(linked),
            frozenset(named),
        )

    def mixed(self, predicate: URIRef) -> bool:
        """Tell whether the vocabulary says something with a predicate."""
        return (None, predicate, None) in self.vocabulary

    def counted(self, predicate: URIRef, *, inverse: bool = False) -> bool:
        """Tell whether the values of a predicate are counted for every node."""
        return not self.mixed(predicate) and predicate in (self.held if inverse else self.has).terms

    def tables(self) -> tuple[Table, ...]:
        """Return the vocabulary as tables."""
        return (
            self._statements(),
            self._properties(),
            self._table("shape_class", "class", self.classes.columns, self._classes()),
            self._table(
                "shape_vocabulary_node",
                "node",
                (*self.has.columns, *self.classes.columns),
                self._nodes(),
            ),
            Table(
                "shape_vocabulary_below",
                {"class": "VARCHAR", "above": "VARCHAR"},
                tuple(
                    (self.names.written(term), self.names.written(above))
                    for term, reach in sorted(self._above().items(), key=str)
                    for above in sorted(reach, key=str)
                ),
            ),
        )

    def _table(self, name: str, key: str, words: Iterable[str], rows: dict[str, Words]) -> Table:
        columns = {key: "VARCHAR"} | dict.fromkeys(words, "BIGINT")
        return Table(name, columns, tuple((k, *rows[k]) for k in sorted(rows)))

    @property
    def properties(self) -> tuple[URIRef, ...]:
        """Every property that has a number; the first has the number 1."""
        every = {*self.has.terms, *self.linked, *self.named, RDF.type, RDFS.subClassOf}
        return tuple(sorted(every))

    def number(self, predicate: URIRef) -> int:
        """Return the number of a property."""
        return self.properties.index(predicate) + 1

    def _properties(self) -> Table:
        used, held = set(self.has.terms), set(self.held.terms)
        other, no_link = self.has.words([], other=True), self.held.words([])
        rows: list[Row] = [("", 0, *other, *no_link, 0, 0, "false", "false")]
        rows += [
            (
                self.names.written(p),
                number,
                *(self.has.words([p]) if p in used else other),
                *(self.held.words([p]) if p in held else no_link),
                int(p in self.limited),
                int(p in self.limited_inverse),
                str(p in held).lower(),
                str(p in self.linked).lower(),
            )
            for number, p in enumerate(self.properties, start=1)
        ]
        words = dict.fromkeys((*self.has.columns, *self.held.columns), "BIGINT")
        counts = dict.fromkeys(("counted", "held_counted"), "SMALLINT")
        keys = {"predicate": "VARCHAR", "number": "SMALLINT"}
        marks = dict.fromkeys(("held", "linked"), "BOOLEAN")
        return Table("shape_property", keys | words | counts | marks, tuple(rows))

    def _statements(self) -> Table:
        rows: list[Row] = [
            (self.names.written(s), self.names.written(p), *self.names.parts(o), self.names.key(o))
            for s, p, o in self.vocabulary
        ]
        columns = ("subject", "predicate", "object", "kind", "datatype", "language", "key")
        return Table("shape_vocabulary", dict.fromkeys(columns, "VARCHAR"), tuple(sorted(rows)))

    def _above(self) -> dict[Node, set[Node]]:
        """Return, for every class of the vocabulary, itself and the classes above it."""
        classes = {
            *self.vocabulary.subjects(RDFS.subClassOf),
            *self.vocabulary.objects(None, RDF.type),
        }
        classes |= {*self.vocabulary.objects(None, RDFS.subClassOf)}
        return {
            term: {t for t in self.vocabulary.transitive_objects(term, RDFS.subClassOf) if t}
            for term in classes
        }

    def _asked(self, above: Iterable[Node]) -> Words:
        asked = set(above)
        return self.classes.words(term for term in self.classes.terms if term in asked)

    def _classes(self) -> dict[str, Words]:
        above: dict[Node, set[Node]] = {term: {term} for term in self.classes.terms}
        above |= self._above()
        found = {self.names.written(term): self._asked(reach) for term, reach in above.items()}
        return {name: words for name, words in found.items() if any(words)}

    def _nodes(self) -> dict[str, Words]:
        above = self._above()
        kinds: dict[Node, set[Node]] = defaultdict(set)
        used: dict[Node, set[URIRef]] = defaultdict(set)
        for subject, predicate, value in self.vocabulary:
            used[subject].add(URIRef(str(predicate)))
            if predicate == RDF.type:
                kinds[subject] |= above[value]
        known = set(self.has.terms)
        return {
            self.names.written(node): (
                *self.has.words(used[node] & known, other=bool(used[node] - known)),
                *self._asked(kinds[node]),
            )
            for node in used
        }


def _all(shapes: Iterable[Shape]) -> list[Shape]:
    found: list[Shape] = []
    for shape in shapes:
        found += [shape, *_all(shape.parts())]
    return found
