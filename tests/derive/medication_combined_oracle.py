"""What is taken on each day where several records speak, or may speak, of one exposure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from derive.medication_identity_oracle import accounts, exposures, place
from derive.medication_numbers import Bounds, add
from derive.medication_oracle import AFTER_ALL, BEFORE_ALL, Patient, Use

EARLY = timedelta(days=1500)


@dataclass(frozen=True)
class Held:
    """Days that a record surely, and that it may hold for; undated: without a first day."""

    sure: set[date]
    may: set[date]
    undated: bool


@dataclass(frozen=True)
class Entry:
    """A record, its amount on a day in mg or mg for each kilogram, and its days."""

    use: Use
    per_kg: bool
    amount: Bounds
    days: Held


def held_days(use: Use, sure: bool, patient: Patient, by_day: bool = False) -> Held:
    """Days up to the screening with a dose; by day: none whose date is not known."""
    until = patient.screening
    places = use.placements(patient.evaluation)
    begins, latest = min(s for s, _ in places), max(s for s, _ in places)
    ends, least = max(e for _, e in places), min(e for _, e in places)
    early = until - EARLY
    exact = begins == latest and begins != BEFORE_ALL
    if use.pattern == "cyclic" and exact:
        may = set(use.dose_days((begins, ends), until))
    else:
        last = latest if use.pattern == "single" else ends
        may = _days(max(begins, early), min(last, until))
    certain: set[date] = set()
    known = sure and use.certain and not use.as_needed and use.pattern != "unknown"
    if known and latest <= until and latest != AFTER_ALL:
        if not by_day:
            certain = set(use.dose_days((latest, max(least, latest)), until))
        elif exact or use.pattern == "daily":
            certain = set(use.dose_days((latest, least), until))
    return Held(certain, may, begins == BEFORE_ALL)


def _days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=i) for i in range((last - first).days + 1)}


def combined(
    patient: Patient, entries: list[Entry], means: bool = False
) -> dict[date, tuple[Bounds, Bounds]]:
    """Bounds by day of what the records of a group say together, in mg and in mg per kilogram."""
    days: set[date] = set().union(*(entry.days.may | entry.days.sure for entry in entries))
    counted = {
        entry.use.fact: entry.days.sure if means else _counted(entry, entries, patient)
        for entry in entries
    }
    return {day: _day(day, patient, entries, counted) for day in days}


def _is_dose(entry: Entry) -> bool:
    return entry.use.pattern in {"single", "cyclic"}


def _counted(entry: Entry, entries: list[Entry], patient: Patient) -> set[date]:
    """Days that count for sure: single doses of the first kind only, and beside no daily amount."""
    if not _is_dose(entry):
        return entry.days.sure
    whole, (least, _) = exposures(patient), accounts(patient)
    mine = [e for e in entries if whole[e.use.fact] == whole[entry.use.fact]]
    if any(e.days.sure and not _is_dose(e) and e.amount[0] > 0 for e in mine):
        return set()
    doses = [e for e in entries if e.days.sure and _is_dose(e)]
    if not doses or place(entry.use) > min(place(e.use) for e in doses):
        return set()
    if least(entry.use) != entry.use.fact:
        return entry.days.sure
    rivals = [e for e in doses if e in mine and place(e.use) == place(entry.use)]
    first = min(rivals, key=lambda e: _turn(e.use, patient), default=entry)
    return entry.days.sure if first is entry else set()


def _turn(use: Use, patient: Patient) -> tuple[str, str, str]:
    """Which of several records of one dose comes first."""
    places = use.placements(patient.evaluation)
    begins, ends = min(s for s, _ in places), max(e for _, e in places)
    return (str(begins), "-" if ends == AFTER_ALL else str(ends), use.fact)


def _day(
    day: date, patient: Patient, entries: list[Entry], counted: dict[str, set[date]]
) -> tuple[Bounds, Bounds]:
    whole, (least, most) = exposures(patient), accounts(patient)
    lows: dict[str, tuple[Fraction, Fraction]] = {}
    highs: list[tuple[Bounds, Bounds]] = []
    for exposure in {whole[e.use.fact] for e in entries}:
        today = [e for e in entries if whole[e.use.fact] == exposure and day in e.days.may]
        low_sums: dict[str, list[Entry]] = {}
        high_sums: dict[str, list[Entry]] = {}
        for entry in today:
            if entry.amount[0] > 0:
                low_sums.setdefault(least(entry.use), []).append(entry)
            high_sums.setdefault(most(entry.use), []).append(entry)
        sums = [_sum(part) for part in low_sums.values()]
        lows[exposure] = (
            min((mg[0] for mg, _ in sums), default=Fraction(0)),
            min((kg[0] for _, kg in sums), default=Fraction(0)),
        )
        sums = [_sum(part) for part in high_sums.values()]
        highs.append((_greatest([mg for mg, _ in sums]), _greatest([kg for _, kg in sums])))
    kinds: dict[str, set[str]] = {}
    for entry in entries:
        if day in counted[entry.use.fact] and any(lows[whole[entry.use.fact]]):
            kind = entry.use.kind or entry.use.fact
            kinds.setdefault(kind, set()).add(whole[entry.use.fact])
    low = [
        min(
            (sum((lows[e][i] for e in found), Fraction(0)) for found in kinds.values()),
            default=Fraction(0),
        )
        for i in (0, 1)
    ]
    top = [add([pair[i] for pair in highs])[1] for i in (0, 1)]
    return (low[0], top[0]), (low[1], top[1])


def _sum(part: list[Entry]) -> tuple[Bounds, Bounds]:
    """Add amounts in mg and in mg per kilogram; without bound in one is without bound in both."""
    high = None if any(e.amount[1] is None for e in part) else Fraction(0)
    mg = add([e.amount for e in part if not e.per_kg])
    kg = add([e.amount for e in part if e.per_kg])
    return (mg[0], high if high is None else mg[1]), (kg[0], high if high is None else kg[1])


def _greatest(bounds: list[Bounds]) -> Bounds:
    tops = [high for _, high in bounds]
    known = [high for high in tops if high is not None]
    return (Fraction(0), max(known, default=Fraction(0)) if len(known) == len(tops) else None)
