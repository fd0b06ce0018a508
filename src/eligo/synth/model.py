"""What a population of invented patients consists of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from rdflib import Literal, URIRef


class Shape(StrEnum):
    """How a number is distributed."""

    UNIFORM = "uniform"
    NORMAL = "normal"
    LOG_NORMAL = "logNormal"


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a limit, or just inside or outside of it.

    Attributes:
        number: The number; for a date, days before the anchor.
        months: For a date, calendar months to go back besides.
    """

    number: Decimal
    months: int = 0


@dataclass(frozen=True, slots=True)
class Number:
    """A number to be drawn.

    Attributes:
        shape: Its distribution.
        first: Least number, mean or median.
        second: Greatest number, standard deviation or geometric standard deviation.
        minimum: Less becomes this.
        maximum: More becomes this.
        places: Decimal places; 0 is a whole number.
        points: Values on and beside limits of the trial's rules.
    """

    shape: Shape
    first: float
    second: float
    minimum: float | None = None
    maximum: float | None = None
    places: int = 1
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """A date to be drawn.

    Attributes:
        number: Days before the anchor; of a last day, the length in days, both ends counted.
        anchor: The date it is counted from; None for a last day, counted from the first one.
    """

    number: Number
    anchor: URIRef | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several constant values, each as likely as the others."""

    options: tuple[URIRef | Literal, ...]


Draw: TypeAlias = Number | Day | Choice


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact, or a node of one, as it will be on record.

    Attributes:
        kind: Its class.
        statements: Properties and values in a stable order.
    """

    kind: URIRef
    statements: tuple[tuple[URIRef, Value], ...]

    def stating(self, others: tuple[tuple[URIRef, Value], ...]) -> Fact:
        """Return the fact with other statements in place of those of the same properties."""
        named = {name for name, _ in others}
        kept = tuple(s for s in self.statements if s[0] not in named)
        return replace(self, statements=tuple(sorted((*kept, *others), key=lambda s: s[0])))


Value: TypeAlias = URIRef | Literal | Draw | Fact


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the ways in which a record may hold an item.

    Attributes:
        facts: What is on record; nothing where empty.
        weight: How often, beside the other variants.
        typical: Whether those who may join have it.
    """

    facts: tuple[Fact, ...] = ()
    weight: float = 1.0
    typical: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """Something that records may hold.

    Attributes:
        name: Its name in the IRIs of facts.
        variants: Of which each patient has one.
        sex: The sex at birth that it is limited to.
    """

    name: str
    variants: tuple[Variant, ...]
    sex: URIRef | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """An anchor date: drawn between two days, or counted from an earlier anchor."""

    name: URIRef
    between: tuple[date, date] | None
    day: Day | None


@dataclass(frozen=True, slots=True)
class Population:
    """A population for one trial.

    Attributes:
        trial: Registry number of the trial.
        items: What records may hold.
        awkward: What makes a record hard to read.
        anchors: The dates of a screening.
        candidates: Share of patients who are typical of those who may join.
    """

    trial: str
    items: tuple[Item, ...]
    awkward: tuple[Item, ...]
    anchors: tuple[Anchor, ...]
    candidates: float
