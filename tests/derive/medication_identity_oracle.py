"""Which records speak of one exposure, as a reader of the rules sees it, without SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import lru_cache

from derive.medication_numbers import Bounds
from derive.medication_oracle import BEFORE_ALL, DAY, STEROIDS, Patient, Use

PLACE = {"Administration": 1, "Statement": 2, "Dispense": 3, "Order": 4}
RENEWED = {"Statement", "Dispense", "Order"}
PARTS = {"Administration", "Dispense"}
WIDER = {
    **{name: ("SystemicGlucocorticoid", "Drug") for name in STEROIDS},
    "SystemicGlucocorticoid": ("Drug",),
    "MycophenolateMofetil": ("Mycophenolate", "Immunosuppressant", "Drug"),
    "MycophenolateSodium": ("Mycophenolate", "Immunosuppressant", "Drug"),
    "Mycophenolate": ("Immunosuppressant", "Drug"),
    "Azathioprine": ("Immunosuppressant", "Drug"),
    "CyclophosphamideInjectable": ("Cyclophosphamide", "Immunosuppressant", "Drug"),
    "CyclophosphamideOral": ("Cyclophosphamide", "Immunosuppressant", "Drug"),
    "Cyclophosphamide": ("Immunosuppressant", "Drug"),
    "Immunosuppressant": ("Drug",),
    "Budesonide": ("Drug",),
    "Drug": (),
}
Pairs = set[tuple[str, str]]


def place(use: Use) -> int:
    """The place of a record among those of one exposure."""
    return PLACE.get(use.kind or "", 1000)


def alike(one: Use, other: Use) -> bool:
    """Whether drug and route can be the same."""
    if "unmapped" in (one.drug, other.drug):
        return False
    drug = one.drug == other.drug or other.drug in WIDER[one.drug] or one.drug in WIDER[other.drug]
    routes = {one.route, other.route} - {None, "Route"}
    return drug and len(routes) < 2


@lru_cache(maxsize=4096)
def components(names: tuple[str, ...], pairs: frozenset[tuple[str, str]]) -> dict[str, str]:
    """Name each connected part of a graph by its least member."""
    label = {name: name for name in names}
    for _ in names:
        for one, other in pairs:
            label[one] = label[other] = min(label[one], label[other])
    return label


def _present(patient: Patient) -> list[Use]:
    return [use for use in patient.uses if use.status != "elig:NotDone"]


def _links(uses: Iterable[Use]) -> Pairs:
    known = list(uses)
    names = {use.fact for use in known}
    return {(u.fact, other) for u in known for other in u.based_on if other in names - {u.fact}}


def _renewed_on(use: Use, patient: Patient) -> date | None:
    """Last day before a later record of the drug and kind may have taken the place of this one."""
    if use.kind not in RENEWED or use.end is not None:
        return None
    days = []
    for other in _present(patient):
        if other.fact == use.fact or other.kind != use.kind or not alike(use, other):
            continue
        if other.as_needed and not use.as_needed:
            continue
        if use.start is None or other.start is None or other.start[1] > use.start[0]:
            days.append(other.start[0] - DAY if other.start else BEFORE_ALL)
    return min(days, default=None)


def _denied_from(use: Use, patient: Patient) -> date | None:
    """First day from which a statement says that a linked record is not followed."""
    present = _present(patient)
    whole = components(tuple(u.fact for u in present), frozenset(_links(present)))
    days = []
    for said in patient.uses:
        if said.kind != "Statement" or place(use) <= PLACE["Statement"]:
            continue
        if not any(whole.get(other) == whole[use.fact] for other in said.based_on):
            continue
        begins = said.start[0] if said.start else None
        if said.status == "elig:NotDone" or said.as_needed:
            days.append(begins or BEFORE_ALL)
        elif said.end:
            days.append(max(said.end[0], begins or said.end[0]) + DAY)
        elif said.status not in (None, "elig:Active"):
            days.append(begins + DAY if begins else BEFORE_ALL)
    return min(days, default=None)


@lru_cache(maxsize=4096)
def settled(patient: Patient) -> tuple[Use, ...]:
    """Uses with the day up to which each surely holds, and with doses that others fill in."""
    dated = []
    for use in _present(patient):
        denied = _denied_from(use, patient)
        until = [day for day in (_renewed_on(use, patient), denied and denied - DAY) if day]
        never = denied is not None and (use.start is None or denied <= use.start[0])
        dated.append(replace(use, until=min(until, default=None), denied=never))
    return tuple(_filled(use, dated, exposures(patient)) for use in dated)


def _filled(use: Use, uses: list[Use], exposure: dict[str, str]) -> Use:
    if use.per_dose_day[1] is not None:
        return use
    others = [u for u in uses if u.fact != use.fact and exposure[u.fact] == exposure[use.fact]]
    if use.pattern == "single":
        known = [(u.basis, u.amount) for u in others if u.amount and not u.unit.endswith("/d")]
    else:
        known = [
            (u.basis, u.per_dose_day) for u in others if u.pattern == "daily" and not u.as_needed
        ]
    known = [(basis, amount) for basis, amount in known if amount[1] is not None]
    if len({basis for basis, _ in known}) != 1:
        return use
    basis = known[0][0]
    unit = "mg" if basis == "mg" else f"mg/{basis}"
    return replace(
        use,
        amount=(min(a[0] for _, a in known), max(a[1] or Fraction(0) for _, a in known)),
        unit=unit if use.pattern == "single" else f"{unit}/d",
        times=None,
        period=None,
    )


def mean(use: Use) -> Bounds:
    """Mean amount per day."""
    low, high = use.per_dose_day
    if use.pattern == "cyclic" and use.period:
        return (low / use.period, None if high is None else high / use.period)
    return (low, high)


def _may_meet(one: Use, other: Use, patient: Patient) -> bool:
    spans = []
    for use in (one, other):
        places = use.placements(patient.evaluation)
        spans.append((min(s for s, _ in places), max(e for _, e in places)))
    (a, b), (c, d) = spans
    return a <= d and c <= b


@lru_cache(maxsize=4096)
def _pairs(patient: Patient) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """Pairs of records that surely, and that may, speak of one exposure."""
    uses = _present(patient)
    same, possible = _links(uses), set()
    for one in uses:
        for other in uses:
            if one.kind is None or other.kind is None or one.kind == other.kind:
                continue
            if not alike(one, other) or not _may_meet(one, other, patient):
                continue
            possible.add((one.fact, other.fact))
            regular = {one.pattern, other.pattern} <= {"daily", "cyclic"}
            amounts = {*mean(one), *mean(other)}
            exact = len(amounts) == 1 and None not in amounts and one.basis == other.basis
            if regular and exact and not (one.as_needed or other.as_needed):
                same.add((one.fact, other.fact))
    return frozenset(same), frozenset(same | possible)


def exposures(patient: Patient) -> dict[str, str]:
    """The exposure of each record."""
    return components(tuple(u.fact for u in _present(patient)), _pairs(patient)[0])


def groups(patient: Patient) -> dict[str, str]:
    """The group of each record."""
    return components(tuple(u.fact for u in _present(patient)), _pairs(patient)[1])


@lru_cache(maxsize=4096)
def silent(patient: Patient) -> dict[str, str]:
    """Records that add nothing beside others of their exposure, and why: acts or days."""
    found = {}
    whole = exposures(patient)
    for use in settled(patient):
        for other in settled(patient):
            if use.fact == other.fact or whole[use.fact] != whole[other.fact]:
                continue
            if other.per_dose_day[1] is None:
                continue
            given = other.kind == "Administration" and other.pattern == "single"
            if given and use.kind != "Administration" and use.pattern in {"unknown", "single"}:
                found[use.fact] = "acts"
            elif use.per_dose_day[1] is not None or use.pattern == "single":
                continue
            elif _within(use, other, patient):
                found.setdefault(use.fact, "days")
    return found


def _within(use: Use, other: Use, patient: Patient) -> bool:
    if other.pattern != "cyclic":
        return False
    mine, theirs = use.placements(patient.evaluation), other.placements(patient.evaluation)
    return min(s for s, _ in theirs) <= min(s for s, _ in mine) and max(
        e for _, e in theirs
    ) >= max(e for _, e in mine)


def together(patient: Patient, facts: Iterable[str]) -> list[list[str]]:
    """Those of some records that share a group, two or more at a time."""
    found: dict[str, list[str]] = {}
    for fact in facts:
        found.setdefault(groups(patient)[fact], []).append(fact)
    return [members for members in found.values() if len(members) > 1]


Account = Callable[[Use], str]


def accounts(patient: Patient) -> tuple[Account, Account]:
    """What names the account of a record, in lower and in upper bounds."""
    whole = exposures(patient)
    present = _present(patient)
    repeating = {one for one, _ in _links(present)}

    def several(use: Use) -> bool:
        roots = [u for u in present if whole[u.fact] == whole[use.fact]]
        return len([u for u in roots if u.fact not in repeating]) > 1

    def least(use: Use) -> str:
        add_up = several(use) or (use.kind in PARTS and use.pattern != "daily")
        return use.kind if use.kind and add_up else use.fact

    def most(use: Use) -> str:
        by_itself = use.pattern == "daily" and not several(use) and use.kind not in PARTS
        return use.fact if by_itself else use.kind or ""

    return least, most
