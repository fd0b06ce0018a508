"""Exact amounts: an interval with a unit, scaled, and written outward at nine places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from eligo.records.fhir.access import child, number, text
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.outcome import RefusalError

_PLACES = 10**9


@dataclass(frozen=True)
class Amount:
    """A number that lies between two ends.

    Attributes:
        low: Lower end.
        high: Upper end; None where there is none.
        unit: Its unit, as the source wrote it; empty where it has none.
        counted: Whether the unit counts pieces, such as tablets.
    """

    low: Fraction
    high: Fraction | None
    unit: str
    counted: bool = False

    @property
    def exact(self) -> bool:
        """Whether both ends are the same."""
        return self.low == self.high

    def times(self, low: Fraction, high: Fraction | None) -> Amount:
        """Return the amount times a factor that lies between two ends."""
        top = None if self.high is None or high is None else self.high * high
        return replace(self, low=self.low * low, high=top)

    def of(self, unit: str) -> Amount:
        """Return the same number in another unit."""
        return replace(self, unit=unit, counted=False)

    def written(self) -> dict[str, Decimal]:
        """Return the ends as decimals, rounded outward at nine places."""
        low = Decimal(floor(self.low * _PLACES)).scaleb(-9).normalize()
        if self.high is None:
            return {"low": low}
        high = Decimal(ceil(self.high * _PLACES)).scaleb(-9).normalize()
        return {"value": low} if low == high else {"low": low, "high": high}


@dataclass(frozen=True)
class Strength:
    """How much of a drug is in how much of its product.

    Attributes:
        amount: Such as 500 mg.
        per: Such as one tablet or 5 mL.
    """

    amount: Amount
    per: Amount

    def in_dose(self, dose: Amount) -> Amount | None:
        """Return how much of the drug a dose of the product holds; None if the units do not fit."""
        fits = (dose.counted and self.per.counted) or dose.unit == self.per.unit
        if not fits or not self.per.low or not self.per.exact or not self.amount.exact:
            return None
        share = self.amount.low / self.per.low
        return dose.times(share, share).of(self.amount.unit)


def amount_of(maps: FhirMaps, quantity: JsonObject) -> Amount:
    """Return a Quantity as an amount.

    Raises:
        RefusalError: It has no number within reach, a comparator, or no unit.
    """
    value = _within_reach(quantity)
    if text(quantity, "comparator") is not None:
        raise RefusalError("the amount has a comparator; give the number")
    unit, counted = unit_of(maps, quantity)
    if unit is None and not counted:
        raise RefusalError("the amount has no unit; add its UCUM code")
    return Amount(value, value, unit or "", counted)


def range_of(maps: FhirMaps, written: JsonObject) -> Amount:
    """Return a Range as an amount.

    Raises:
        RefusalError: It has no end, or its ends differ in unit or are in the wrong order.
    """
    ends = [child(written, name) for name in ("low", "high")]
    low, high = (None if end is None else amount_of(maps, end) for end in ends)
    known = low or high
    if known is None:
        raise RefusalError("the range has no end; give its low and high")
    if low and high and (low.unit != high.unit or high.low < low.low):
        raise RefusalError("the ends of the range differ in unit or are in the wrong order")
    bottom = low.low if low else Fraction(0)
    return replace(known, low=bottom, high=high.high if high else None)


def strength_of(maps: FhirMaps, ratio: JsonObject) -> Strength:
    """Return a Ratio of strength; a denominator without a unit counts pieces.

    Raises:
        RefusalError: It is not one amount in another.
    """
    ends = child(ratio, "numerator"), child(ratio, "denominator")
    if ends[0] is None or ends[1] is None:
        raise RefusalError("the strength has no numerator or no denominator")
    try:
        per = amount_of(maps, ends[1])
    except RefusalError:
        pieces = _within_reach(ends[1])
        per = Amount(pieces, pieces, "", counted=True)
    return Strength(amount_of(maps, ends[0]), per)


def unit_of(maps: FhirMaps, quantity: JsonObject) -> tuple[str | None, bool]:
    """Return the unit of a Quantity, and whether it counts pieces: its UCUM code, else its text."""
    code, words = text(quantity, "code"), text(quantity, "unit")
    unit = code if code is not None and text(quantity, "system") == maps.unit_system else words
    counted = any(name is not None and name.lower() in maps.pieces for name in (code, words))
    return unit, counted


def _within_reach(quantity: JsonObject) -> Fraction:
    value = number(quantity, "value")
    if value is None or abs(value.adjusted()) > 30 or len(value.as_tuple().digits) > 60:
        raise RefusalError("the amount has no number within reach; give it")
    if value < 0:
        raise RefusalError("the amount is negative; correct it")
    return Fraction(value)
