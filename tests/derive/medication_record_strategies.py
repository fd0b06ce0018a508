"""Random records of one exposure: repeated, carried out, contradicted, linked or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from derive.medication_oracle import Use

KINDS = ["Order", "Order", "Statement", "Statement", "Administration", "Dispense"]
CHANGES = ["none", "none", "dose", "no dose", "dates", "status", "single", "as needed"]


@st.composite
def repeated(draw: st.DrawFn, taken: list[Use], evaluation: date) -> list[Use]:
    """Draw kinds of record for some uses, and records that repeat or carry out some of them."""
    found = [replace(use, kind=draw(st.sampled_from([None, *KINDS]))) for use in taken]
    for n in range(draw(st.integers(0, 3)) if found else 0):
        base = draw(st.sampled_from(found))
        link = (base.fact,) if draw(st.booleans()) else ()
        copy = replace(base, fact=f"v{n}", kind=draw(st.sampled_from([*KINDS, None])))
        copy = replace(draw(changed(copy, evaluation)), based_on=link)
        if copy.status == "elig:NotDone" and copy.kind != "Statement":
            copy = replace(copy, status="elig:Active")
        found.append(copy)
    return draw(st.permutations(found))


@st.composite
def changed(draw: st.DrawFn, use: Use, evaluation: date) -> Use:
    """Draw what another record says of the same exposure, perhaps not quite the same."""
    for change in draw(st.lists(st.sampled_from(CHANGES), max_size=2)):
        if change == "dose" and use.amount:
            amount = use.amount[0] * draw(st.sampled_from([Fraction(1, 2), Fraction(2)]))
            use = replace(use, amount=(amount, amount))
        elif change == "no dose":
            use = replace(use, amount=None)
        elif change == "as needed":
            use = replace(use, as_needed=True)
        elif change == "status":
            status = draw(st.sampled_from(["Stopped", "NotDone", "OnHold", "Completed"]))
            use = replace(use, status=f"elig:{status}")
        elif change in {"dates", "single"}:
            use = draw(moved(use, evaluation, single=change == "single"))
    return use


@st.composite
def moved(draw: st.DrawFn, use: Use, evaluation: date, single: bool) -> Use:
    """Draw other days of a use, or one day of it."""
    days = st.integers(0, 20) if single else st.sampled_from([-20, -2, -1, 1, 2, 14])
    move = timedelta(days=draw(days))
    if not use.start or use.contradictory or use.start[1] + move > evaluation:
        return use
    if single:
        day = (use.start[0] + move, use.start[0] + move)
        unit = use.unit.removesuffix("/d")
        return replace(use, start=day, end=day, unit=unit, times=None, period=None)
    end = use.end and (use.end[0] + move, use.end[1] + move)
    return replace(use, start=(use.start[0] + move, use.start[1] + move), end=end)
