"""Dose runs of the clinical text, found by walking through the days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from derive.medication_combined_oracle import Entry, combined, held_days
from derive.medication_identity_oracle import together
from derive.medication_measures_oracle import Question, exposed, scaled, speaking
from derive.medication_numbers import Bounds, outward, times
from derive.medication_oracle import DAY, Patient, Use

Weight = tuple[Fraction, Fraction]
Walk = dict[date, "Amount"]
EARLY = timedelta(days=1500)


@dataclass(frozen=True)
class Amount:
    """What is taken on a day: mg and mg/kg, at least and at most; open: perhaps without bound."""

    mg: Fraction = Fraction(0)
    kg: Fraction = Fraction(0)
    mg_most: Fraction = Fraction(0)
    kg_most: Fraction = Fraction(0)
    open: int = 0

    def plus(self, basis: str, bounds: Bounds, sure: bool, possible: bool) -> Amount:
        """Add one use."""
        low = bounds[0] if sure else Fraction(0)
        high = bounds[1] if possible else Fraction(0)
        kg = basis == "kg"
        return Amount(
            self.mg + (Fraction(0) if kg else low),
            self.kg + (low if kg else Fraction(0)),
            self.mg_most + (Fraction(0) if kg or high is None else high),
            self.kg_most + (high if kg and high is not None else Fraction(0)),
            self.open + (high is None),
        )

    def surely(self, dose: Fraction, weight: Weight) -> bool:
        """Whether the dose is reached at every weight."""
        return all(self.mg + self.kg * w >= dose * w for w in weight)

    def possibly(self, dose: Fraction, weight: Weight) -> bool:
        """Whether the dose is reached at some weight."""
        return self.open > 0 or any(self.mg_most + self.kg_most * w >= dose * w for w in weight)


@dataclass(frozen=True)
class Run:
    """A run; `length` and `end` in days as bounds, exact where the days are certain."""

    first: date
    last: date
    exact: bool
    length: Bounds
    end: Bounds


def _day_sets(use: Use, sure: bool, patient: Patient) -> tuple[set[date], set[date], set[date]]:
    """Days surely and possibly with a dose, and days on which that may change unseen."""
    places = use.placements(patient.evaluation)
    early = patient.screening - EARLY
    begins, ends = max(min(s for s, _ in places), early), max(e for _, e in places)
    exact_start = use.first_day(patient.evaluation)
    possible: set[date]
    if use.pattern == "cyclic" and exact_start:
        possible = set(use.dose_days((begins, ends), patient.screening))
        certain = set(use.dose_days((begins, min(e for _, e in places)), patient.screening))
        blurred: set[date] = set()
    else:
        last = max(s for s, _ in places) if use.pattern == "single" else ends
        possible = _days(begins, min(last, patient.screening))
        certain = set.intersection(
            *[_days(max(s, early), min(e, patient.screening)) for s, e in places]
        )
        if use.pattern in {"cyclic", "unknown"}:
            certain = set()
        blurred = _blurred(use, exact_start is None, places, possible, certain)
    if not (sure and use.certain):
        certain = set()
        if use.pattern != "cyclic" or not exact_start:
            blurred = _blurred(use, exact_start is None, places, possible, certain)
    return certain, possible, blurred


def _blurred(
    use: Use,
    open_start: bool,
    places: list[tuple[date, date]],
    possible: set[date],
    certain: set[date],
) -> set[date]:
    found = set()
    if open_start or use.pattern == "cyclic":
        found |= {min(days) for days in (possible, certain) if days}
    if use.pattern != "single" and len({e for _, e in places}) > 1:
        found |= {max(days) + DAY for days in (possible, certain) if days}
    return found


def _days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=i) for i in range((last - first).days + 1)}


def runs(patient: Patient, question: Question, dose: Fraction) -> list[Run]:
    """Find the runs at or above a dose for each kilogram."""
    walk: Walk = {}
    blurred: set[date] = set()
    taken = {
        use.fact: (use, sure) for use, sure in speaking(patient, question) if not use.as_needed
    }
    shared = together(patient, taken)
    for members in shared:
        _walk_together(walk, [taken[fact] for fact in members], patient, question)
    for fact, (use, sure) in taken.items():
        certain, possible, blur = _day_sets(use, sure, patient)
        blurred |= blur
        if any(fact in members for members in shared):
            continue
        bounds = _taken(use, patient, question)
        for day in possible | certain:
            before = walk.get(day, Amount())
            walk[day] = before.plus(use.basis, bounds, day in certain, day in possible)
    changes = _changes(walk, blurred, patient.screening)
    weights = {day: patient.weight(None if day in blurred else day) for day, _ in changes}
    sure_runs = _longest(
        [
            (
                day,
                _extent(walk, day, patient.screening, lambda a, w=weights[day]: a.surely(dose, w)),
            )
            for day, grows in changes
            if grows and walk.get(day, Amount()).surely(dose, weights[day])
        ]
    )
    may_runs = _longest(
        [
            (
                day,
                _extent(
                    walk, day, patient.screening, lambda a, w=weights[day]: a.possibly(dose, w)
                ),
            )
            for day, _ in changes
            if walk.get(day, Amount()).possibly(dose, weights[day])
        ]
    )
    found = []
    for first, last in may_runs:
        inside = [(b - a).days + 1 for a, b in sure_runs if first <= a and b <= last]
        exact = (first, last) in sure_runs
        ago = Fraction((patient.screening - last).days)
        undated = first == patient.screening - EARLY
        found.append(
            Run(
                first,
                last,
                exact,
                (
                    Fraction(max(inside, default=0)),
                    None if undated else Fraction((last - first).days + 1),
                ),
                (
                    ago,
                    ago
                    if exact
                    else None
                    if undated
                    else Fraction((patient.screening - first).days),
                ),
            )
        )
    return found


def _taken(use: Use, patient: Patient, question: Question) -> Bounds:
    bounds = scaled(use, use.per_dose_day, question)
    if use.basis == "m2":
        bounds = times(bounds, patient.surface(use.first_day(patient.evaluation)))
    return bounds


def _walk_together(
    walk: Walk, uses: list[tuple[Use, bool]], patient: Patient, question: Question
) -> None:
    """Add what the records of a group say together."""
    entries = [
        Entry(
            use,
            use.basis == "kg",
            _taken(use, patient, question),
            held_days(use, sure, patient, by_day=True),
        )
        for use, sure in uses
    ]
    for day, (mg, kg) in combined(patient, entries).items():
        before = walk.get(day, Amount())
        walk[day] = before.plus("mg", mg, True, True).plus("kg", kg, True, True)


def _changes(walk: Walk, blurred: set[date], until: date) -> list[tuple[date, bool]]:
    """Days on which the amount changes or may, and whether what is surely taken changes."""
    if not walk:
        return []
    found = []
    for day in sorted(_days(min(walk), until)):
        now, before = walk.get(day, Amount()), walk.get(day - DAY, Amount())
        if now != before or day in blurred:
            found.append((day, (now.mg, now.kg) != (before.mg, before.kg)))
    return found


def _extent(walk: Walk, first: date, until: date, reaches: object) -> date:
    assert callable(reaches)
    last = first
    while last < until and reaches(walk.get(last + DAY, Amount())):
        last += DAY
    return last


def _longest(found: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Drop those that lie within another."""
    kept = set(found)
    return sorted(
        (first, last)
        for first, last in kept
        if not any((a, b) != (first, last) and a <= first and last <= b for a, b in kept)
    )


def overlap(patient: Patient, question: Question, run: Run) -> Bounds:
    """Days of a run with exposure to another drug."""
    sure, may, _ = exposed(patient, question)
    within = _days(run.first, run.last)
    if "elig:hasMedicationUse" not in patient.complete:
        return (Fraction(len(within & sure)), None)
    return (Fraction(len(within & sure)), Fraction(len(within & may)))


def change(patient: Patient, run: Run) -> tuple[Bounds, Bounds | None] | None:
    """Absolute and relative change of the patient's values across a run."""
    early = [d for d, _ in patient.values if d <= run.first and (run.first - d).days <= 90]
    late = [
        d
        for d, _ in patient.values
        if (d - run.first).days >= 14
        and d <= patient.screening
        and (patient.screening - d).days <= 183
    ]
    if not early or not late:
        return None
    before = [value for d, value in patient.values if d == max(early)]
    after = [value for d, value in patient.values if d == max(late)]
    absolute = (min(after) - max(before), max(after) - min(before))
    if max(before) == 0:
        return absolute, None
    low = 100 * (min(after) - max(before)) / max(before)
    high = 100 * (max(after) - min(before)) / min(before) if min(before) > 0 else None
    return absolute, outward(low, high)
