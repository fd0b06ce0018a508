"""Age limits of records: from a number and a unit to ranges of what is known of a patient."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rdflib import URIRef
from rdflib.namespace import XSD

from eligo.registry.knowledge import AgeUnit, Knowledge

AGE = re.compile(r"\s*(\d{1,4})\s*([A-Za-z]+)\.?\s*")

Range = Mapping[URIRef, int]
"""A range of a measure: facets (XML Schema) and their bounds."""


@dataclass(frozen=True)
class Age:
    """An age as a limit states it.

    Attributes:
        number: How many.
        unit: Of which unit.
    """

    number: int
    unit: AgeUnit


@dataclass(frozen=True)
class Limit:
    """What an age limit asks.

    Attributes:
        measure: The measure of a patient that it is about.
        met: The range that meets it.
        refuted: The range that refutes it; None: every other value does.
    """

    measure: URIRef
    met: Range
    refuted: Range | None


def read_age(text: str, knowledge: Knowledge) -> Age | None:
    """Return the age that a text states; None: it is no whole number with a known unit.

    Args:
        text: Such as `18 Years`.
        knowledge: The units.
    """
    match = AGE.fullmatch(text)
    unit = knowledge.age_units.get(match[2].lower()) if match else None
    return Age(int(match[1]), unit) if match and unit else None


def is_unlimited(text: str, knowledge: Knowledge) -> bool:
    """Tell whether a text says that there is no limit."""
    return text.strip().lower() in knowledge.no_limit


def minimum(age: Age) -> Limit:
    """Return what a minimum asks: that so many units are completed.

    A unit shorter than a day asks for whole days that leave no doubt: with d days between the day
    of birth and the day of screening, the age is more than d - 1 and less than d + 1 days.
    """
    bound = age.number * age.unit.size
    if age.unit.size >= 1:
        return Limit(age.unit.measure, {XSD.minInclusive: math.ceil(bound)}, None)
    met = {XSD.minInclusive: math.ceil(bound) + 1}
    return Limit(age.unit.measure, met, {XSD.maxInclusive: math.floor(bound) - 1})


def maximum(age: Age) -> Limit:
    """Return what a maximum asks: that one unit more is not completed."""
    bound = (age.number + 1) * age.unit.size
    if age.unit.size >= 1:
        return Limit(age.unit.measure, {XSD.maxExclusive: math.ceil(bound)}, None)
    met = {XSD.maxInclusive: math.floor(bound) - 1}
    return Limit(age.unit.measure, met, {XSD.minInclusive: math.ceil(bound) + 1})


def days(age: Age) -> Fraction:
    """Return about how many days an age is, to tell which of two ages is greater."""
    return age.number * age.unit.days


def spans(groups: list[tuple[int, int | None]]) -> list[tuple[int, int | None]]:
    """Join spans of years that touch.

    Args:
        groups: First year, and first year beyond; None: no end.
    """
    joined: list[tuple[int, int | None]] = []
    for start, end in sorted(groups, key=lambda group: group[0]):
        last = joined[-1] if joined else None
        if last is not None and (last[1] is None or last[1] >= start):
            ends = None if end is None or last[1] is None else max(end, last[1])
            joined[-1] = (last[0], ends)
        else:
            joined.append((start, end))
    return joined
