"""Draw numbers, dates and choices."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from math import log
from random import Random

from rdflib import URIRef

from eligo.synth.model import Number, Point, Shape

Days = Mapping[URIRef, int]
"""The anchor dates of a patient, as ordinals of the calendar."""


def number_drawer(number: Number) -> Callable[[Random], float]:
    """Return what draws such numbers, prepared once."""
    first, second = number.first, number.second
    low = float("-inf") if number.minimum is None else number.minimum
    high = float("inf") if number.maximum is None else number.maximum
    if number.shape is Shape.UNIFORM:
        width = second - first
        return lambda random: first + width * random.random()
    if number.shape is Shape.NORMAL:
        return lambda random: min(high, max(low, random.normalvariate(first, second)))
    centre, spread = log(first), log(second)
    return lambda random: min(high, max(low, random.lognormvariate(centre, spread)))


def whole_drawer(number: Number) -> Callable[[Random], int]:
    """Return what draws such numbers rounded to whole ones; of a range both ends are as likely."""
    if number.shape is Shape.UNIFORM:
        first, width = round(number.first), round(number.second) - round(number.first) + 1
        return lambda random: first + int(width * random.random())
    draw = number_drawer(number)
    return lambda random: round(draw(random))


def day_of(point: Point, anchor: int) -> int:
    """Return the day that lies so far before an anchor, as an ordinal of the calendar."""
    day = anchor
    if point.months:
        start = date.fromordinal(anchor)
        years, month = divmod(start.year * 12 + start.month - 1 - point.months, 12)
        last = monthrange(years, month + 1)[1]
        day = date(years, month + 1, min(start.day, last)).toordinal()
    return day - int(point.number)


@cache
def iso(day: int) -> str:
    """Write a day of the calendar."""
    return date.fromordinal(day).isoformat()
