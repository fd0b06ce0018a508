"""How many days calendar months can have, and which windows lie in which."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from eligo.compare.forms import Window
from eligo.vocabulary.terms import ELIG

EPOCHS = ((1904, 1909), (1996, 2001), (2096, 2101))
"""First days that leap years, and a century without one, follow in every way."""
LONGEST = 1200
SHORT, LONG = 28, 31


@cache
def days_of_months(months: int) -> tuple[int, int]:
    """Return the fewest and the most days between a day and the same day so many months later.

    Where the later month lacks the day, both its last day and the first of the next count, since
    windows are cut at the one and ages turn on the other.

    Args:
        months: Calendar months, not negative.
    """
    if months > LONGEST:
        return SHORT * months, LONG * months + 1
    lengths = {length for first in _first_days() for length in _lengths(first, months)}
    return min(lengths), max(lengths)


@cache
def _first_days() -> tuple[date, ...]:
    return tuple(
        date(start, 1, 1) + timedelta(days=n)
        for start, end in EPOCHS
        for n in range((date(end, 1, 1) - date(start, 1, 1)).days)
    )


def _lengths(first: date, months: int) -> tuple[int, ...]:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    start = date(year, month + 1, 1)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    if first.day <= (following - start).days:
        return ((start - first).days + first.day - 1,)
    return ((following - first).days - 1, (following - first).days)


def lies_within(narrow: Window, wide: Window) -> bool:
    """Tell whether every fact in one window surely lies in another.

    Args:
        narrow: The one.
        wide: The other.
    """
    if narrow.anchor != wide.anchor or wide.current is not None:
        return narrow == wide
    if narrow.current == ELIG.hasCondition:
        return False  # an active condition is current whatever end is on record
    ahead = wide.after is None or (narrow.after is not None and narrow.after <= wide.after)
    return ahead and _reaches_back(wide, narrow)


def _reaches_back(wide: Window, narrow: Window) -> bool:
    if wide.days is None and wide.months is None:
        return True
    if narrow.days is None and narrow.months is None:
        return False
    if wide.months is not None and narrow.months is not None:
        return narrow.months <= wide.months
    if wide.months is not None and narrow.days is not None:
        return narrow.days <= days_of_months(wide.months)[0]
    most = narrow.days if narrow.days is not None else days_of_months(narrow.months or 0)[1]
    return most <= (wide.days or 0)
