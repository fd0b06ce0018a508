"""Definitions in a form in which those of different trials can be held against each other.

Equal terms of different trials have one name in it, numbers stand on the scale that measures of
different units share, and a windowed relation is its base relation to facts within the window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from rdflib import Literal, URIRef


@dataclass(frozen=True, slots=True)
class All:
    """All parts hold; without parts, always."""

    parts: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds; without parts, never."""

    parts: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part does not hold."""

    part: Form


@dataclass(frozen=True, slots=True)
class Named:
    """The definition of a named class.

    Attributes:
        part: The definition.
    """

    part: Form


@dataclass(frozen=True, slots=True)
class Opaque:
    """A class of which nothing is known: a criterion that nobody put in logic.

    Attributes:
        side: Which trial it belongs to.
        name: The class.
    """

    side: str
    name: URIRef


@dataclass(frozen=True, slots=True)
class IsA:
    """The value is a concept of this kind or of one below it."""

    concept: URIRef


@dataclass(frozen=True, slots=True)
class Window:
    """The fact may lie in a window around an anchor date; None is no limit.

    Attributes:
        anchor: The date.
        days: Days before it.
        months: Calendar months before it.
        after: Days after it.
        current: The relation whose current facts these are, where the window is the day itself.
    """

    anchor: URIRef
    days: int | None
    months: int | None
    after: int | None
    current: URIRef | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """At least `count` facts of a relation satisfy the filler."""

    relation: URIRef
    filler: Form
    count: int = 1


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an attribute or measure satisfies the filler."""

    attribute: URIRef
    filler: Form
    functional: bool = True


@dataclass(frozen=True, slots=True)
class Exactly:
    """The value of an attribute or measure is this one."""

    attribute: URIRef
    value: URIRef | Literal
    functional: bool = True


@dataclass(frozen=True, slots=True)
class Interval:
    """The number of an attribute or measure lies between bounds; None is no bound."""

    quantity: URIRef
    low: Fraction | None
    high: Fraction | None
    low_in: bool = True
    high_in: bool = True


Form: TypeAlias = (
    All | Any | Without | Named | Opaque | IsA | Window | Facts | Value | Exactly | Interval
)

ALWAYS = All(())


def negated(form: Form) -> Form:
    """Return the negation of a form."""
    return form.part if isinstance(form, Without) else Without(form)


def inner(form: Form) -> tuple[Form, ...]:
    """Return the direct parts of a form."""
    match form:
        case All(parts) | Any(parts):
            return parts
        case Without(part) | Named(part):
            return (part,)
        case Facts(filler=filler) | Value(filler=filler):
            return (filler,)
        case _:
            return ()


def collect(form: Form, found: Callable[[Form], None]) -> None:
    """Hand over a form and everything within it."""
    found(form)
    for part in inner(form):
        collect(part, found)


def is_open(form: Form) -> bool:
    """Tell whether a form rests on something that nobody put in logic."""
    return isinstance(form, Opaque) or any(map(is_open, inner(form)))


def roots(form: Form) -> frozenset[URIRef]:
    """Return the relations and measures of a patient that a form speaks of."""
    match form:
        case Facts(relation, _, _):
            return frozenset({relation})
        case Value(attribute, _, _) | Exactly(attribute, _, _):
            return frozenset({attribute})
        case Interval(quantity, _, _, _, _):
            return frozenset({quantity})
        case _:
            return frozenset().union(*map(roots, inner(form)))


def subjects(form: Form, relation: URIRef | None = None) -> frozenset[tuple[URIRef, URIRef | None]]:
    """Return what a form speaks of: measures, and relations with each kind of their facts."""
    match form:
        case Facts(of, filler, _):
            kinds = subjects(filler, of)
            return kinds or frozenset({(of, None)})
        case IsA(concept) if relation is not None:
            return frozenset({(relation, concept)})
        case Value(attribute, _, _) | Exactly(attribute, _, _) if relation is None:
            return frozenset({(attribute, None)})
        case Interval(quantity, _, _, _, _) if relation is None:
            return frozenset({(quantity, None)})
        case _:
            return frozenset().union(*(subjects(part, relation) for part in inner(form)))


def alternatives(form: Form) -> tuple[Form, ...]:
    """Return the ways in which a form can hold, where it names alternatives; else itself."""
    match form:
        case Named(part):
            return alternatives(part)
        case Any(parts) if parts:
            return tuple(way for part in parts for way in alternatives(part))
        case All(parts) if sum(_is_choice(part) for part in parts) == 1:
            choice = next(part for part in parts if _is_choice(part))
            rest = tuple(part for part in parts if part is not choice)
            return tuple(All((*rest, way)) for way in alternatives(choice))
        case _:
            return (form,)


def _is_choice(form: Form) -> bool:
    return len(alternatives(form)) > 1
