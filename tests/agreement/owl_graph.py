"""Class expressions written into an RDF graph, and definitions of the typed tree as OWL."""

from __future__ import annotations

from collections.abc import Collection as Items
from dataclasses import dataclass, field
from decimal import Decimal

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

from eligo.expression.model import (
    And,
    Attribute,
    Expression,
    HasValue,
    Kind,
    Not,
    Or,
    Range,
    Ref,
    Some,
)


@dataclass(frozen=True)
class OwlGraph:
    """A graph that OWL expressions are added to; each method returns the node of what it added."""

    graph: Graph = field(default_factory=lambda: Graph(bind_namespaces="none"))

    def add(self, *triple: Node) -> None:
        """Add a triple."""
        subject, predicate, value = triple
        self.graph.add((subject, predicate, value))

    def restriction(self, prop: URIRef, how: URIRef, filler: Node, count: int = 0) -> Node:
        """Restrict a property; a COUNT makes it a qualified cardinality."""
        node = BNode()
        self.add(node, RDF.type, OWL.Restriction)
        self.add(node, OWL.onProperty, prop)
        if count:
            self.add(node, how, Literal(str(count), datatype=XSD.nonNegativeInteger))
            self.add(node, OWL.onClass, filler)
        else:
            self.add(node, how, filler)
        return node

    def some(self, prop: URIRef, filler: Node) -> Node:
        """Some value of a property is in a class or datatype."""
        return self.restriction(prop, OWL.someValuesFrom, filler)

    def only(self, prop: URIRef, filler: Node) -> Node:
        """All values of a property are in a class."""
        return self.restriction(prop, OWL.allValuesFrom, filler)

    def combined(self, how: URIRef, parts: Items[Node]) -> Node:
        """Combine parts by `owl:intersectionOf`, `owl:unionOf` or `owl:oneOf`."""
        node = BNode()
        self.add(node, RDF.type, OWL.Class)
        self.add(node, how, self._list(parts))
        return node

    def one_of(self, members: Items[Node]) -> Node:
        """The class of just these individuals."""
        return self.combined(OWL.oneOf, members) if members else OWL.Nothing

    def complement(self, part: Node) -> Node:
        """Everything that is not in a class."""
        node = BNode()
        self.add(node, RDF.type, OWL.Class)
        self.add(node, OWL.complementOf, part)
        return node

    def all_different(self, members: Items[Node]) -> None:
        """State that no two of these individuals are the same."""
        if len(members) > 1:
            node = BNode()
            self.add(node, RDF.type, OWL.AllDifferent)
            self.add(node, OWL.distinctMembers, self._list(members))

    def numbers(self, *facets: tuple[URIRef, Decimal]) -> Node:
        """The decimals within some bounds."""
        datatype, bounds = BNode(), []
        for facet, number in facets:
            bounds.append(BNode())
            self.add(bounds[-1], facet, Literal(f"{number:f}", datatype=XSD.decimal))
        self.add(datatype, RDF.type, RDFS.Datatype)
        self.add(datatype, OWL.onDatatype, XSD.decimal)
        self.add(datatype, OWL.withRestrictions, self._list(bounds))
        return datatype

    def expression(self, expression: Expression) -> Node:
        """Write a typed expression as the class expression it was or could have been read from."""
        match expression:
            case And(parts) | Or(parts):
                how, empty = (
                    (OWL.intersectionOf, OWL.Thing)
                    if isinstance(expression, And)
                    else (OWL.unionOf, OWL.Nothing)
                )
                written = [self.expression(part) for part in parts]
                if len(written) < 2:
                    return written[0] if written else empty
                return self.combined(how, written)
            case Not(part):
                return self.complement(self.expression(part))
            case Ref(name) | Kind(name):
                return name
            case Some(relation, filler, count):
                if count == 1:
                    return self.some(relation, self.expression(filler))
                of_class = self.expression(filler)
                return self.restriction(relation, OWL.minQualifiedCardinality, of_class, count)
            case Attribute(attribute, filler):
                return self.some(attribute, self.expression(filler))
            case HasValue(attribute, value):
                return self.restriction(attribute, OWL.hasValue, value)
            case Range():
                return self.some(expression.attribute, self._range(expression))

    def _range(self, wanted: Range) -> Node:
        facets = []
        if wanted.minimum is not None:
            facet = XSD.minInclusive if wanted.minimum_inclusive else XSD.minExclusive
            facets.append((facet, wanted.minimum))
        if wanted.maximum is not None:
            facet = XSD.maxInclusive if wanted.maximum_inclusive else XSD.maxExclusive
            facets.append((facet, wanted.maximum))
        return self.numbers(*facets)

    def _list(self, parts: Items[Node]) -> Node:
        head = BNode()
        Collection(self.graph, head, sorted(parts, key=str))
        return head
