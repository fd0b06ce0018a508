"""OWL class expressions as blocks of Turtle."""

from __future__ import annotations

from typing import TypeAlias

from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.namespace import OWL, XSD

from eligo.compile.turtle import Block, Sequence
from eligo.registry.ages import Range

Expression: TypeAlias = Block | URIRef


def in_range(measure: URIRef, facets: Range) -> Block:
    """Return the class of patients whose measure lies in a range."""
    bounds = [
        Block(((facet, Literal(f"{bound}.0", datatype=XSD.decimal, normalize=False)),))
        for facet, bound in facets.items()
    ]
    datatype = Block(
        (
            (RDF.type, RDFS.Datatype),
            (OWL.onDatatype, XSD.decimal),
            (OWL.withRestrictions, Sequence(tuple(bounds))),
        )
    )
    return Block(
        (
            (RDF.type, OWL.Restriction),
            (OWL.onProperty, measure),
            (OWL.someValuesFrom, datatype),
        )
    )


def has_value(attribute: URIRef, value: URIRef | Literal) -> Block:
    """Return the class of patients with a value."""
    return Block(
        (
            (RDF.type, OWL.Restriction),
            (OWL.onProperty, attribute),
            (OWL.hasValue, value),
        )
    )


def boolean(operator: URIRef, *parts: Expression) -> Block:
    """Return a union or an intersection."""
    return Block(((RDF.type, OWL.Class), (operator, Sequence(parts))))


def complement(part: Expression) -> Block:
    """Return the class of those who are not in a class."""
    return Block(((RDF.type, OWL.Class), (OWL.complementOf, part)))
