"""The typed expression tree that every criterion is read into.

The tree is the only thing engines see: the SHACL compiler, the direct evaluator and explanations
all walk it. Values are IRIs (`rdflib.URIRef`), booleans or strings; numbers are `Decimal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from rdflib import Literal, URIRef


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold (`owl:intersectionOf`)."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds (`owl:unionOf`)."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold (`owl:complementOf`)."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Ref:
    """A named criterion, supporting class or class of facts."""

    name: URIRef


@dataclass(frozen=True, slots=True)
class Kind:
    """The node is a concept of this kind or of one below it."""

    concept: URIRef


@dataclass(frozen=True, slots=True)
class Some:
    """At least `count` facts of a relation satisfy the filler.

    The relation is open: the absence of facts proves something only where the record is complete.
    """

    relation: URIRef
    filler: Expression
    count: int = 1


@dataclass(frozen=True, slots=True)
class Attribute:
    """The value of a functional attribute or measure satisfies the filler; absent is unknown."""

    attribute: URIRef
    filler: Expression


@dataclass(frozen=True, slots=True)
class Range:
    """The number of a measure or attribute lies in a range; numbers in data are intervals."""

    attribute: URIRef
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    minimum_inclusive: bool = True
    maximum_inclusive: bool = True


@dataclass(frozen=True, slots=True)
class HasValue:
    """The functional attribute or measure has this value; absent is unknown."""

    attribute: URIRef
    value: URIRef | Literal


Expression: TypeAlias = And | Or | Not | Ref | Kind | Some | Attribute | Range | HasValue


@dataclass(frozen=True, slots=True)
class Definition:
    """A named class with its expression.

    Attributes:
        name: IRI of the class.
        expression: The definition, or None where the record is not formalised (always unknown).
        refuted_by: IRI of the class that replaces the negation of the definition, if any.
        closed: Relations, with the kind each is limited to (None for all kinds), that a decision
        adopted by
            this class treats as completely recorded.
    """

    name: URIRef
    expression: Expression | None
    refuted_by: URIRef | None = None
    closed: frozenset[tuple[URIRef, URIRef | None]] = frozenset()


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the direct sub-expressions of an expression."""
    match expression:
        case And(parts) | Or(parts):
            return parts
        case Not(part):
            return (part,)
        case Some(filler=filler) | Attribute(filler=filler):
            return (filler,)
        case _:
            return ()


def references(expression: Expression) -> frozenset[URIRef]:
    """Return every named class that an expression refers to, at any depth."""
    found = {expression.name} if isinstance(expression, Ref) else set()
    for child in children(expression):
        found |= references(child)
    return frozenset(found)


def kinds(expression: Expression) -> frozenset[URIRef]:
    """Return every concept that an expression names as a kind, at any depth."""
    found = {expression.concept} if isinstance(expression, Kind) else set()
    for child in children(expression):
        found |= kinds(child)
    return frozenset(found)
