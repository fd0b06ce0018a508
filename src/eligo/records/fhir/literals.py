"""FHIR dates and numbers → typed literals that say no more than the source does."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from pyoxigraph import Literal

from eligo.records.fhir.terms import DATE, DECIMAL, INTEGER, YEAR, YEAR_MONTH

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T\S+)?)?)?", re.ASCII)
_MAX_EXPONENT = 30  # a guard against 1E+999999999, not a clinical bound
_MAX_DIGITS = 60
_DAYS = {"d": 1, "wk": 7}
_MONTHS = {"mo": 1, "a": 12}


def date_literal(value: str) -> Literal | None:
    """Return a FHIR date, dateTime or instant as year, month or day.

    The time is dropped, and with it the offset: the day is the one the source wrote.

    Args:
        value: For example ``2014``, ``2014-03`` or ``2014-03-09T08:30:00+01:00``.

    Returns:
        A literal of xsd:gYear, xsd:gYearMonth or xsd:date; None if it is no such date.
    """
    match = _DATE.fullmatch(value)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day is not None:
        return Literal(f"{year}-{month}-{day}", datatype=DATE)
    if month is not None:
        return Literal(f"{year}-{month}", datatype=YEAR_MONTH)
    return Literal(year, datatype=YEAR)


def later(first: Literal, length: Decimal, unit: str) -> Literal | None:
    """Return the last of so many days, weeks, months or years that begin on a day.

    Args:
        first: The first day.
        length: How many.
        unit: UCUM code of the unit: d, wk, mo or a.

    Returns:
        An xsd:date; None where the first day or the length is not whole, or out of the calendar.
    """
    if first.datatype != DATE or length != length.to_integral_value() or not 0 < length < 10**4:
        return None
    day, count = date.fromisoformat(first.value), int(length)
    try:
        if unit in _DAYS:
            last = day + timedelta(days=count * _DAYS[unit] - 1)
        elif unit in _MONTHS:
            years, month = divmod(day.month - 1 + count * _MONTHS[unit], 12)
            year = day.year + years
            end = min(day.day, monthrange(year, month + 1)[1])
            last = date(year, month + 1, end) - timedelta(days=1)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return Literal(last.isoformat(), datatype=DATE)


def decimal_literal(value: Decimal) -> Literal | None:
    """Return a number as xsd:decimal with the digits the source wrote; None if it is beyond use."""
    digits = _plain(value)
    return None if digits is None else Literal(digits, datatype=DECIMAL)


def integer_literal(value: Decimal) -> Literal | None:
    """Return a whole number as xsd:integer; None if it is not whole or beyond use."""
    digits = _plain(value)
    if digits is None or value != value.to_integral_value():
        return None
    return Literal(f"{value:.0f}", datatype=INTEGER)


def _plain(value: Decimal) -> str | None:
    if len(value.as_tuple().digits) > _MAX_DIGITS or abs(value.adjusted()) > _MAX_EXPONENT:
        return None
    return format(value, "f")
