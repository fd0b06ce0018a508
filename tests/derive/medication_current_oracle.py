"""The current daily dose of the clinical text, computed from facts of `medication_oracle`."""

from __future__ import annotations

from fractions import Fraction

from derive.medication_combined_oracle import Entry, Held, combined
from derive.medication_identity_oracle import mean, together
from derive.medication_measures_oracle import Question, in_mg, scaled, speaking
from derive.medication_numbers import Bounds, add, outward
from derive.medication_oracle import Patient, Use


def current_dose(patient: Patient, question: Question) -> Bounds:
    """Mean daily dose of what is active on the screening day."""
    day = patient.screening
    held: dict[str, Entry] = {}
    for use, sure in speaking(patient, question):
        active = _active(use, sure, patient)
        if active is None:
            continue
        low, high = scaled(use, mean(use), question)
        low = Fraction(0) if use.as_needed or use.pattern == "single" else low
        if not (use.basis == "kg" and question.per_kg):
            low, high = in_mg(use, (low, high), patient, day)
        kg = use.basis == "kg" and question.per_kg
        today = {day}
        held[use.fact] = Entry(use, kg, (low, high), Held(today if active else set(), today, False))
    parts, per_kg = [], []
    shared = together(patient, held)
    for members in shared:
        mg, kg_bounds = combined(patient, [held[fact] for fact in members], means=True)[day]
        parts.append(mg)
        per_kg.append(kg_bounds)
    for fact, entry in held.items():
        if not any(fact in members for members in shared):
            low = entry.amount[0] if entry.days.sure else Fraction(0)
            (per_kg if entry.per_kg else parts).append((low, entry.amount[1]))
    low, high = add(parts)
    if question.per_kg:
        light, heavy = patient.weight(day)
        low_kg, high_kg = add(per_kg)
        low = low / heavy + low_kg
        high = None if high is None or high_kg is None else high / light + high_kg
    return outward(low, high if "elig:hasCurrentMedication" in patient.complete else None)


def _active(use: Use, sure: bool, patient: Patient) -> bool | None:
    """Say whether a use surely is active at screening; None: it is not."""
    over = use.end is None and use.status in {"elig:Completed", "elig:Stopped", "elig:OnHold"}
    if use.as_needed or (over and patient.evaluation <= patient.screening):
        return None
    places = use.placements(patient.evaluation)
    if use.pattern == "single":  # no schedule to go on
        assert use.start
        places = [use.start, (use.start[0], use.start[0])]
    active = [first <= patient.screening <= last for first, last in places]
    if not any(active):
        return None
    dated = use.certain or (use.status is None and not use.contradictory and not use.denied)
    return sure and dated and all(active) and not over
