"""Durations: exact in days and weeks; in calendar months between a least and a greatest length."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

WORDS = re.compile(r"(?P<count>\d{1,5})\s*-?\s*(?P<unit>day|week|month|year)s?", re.IGNORECASE)
ISO = re.compile(r"P(?P<count>\d{1,5})(?P<unit>[DWMY])")
UNITS = {"D": "day", "W": "week", "M": "month", "Y": "year"}
DAYS_A_WEEK = 7
MONTHS_A_YEAR = 12
CYCLE = (date(2001, 1, 1), date(2029, 1, 1))
"""28 years: every combination of weekday and leap year between 1901 and 2099."""
LONGEST_MONTHS = 1800


@dataclass(frozen=True)
class Duration:
    """A length of time.

    Attributes:
        count: How many.
        unit: Days (D), weeks (W), calendar months (M) or years (Y).
    """

    count: int
    unit: str

    @property
    def exact(self) -> bool:
        """Whether it has the same number of days always."""
        return self.unit in "DW"

    @property
    def iso(self) -> str:
        """The ISO 8601 form that is the same for equal durations: days or months."""
        if self.exact:
            return f"P{self.days}D"
        return f"P{self.months}M"

    @property
    def days(self) -> int:
        """The days of an exact duration."""
        return self.count * (DAYS_A_WEEK if self.unit == "W" else 1)

    @property
    def months(self) -> int:
        """The months of a duration by the calendar."""
        return self.count * (MONTHS_A_YEAR if self.unit == "Y" else 1)

    @property
    def least(self) -> int:
        """The least number of days that it can have."""
        return self.days if self.exact else month_lengths(self.months)[0]

    @property
    def greatest(self) -> int:
        """The greatest number of days that it can have."""
        return self.days if self.exact else month_lengths(self.months)[1]

    @property
    def same(self) -> Duration:
        """The equal duration in days or months, under which all its spellings are one."""
        return Duration(self.days, "D") if self.exact else Duration(self.months, "M")

    @property
    def words(self) -> str:
        """The words for it."""
        name = UNITS[self.unit]
        return f"{self.count} {name}{'' if self.count == 1 else 's'}"


def read_duration(text: str) -> Duration | None:
    """Read a duration in words or in ISO 8601; None: it is none.

    Args:
        text: Such as `28 days`, `3 months` or `P3M`.
    """
    written = text.strip()
    found = WORDS.fullmatch(written) or ISO.fullmatch(written)
    if found is None or int(found["count"]) == 0:
        return None
    duration = Duration(int(found["count"]), found["unit"][0].upper())
    if not duration.exact and duration.months > LONGEST_MONTHS:
        return None
    return duration


@cache
def month_lengths(months: int) -> tuple[int, int]:
    """Return the least and the greatest number of days that calendar months before a day can have.

    Args:
        months: How many months.
    """
    first, last = CYCLE
    lengths = {
        (day - _months_before(day, months)).days
        for day in (first + timedelta(days=n) for n in range((last - first).days))
    }
    return min(lengths), max(lengths)


def _months_before(day: date, months: int) -> date:
    month = day.year * MONTHS_A_YEAR + day.month - 1 - months
    year, month = divmod(month, MONTHS_A_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
