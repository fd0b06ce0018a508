"""Forms as OWL for a reasoner that is asked whether they can hold together.

A named class is written twice, as what follows where it holds and as what follows where it does
not. For the question whether something can be, this is as good as its definition, and the reasoner
need not ask of everything whether it is defined so.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

from eligo.compare.forms import (
    All,
    Any,
    Exactly,
    Facts,
    Form,
    Interval,
    IsA,
    Named,
    Opaque,
    Value,
    Window,
    Without,
)

BASE = "urn:eligo:compare:"


class OwlWriter:
    """Writes forms into a graph.

    Args:
        bounds: Every number that a quantity is compared with; only their order is written, which
            is all that matters and keeps long fractions exact.
    """

    def __init__(self, bounds: dict[URIRef, set[Fraction]]) -> None:
        self.graph = Graph(bind_namespaces="none")
        self.windows: set[Window] = set()
        self.concepts: set[URIRef] = set()
        self.values: dict[URIRef, set[URIRef | Literal]] = {}
        self._ranks = {
            quantity: {bound: rank for rank, bound in enumerate(sorted(found))}
            for quantity, found in bounds.items()
        }
        self._classes: dict[tuple[Form, bool], URIRef] = {}
        self._count = 0

    def name(self, kind: str) -> URIRef:
        """Declare a new class."""
        self._count += 1
        name = URIRef(f"{BASE}{kind}{self._count}")
        self._add(name, RDF.type, OWL.Class)
        return name

    def below(self, narrow: Node, wide: Node) -> None:
        """State that one class lies below another."""
        self._add(narrow, RDFS.subClassOf, wide)

    def apart(self, one: Node, other: Node) -> None:
        """State that nothing is in both classes."""
        self._add(one, OWL.disjointWith, other)

    def same(self, form: Form) -> URIRef:
        """Return a class that is exactly a form without named classes."""
        name = self.name("same")
        self._add(name, OWL.equivalentClass, self.write(form, holds=True))
        return name

    def write(self, form: Form, *, holds: bool) -> Node:
        """Return the class of what satisfies a form, or of what does not.

        Args:
            form: The form.
            holds: Whether it is to hold.
        """
        match form:
            case All(parts) | Any(parts):
                both = isinstance(form, All) is holds
                return self._combined([self.write(part, holds=holds) for part in parts], both)
            case Without(part):
                return self.write(part, holds=not holds)
            case Named(part):
                return self._class(form, part, holds)
            case Facts():
                return self._facts(form, holds)
            case Value(attribute, filler, functional):
                self._property(attribute, OWL.ObjectProperty, functional)
                return self._some(attribute, filler, holds)
            case _:
                return self._signed(self._atom(form), holds)

    def _atom(self, form: Form) -> Node:
        match form:
            case Opaque():
                if (form, True) not in self._classes:
                    self._classes[form, True] = self.name("open")
                return self._classes[form, True]
            case IsA(concept):
                self.concepts.add(concept)
                self._add(concept, RDF.type, OWL.Class)
                return concept
            case Window():
                self.windows.add(form)
                if (form, True) not in self._classes:
                    self._classes[form, True] = self.name("window")
                return self._classes[form, True]
            case Exactly(attribute, value, functional):
                self._property(attribute, OWL.ObjectProperty, functional)
                self.values.setdefault(attribute, set()).add(value)
                return self._restriction(attribute, OWL.someValuesFrom, self.value(value))
            case Interval():
                return self._interval(form)
            case _:
                raise TypeError(f"not an atom: {form}")

    def value(self, value: URIRef | Literal) -> URIRef:
        """Return the class that stands for one coded or boolean value."""
        text = value if isinstance(value, URIRef) else f"literal:{value}"
        name = URIRef(f"{BASE}value:{text}")
        self._add(name, RDF.type, OWL.Class)
        return name

    def _class(self, form: Form, part: Form, holds: bool) -> URIRef:
        if (form, holds) not in self._classes:
            name = self._classes[form, holds] = self.name("holds" if holds else "fails")
            self.below(name, self.write(part, holds=holds))
        return self._classes[form, holds]

    def _facts(self, form: Facts, holds: bool) -> Node:
        self._property(form.relation, OWL.ObjectProperty, functional=False)
        if form.count == 1:
            return self._some(form.relation, form.filler, holds)
        if holds:
            of = self.write(form.filler, holds=True)
            return self._counted(form.relation, OWL.minQualifiedCardinality, form.count, of)
        of = self._signed(self.write(form.filler, holds=False), False)
        return self._counted(form.relation, OWL.maxQualifiedCardinality, form.count - 1, of)

    def _some(self, relation: URIRef, filler: Form, holds: bool) -> Node:
        how = OWL.someValuesFrom if holds else OWL.allValuesFrom
        return self._restriction(relation, how, self.write(filler, holds=holds))

    def _counted(self, relation: URIRef, how: URIRef, count: int, of: Node) -> Node:
        node = self._restriction(relation, how, Literal(count, datatype=XSD.nonNegativeInteger))
        self._add(node, OWL.onClass, of)
        return node

    def _interval(self, form: Interval) -> Node:
        self._property(form.quantity, OWL.DatatypeProperty, functional=True)
        ranks = self._ranks[form.quantity]
        facets = []
        for bound, included, closed, strict in (
            (form.low, form.low_in, XSD.minInclusive, XSD.minExclusive),
            (form.high, form.high_in, XSD.maxInclusive, XSD.maxExclusive),
        ):
            if bound is not None:
                facet = BNode()
                rank = Literal(f"{ranks[bound]}.0", datatype=XSD.decimal)
                self._add(facet, closed if included else strict, rank)
                facets.append(facet)
        datatype = BNode()
        self._add(datatype, RDF.type, RDFS.Datatype)
        self._add(datatype, OWL.onDatatype, XSD.decimal)
        self._add(datatype, OWL.withRestrictions, self._list(facets))
        return self._restriction(form.quantity, OWL.someValuesFrom, datatype)

    def _property(self, name: URIRef, kind: URIRef, functional: bool) -> None:
        self._add(name, RDF.type, kind)
        if functional:
            self._add(name, RDF.type, OWL.FunctionalProperty)

    def _restriction(self, prop: URIRef, how: URIRef, value: Node) -> Node:
        node = BNode()
        self._add(node, RDF.type, OWL.Restriction)
        self._add(node, OWL.onProperty, prop)
        self._add(node, how, value)
        return node

    def _signed(self, node: Node, holds: bool) -> Node:
        if holds:
            return node
        negation = BNode()
        self._add(negation, RDF.type, OWL.Class)
        self._add(negation, OWL.complementOf, node)
        return negation

    def _combined(self, parts: list[Node], both: bool) -> Node:
        if len(parts) < 2:
            return parts[0] if parts else (OWL.Thing if both else OWL.Nothing)
        node = BNode()
        self._add(node, RDF.type, OWL.Class)
        self._add(node, OWL.intersectionOf if both else OWL.unionOf, self._list(parts))
        return node

    def _list(self, parts: Iterable[Node]) -> Node:
        head = BNode()
        Collection(self.graph, head, list(parts))
        return head

    def _add(self, subject: Node, predicate: URIRef, value: Node) -> None:
        self.graph.add((subject, predicate, value))
