"""What a reader of the clinical text sees in medication uses: exact fractions, days, no SQL.

Bounds come from placements: the earliest and latest days on which a use may start and end. Certain
is what holds in every placement, possible what holds in one.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, isqrt

from derive.medication_numbers import NANO, Bounds

Span = tuple[date, date]
Placement = tuple[date, date]

BEFORE_ALL = date(1900, 1, 1)
AFTER_ALL = date(2200, 1, 1)
HORIZON = date(2026, 12, 31)
DAY = timedelta(days=1)

CERTAIN = {"elig:Active", "elig:Completed", "elig:Stopped"}
OVER = {"elig:Completed", "elig:Stopped"}

FIVE_MG_PREDNISOLONE = {
    "Prednisolone": Fraction(5),
    "Prednisone": Fraction(5),
    "Methylprednisolone": Fraction(4),
    "Triamcinolone": Fraction(4),
    "Hydrocortisone": Fraction(20),
    "CortisoneAcetate": Fraction(25),
    "Deflazacort": Fraction(6),
    "Dexamethasone": Fraction(3, 4),
    "Betamethasone": Fraction(3, 4),
}
STEROIDS = {name: 5 / amount for name, amount in FIVE_MG_PREDNISOLONE.items()}
MYCOPHENOLATES = {"MycophenolateMofetil": Fraction(1), "MycophenolateSodium": Fraction(1000, 720)}
TABLETS = {360: "MycophenolateSodium", 180: "MycophenolateSodium", 250: "MycophenolateMofetil"}
MEMBERS = {
    "Mycophenolate": {"Mycophenolate", *MYCOPHENOLATES},
    "Azathioprine": {"Azathioprine"},
    "SystemicGlucocorticoid": {"SystemicGlucocorticoid", *STEROIDS},
    "Cyclophosphamide": {"Cyclophosphamide", "CyclophosphamideInjectable", "CyclophosphamideOral"},
}
VAGUE = {
    "Mycophenolate": {"Drug", "Immunosuppressant", "unmapped"},
    "Azathioprine": {"Drug", "Immunosuppressant", "unmapped"},
    "SystemicGlucocorticoid": {"Drug", "unmapped"},
    "Cyclophosphamide": {"Drug", "Immunosuppressant", "unmapped"},
}
PRODUCT_ROUTE = {
    "CyclophosphamideInjectable": "IntravenousRoute",
    "CyclophosphamideOral": "OralRoute",
}


@dataclass(frozen=True)
class Use:
    """A medication use. `amount` None: not recorded; its high None: unbounded.

    `until` and `denied` are for readers of other records: the last day up to which this one surely
    holds beside them, and whether they say that it never did.
    """

    fact: str
    drug: str
    route: str | None = None
    status: str | None = "elig:Active"
    start: Span | None = None
    end: Span | None = None
    amount: Bounds | None = None
    unit: str = "mg"
    times: Fraction | None = None
    period: Fraction | None = None
    as_needed: bool = False
    strength: int | None = None
    kind: str | None = None
    based_on: tuple[str, ...] = ()
    until: date | None = None
    denied: bool = False

    @property
    def concept(self) -> str:
        """The substance, told by the tablet where the salt is open."""
        if self.drug == "Mycophenolate" and self.strength in TABLETS:
            return TABLETS[self.strength]
        return self.drug

    @property
    def basis(self) -> str:
        """What the dose is relative to."""
        return "kg" if "kg" in self.unit else "m2" if "m2" in self.unit else "mg"

    @property
    def pattern(self) -> str:
        """How the doses fall."""
        if self.unit.endswith("/d") and self.amount:
            return "daily"
        if self.times is not None and self.period is not None:
            return "daily" if self.period <= 1 else "cyclic"
        if self.times is not None or self.period is not None:
            return "unknown"
        return "single" if self.start is not None and self.start == self.end else "unknown"

    @property
    def per_dose_day(self) -> Bounds:
        """Amount on a day with a dose."""
        if self.amount is None or self.pattern == "unknown":
            return (Fraction(0), None)
        factor = Fraction(1)
        if self.times is not None and self.period is not None and not self.unit.endswith("/d"):
            factor = self.times / self.period if self.pattern == "daily" else self.times
        low, high = self.amount
        return (low * factor, None if high is None else high * factor)

    @property
    def contradictory(self) -> bool:
        """Whether the dates cannot both be right."""
        return self.start is not None and self.end is not None and self.end[1] < self.start[0]

    @property
    def certain(self) -> bool:
        """Whether the use surely took place as dated."""
        return self.status in CERTAIN and not self.contradictory and not self.denied

    def placements(self, evaluation: date) -> list[Placement]:
        """Return the extreme pairs of first and last day."""
        if self.contradictory:
            return [(BEFORE_ALL, AFTER_ALL)]
        low, high = self.start or (BEFORE_ALL, AFTER_ALL)
        if self.status in CERTAIN:
            high = max(min(high, evaluation), low)
        if self.end:
            high = max(min(high, self.end[1]), low)
        found = []
        for start in (low, high):
            if self.end:
                ends = [max(self.end[0], start), max(self.end[1], start)]
            elif self.status in OVER:
                ends = [start, max(evaluation, start)]
            elif self.status == "elig:OnHold":
                ends = [start, AFTER_ALL]
            else:
                ends = [max(evaluation, start), AFTER_ALL]
            if self.until:
                ends.append(max(start, min(*ends, self.until)))
            found += [(start, end) for end in ends]
        if self.pattern == "single":
            found = [(start, start) for start, _ in found]
        return found

    def first_day(self, evaluation: date) -> date | None:
        """Return the day the use started, if it can only be one."""
        starts = {start for start, _ in self.placements(evaluation)}
        return min(starts) if len(starts) == 1 and starts < {*starts, BEFORE_ALL} else None

    def doses(self, placement: Placement, until: date) -> int:
        """Count the days with a dose up to a day, which lies before `HORIZON`."""
        return bisect_right(self.dose_days(placement, HORIZON), until)

    def dose_days(self, placement: Placement, until: date) -> tuple[date, ...]:
        """Return the days with a dose, in order."""
        return _dose_days(self.pattern, self.period, placement, until)


@lru_cache(maxsize=4096)
def _dose_days(
    pattern: str, period: Fraction | None, placement: Placement, until: date
) -> tuple[date, ...]:
    start, end = placement
    last = min(end, until)
    if start > last:
        return ()
    if pattern == "single":
        return (start,)
    step = period if pattern == "cyclic" and period else Fraction(1)
    count = floor((last - start).days / step) + 1
    return tuple(start + timedelta(days=ceil(k * step)) for k in range(count))


@dataclass(frozen=True, eq=False)
class Patient:
    """A patient as recorded: uses, weights and heights by day, complete relations, value series.

    Compared by identity, so that what is found out of one can be kept at little cost.
    """

    name: str
    screening: date
    evaluation: date
    uses: tuple[Use, ...]
    weights: tuple[tuple[date, Fraction], ...] = ()
    heights: tuple[tuple[date, Fraction], ...] = ()
    complete: frozenset[str] = frozenset()
    values: tuple[tuple[date, Fraction], ...] = ()

    def weight(self, day: date | None) -> tuple[Fraction, Fraction]:
        """Weight nearest to a day, at most 90 off, of two the earlier; else any adult's."""
        near = (
            []
            if day is None
            else [(abs((d - day).days), d) for d, _ in self.weights if d <= self.evaluation]
        )
        near = [pair for pair in near if pair[0] <= 90]
        if not near:
            return (Fraction(25), Fraction(350))
        chosen = [value for d, value in self.weights if d == min(near)[1]]
        return (min(chosen), max(chosen))

    def surface(self, day: date | None) -> tuple[Fraction, Fraction] | None:
        """Body surface after Mosteller with the height nearest to a day."""
        if day is None or not self.heights:
            return None
        nearest = min((abs((d - day).days), d) for d, _ in self.heights)[1]
        chosen = [value for d, value in self.heights if d == nearest]
        low, high = self.weight(day)
        square_low, square_high = min(chosen) * low / 3600, max(chosen) * high / 3600
        root = isqrt(floor(square_low * NANO**2))
        top = isqrt(ceil(square_high * NANO**2))
        top += top * top < ceil(square_high * NANO**2)
        return (Fraction(root, NANO), Fraction(top, NANO))


def belongs(use: Use, kind: str, routes: tuple[str, ...]) -> str:
    """Say 'sure', 'may' or 'no': is the use of the kind and by one of the routes?"""
    if use.concept not in MEMBERS[kind] | VAGUE[kind]:
        return "no"
    sure = use.concept in MEMBERS[kind]
    route = use.route or PRODUCT_ROUTE.get(use.concept)
    if routes and route not in routes:
        if route not in (None, "Route"):
            return "no"
        sure = False
    return "sure" if sure else "may"


def factor(use: Use, table: dict[str, Fraction]) -> tuple[Fraction, Fraction]:
    """Return the least and greatest factor of equivalence; without a table 1."""
    if not table:
        return (Fraction(1), Fraction(1))
    known = table.get(use.concept)
    return (known, known) if known is not None else (min(table.values()), max(table.values()))
