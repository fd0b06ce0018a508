"""The measures and events of the clinical text, computed from facts of `medication_oracle`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

from derive.medication_combined_oracle import Entry, combined, held_days
from derive.medication_identity_oracle import settled, silent, together
from derive.medication_numbers import Bounds, add, outward, times
from derive.medication_oracle import AFTER_ALL, BEFORE_ALL, DAY, Patient, Use, belongs, factor


@dataclass(frozen=True)
class Question:
    """What is asked of a record."""

    kind: str
    routes: tuple[str, ...] = ()
    table: tuple[tuple[str, Fraction], ...] = ()
    per_kg: bool = False
    gap: int | None = None
    tail: int = 0


def relevant(patient: Patient, question: Question) -> list[tuple[Use, bool]]:
    """Return uses that count or may count, and whether they surely do."""
    found = []
    for use in settled(patient):
        match = belongs(use, question.kind, question.routes)
        if match != "no":
            found.append((use, match == "sure"))
    return found


def scaled(use: Use, bounds: Bounds, question: Question) -> Bounds:
    """Turn an amount into the reference substance."""
    return times(bounds, factor(use, dict(question.table)))


def in_mg(use: Use, bounds: Bounds, patient: Patient, day: date | None) -> Bounds:
    """Turn an amount for each kilogram or square metre into milligrams."""
    if use.basis == "kg":
        return times(bounds, patient.weight(day))
    if use.basis == "m2":
        return times(bounds, patient.surface(day))
    return bounds


def speaking(patient: Patient, question: Question) -> list[tuple[Use, bool]]:
    """Return those of the relevant uses that add something beside others of their exposure."""
    return [pair for pair in relevant(patient, question) if pair[0].fact not in silent(patient)]


def cumulative(patient: Patient, question: Question, until: date) -> Bounds:
    """Lifetime sum up to a day, before any look at completeness."""
    parts: list[Bounds] = []
    uses = {use.fact: (use, sure) for use, sure in speaking(patient, question)}
    shared = together(patient, uses)
    for members in shared:
        parts.append(_combined_sum(patient, question, tuple(members), until))
    alone = [fact for fact in uses if not any(fact in members for members in shared)]
    for use, sure in (uses[fact] for fact in alone):
        places = use.placements(patient.evaluation)
        if all(start > until for start, _ in places):
            continue
        low, high = _dose(use, patient, question)
        dated = [p for p in places if p[0] != BEFORE_ALL]
        counts = [use.doses(p, until) for p in dated]
        least = min((use.doses(p, until) for p in dated if p[0] != AFTER_ALL), default=0)
        if use.pattern == "unknown" or not (sure and use.certain) or use.as_needed:
            least = 0
        most = None if len(dated) < len(places) or use.pattern == "unknown" else max(counts)
        possible = (
            Fraction(0) if high == 0 else None if high is None or most is None else high * most
        )
        parts.append((low * least, possible))
    return add(parts)


def _dose(use: Use, patient: Patient, question: Question) -> Bounds:
    amount = scaled(use, use.per_dose_day, question)
    return in_mg(use, amount, patient, use.first_day(patient.evaluation))


@lru_cache(maxsize=512)
def _combined_days(
    patient: Patient, question: Question, members: tuple[str, ...]
) -> tuple[dict[date, tuple[Bounds, Bounds]], bool]:
    uses = [pair for pair in speaking(patient, question) if pair[0].fact in members]
    entries = []
    for use, sure in uses:
        low, high = _dose(use, patient, question)
        days = held_days(use, sure, patient)
        entries.append(Entry(use, False, (Fraction(0) if use.as_needed else low, high), days))
    return combined(patient, entries), any(entry.days.undated for entry in entries)


def _combined_sum(
    patient: Patient, question: Question, members: tuple[str, ...], until: date
) -> Bounds:
    days, undated = _combined_days(patient, question, members)
    low, high = add([mg for day, (mg, _) in days.items() if day <= until])
    return (low, None if undated else high)


def cumulative_dose(patient: Patient, question: Question) -> Bounds:
    """Cumulative dose at screening."""
    low, high = cumulative(patient, question, patient.screening)
    return outward(low, high if "elig:hasMedicationUse" in patient.complete else None)


def dose_reached(
    patient: Patient, question: Question, amount: Fraction
) -> tuple[date | None, date] | None:
    """Earliest and latest day on which the cumulative dose reached an amount."""
    first = patient.screening - timedelta(days=900)
    days = [first + timedelta(days=i) for i in range(901)]
    sums = [(day, cumulative(patient, question, day)) for day in days]
    sure = [day for day, (low, _) in sums if low >= amount]
    if not sure:
        return None
    may = [day for day, (_, high) in sums if high is None or high >= amount]
    undated = any(
        p[0] == BEFORE_ALL
        for u, _ in relevant(patient, question)
        for p in u.placements(patient.evaluation)
    )
    complete = "elig:hasMedicationUse" in patient.complete and not undated
    return (min(may) if complete else None, min(sure))


def exposed(patient: Patient, question: Question) -> tuple[set[date], set[date], bool]:
    """Days surely and possibly exposed, and whether the possible ones have no beginning."""
    certain: set[date] = set()
    possible: set[date] = set()
    doses: dict[str, list[tuple[date, date]]] = {"sure": [], "may": []}
    unbounded = False
    for use, sure in relevant(patient, question):
        if use.as_needed:
            continue
        places = [(s, min(e, patient.screening)) for s, e in use.placements(patient.evaluation)]
        courses = question.gap is not None and use.pattern != "daily"
        begins, ends = min(s for s, _ in places), max(e for _, e in places)
        unbounded = unbounded or begins == BEFORE_ALL
        begins = max(begins, patient.screening - timedelta(days=3000))
        if begins <= patient.screening:
            if not courses:
                possible |= _stretch(begins, ends)
            elif use.pattern == "cyclic" and use.first_day(patient.evaluation):
                days = use.dose_days((begins, ends), patient.screening)
                doses["may"] += [(d, d) for d in days]
            else:
                doses["may"].append(
                    (
                        begins,
                        min(ends, max(s for s, _ in places)) if use.pattern == "single" else ends,
                    )
                )
        if not (sure and use.certain) or silent(patient).get(use.fact) == "acts":
            continue
        if not courses:
            certain |= set.intersection(*[_stretch(s, e) for s, e in _bounded(places, patient)])
        elif use.pattern in {"single", "cyclic"} and use.first_day(patient.evaluation):
            days = use.dose_days((begins, min(e for _, e in places)), patient.screening)
            doses["sure"] += [(d, d) for d in days]
    if question.gap is not None:
        certain |= _courses(doses["sure"], question)
        possible |= _courses(doses["may"], question)
    certain = {d for d in certain if d <= patient.screening}
    return certain, {d for d in possible if d <= patient.screening}, unbounded


def _bounded(places: list[tuple[date, date]], patient: Patient) -> list[tuple[date, date]]:
    early = patient.screening - timedelta(days=3000)
    return [(max(s, early), e) for s, e in places]


def _stretch(first: date, last: date) -> set[date]:
    return {first + timedelta(days=i) for i in range((last - first).days + 1)}


def _courses(doses: list[tuple[date, date]], question: Question) -> set[date]:
    days: set[date] = set()
    course: list[tuple[date, date]] = []
    for dose in sorted(doses):
        if course and (dose[0] - max(last for _, last in course)).days > (question.gap or 0):
            days |= _course_days(course, question)
            course = []
        course.append(dose)
    return days | (_course_days(course, question) if course else set())


def _course_days(course: list[tuple[date, date]], question: Question) -> set[date]:
    return _stretch(course[0][0], max(last for _, last in course) + question.tail * DAY)


def exposure_days(patient: Patient, question: Question) -> Bounds:
    """Days of exposure at screening."""
    sure, may, unbounded = exposed(patient, question)
    complete = "elig:hasMedicationUse" in patient.complete and not unbounded
    return (Fraction(len(sure)), Fraction(len(may)) if complete else None)


def exposure_reached(
    patient: Patient, question: Question, n: int
) -> tuple[date | None, date] | None:
    """Earliest and latest day that may have been day number n of the exposure."""
    sure, may, unbounded = exposed(patient, question)
    if len(sure) < n:
        return None
    complete = "elig:hasMedicationUse" in patient.complete and not unbounded
    return (sorted(may)[n - 1] if complete else None, sorted(sure)[n - 1])


def first_use(patient: Patient, question: Question) -> tuple[date | None, date] | None:
    """Earliest and latest day that may have been the first of any use."""
    latest, earliest = [], []
    for use, sure in relevant(patient, question):
        starts = [s for s, _ in use.placements(patient.evaluation)]
        if min(starts) > patient.screening:
            continue
        earliest.append(min(starts))
        plain = use.certain and not use.as_needed and silent(patient).get(use.fact) != "acts"
        if sure and plain and max(starts) <= patient.screening:
            latest.append(max(starts))
    if not latest:
        return None
    complete = "elig:hasMedicationUse" in patient.complete and BEFORE_ALL not in earliest
    return (min(earliest) if complete else None, min(latest))
