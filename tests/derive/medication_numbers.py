"""Bounds of numbers: fractions, with None for no upper bound."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

Bounds = tuple[Fraction, Fraction | None]
NANO = 10**9


def outward(low: Fraction, high: Fraction | None) -> tuple[Fraction, Fraction | None]:
    """Round outward at nine places."""
    return (
        Fraction(floor(low * NANO), NANO),
        None if high is None else Fraction(ceil(high * NANO), NANO),
    )


def times(bounds: Bounds, by: tuple[Fraction, Fraction] | None) -> Bounds:
    """Multiply bounds by a positive interval; None is not known at all."""
    low, high = bounds
    if by is None:
        return (Fraction(0), Fraction(0) if high == 0 else None)
    return (low * by[0], None if high is None else high * by[1])


def add(parts: list[Bounds]) -> Bounds:
    """Add bounds."""
    highs = [high for _, high in parts]
    known = [high for high in highs if high is not None]
    return (
        sum((low for low, _ in parts), Fraction(0)),
        sum(known, Fraction(0)) if len(known) == len(highs) else None,
    )
