"""Random medication records: careful ones, with a flaw here and there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from derive.medication_numbers import Bounds
from derive.medication_oracle import STEROIDS, Patient, Span, Use
from derive.medication_record_strategies import repeated

Values = tuple[tuple[date, Fraction], ...]
SCREENING = date(2026, 3, 2)
ROUTE = {"Cyclophosphamide": "IntravenousRoute"}
DRUGS = {
    "Mycophenolate": ["MycophenolateMofetil", "MycophenolateSodium", "Mycophenolate"],
    "Azathioprine": ["Azathioprine"],
    "SystemicGlucocorticoid": sorted(STEROIDS),
    "Cyclophosphamide": ["Cyclophosphamide", "CyclophosphamideInjectable"],
}
VAGUE = {
    "Mycophenolate": ["Immunosuppressant", "unmapped"],
    "Azathioprine": ["Immunosuppressant", "Drug"],
    "SystemicGlucocorticoid": ["SystemicGlucocorticoid", "Budesonide", "unmapped"],
    "Cyclophosphamide": ["CyclophosphamideOral", "Drug"],
}
DAILY = {
    "Mycophenolate": (360, 500, 720, 1080, 1440, 1500, 2000),
    "Azathioprine": (50, 90, 100, 150),
    "SystemicGlucocorticoid": (4, 5, 30, 40, 49, 60, 125),
    "Cyclophosphamide": (50, 100, 500, 750, 1500),
}
PERIODS = [Fraction(n) for n in (1, 1, 1, 2, 7, 14, 21, 28)] + [Fraction(1, 3), Fraction(1, 2)]
FLAWS = [
    *("month", "month", "year", "no start", "no end", "backwards", "no status", "on hold"),
    *("no dose", "range", "open", "no times", "as needed"),
    *("no route", "other route", "any route", "vague"),
]


def month_of(day: date) -> Span:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def blur(day: date, flaws: set[str]) -> Span:
    if "year" in flaws:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    return month_of(day) if "month" in flaws else (day, day)


@st.composite
def periods(
    draw: st.DrawFn, evaluation: date, back: int, flaws: set[str]
) -> tuple[Span | None, Span | None]:
    """Draw the dates of a use: one day, ended, or ongoing."""
    first = min(SCREENING + timedelta(days=draw(st.integers(-back, 3))), evaluation)
    shape = draw(st.sampled_from(["one day", "ended", "ended", "ongoing"]))
    length = draw(st.sampled_from([3, 10, 13, 14, 20, 45, 90])) + draw(st.integers(-2, 2))
    start: Span | None = blur(first, flaws)
    last = first + timedelta(days=-length if "backwards" in flaws else length)
    end = start if shape == "one day" else blur(last, flaws) if shape == "ended" else None
    if "no start" in flaws:
        start = None
    return start, None if "no end" in flaws else end


@st.composite
def amounts(draw: st.DrawFn, kind: str, unit: str, flaws: set[str]) -> Bounds | None:
    """Draw a dose."""
    if "no dose" in flaws:
        return None
    low = Fraction(draw(st.sampled_from(DAILY[kind]))) + Fraction(
        draw(st.sampled_from([0, 0, 0, 3])), 8
    )
    if "kg" in unit:
        low = draw(st.sampled_from([Fraction(1, 2), Fraction(7, 10), Fraction(1), Fraction(15)]))
    return (low, low + 1 if "range" in flaws else None if "open" in flaws else low)


@st.composite
def uses(draw: st.DrawFn, kind: str, evaluation: date, back: int) -> Use:
    """Draw a use as a careful record has it, but for up to two flaws."""
    flaws = set(
        draw(st.lists(st.sampled_from(FLAWS), max_size=2)) if draw(st.integers(0, 2)) == 0 else ()
    )
    start, end = draw(periods(evaluation, back, flaws))
    unit = draw(st.sampled_from(["mg", "mg", "mg/d", "mg/d", "mg/d", "mg/kg", "mg/kg/d", "mg/m2"]))
    period = times = None
    if not unit.endswith("/d") and (start != end or draw(st.integers(0, 3)) == 0):
        times = None if "no times" in flaws else Fraction(draw(st.integers(1, 3)))
        period = draw(st.sampled_from(PERIODS))
    route = ROUTE.get(kind, "OralRoute")
    for flaw, other in (("other route", "IntramuscularRoute"), ("any route", "Route")):
        route = other if flaw in flaws else route
    status = "elig:Active" if end is None and draw(st.integers(0, 3)) else "elig:Completed"
    status = "elig:Stopped" if draw(st.integers(0, 9)) == 0 else status
    return Use(
        fact="",
        drug=draw(st.sampled_from(VAGUE[kind] if "vague" in flaws else DRUGS[kind])),
        route=None if "no route" in flaws else route,
        status=None if "no status" in flaws else "elig:OnHold" if "on hold" in flaws else status,
        start=start,
        end=end,
        amount=draw(amounts(kind, unit, flaws)),
        unit=unit,
        times=times,
        period=period,
        as_needed="as needed" in flaws,
        strength=draw(st.sampled_from([None, 250, 360, 400])) if kind == "Mycophenolate" else None,
    )


@st.composite
def chains(draw: st.DrawFn, kind: str, evaluation: date, back: int) -> list[Use]:
    """Draw some uses of one kind, often one soon after the other."""
    chain: list[Use] = []
    for _ in range(draw(st.integers(0, 3))):
        use = draw(uses(kind, evaluation, back))
        last = chain[-1].end if chain else None
        if last and use.start and use.end and draw(st.booleans()):
            wait = draw(st.sampled_from([0, 1, 1, 2, 2, 3, 14, 45, 46]))
            move = last[1] + timedelta(days=wait) - use.start[0]
            if use.start[0] + move <= evaluation:
                start, end = use.start, use.end
                use = replace(
                    use,
                    start=(start[0] + move, start[1] + move),
                    end=(end[0] + move, end[1] + move),
                )
        chain.append(use)
    return chain


def series(back: int, low: int, high: int, share: int, most: int) -> st.SearchStrategy[Values]:
    """Values on days up to four days after the screening."""
    day = st.integers(-back, 4).map(lambda n: SCREENING + timedelta(days=n))
    value = st.integers(low, high).map(lambda n: Fraction(n, share))
    return st.lists(st.tuples(day, value), max_size=most).map(tuple)


@st.composite
def patients(
    draw: st.DrawFn, *kinds: str, back: int = 400, records: bool = True, most: int = 8
) -> list[Patient]:
    """Draw patients with some uses of each kind; half of them with several records of one use."""
    found = []
    for i in range(draw(st.integers(1, most))):
        evaluation = SCREENING + timedelta(days=draw(st.sampled_from([0, 0, 0, 5])))
        taken = [use for kind in kinds for use in draw(chains(kind, evaluation, back))]
        taken = [replace(use, fact=f"u{n}") for n, use in enumerate(taken)]
        if records and draw(st.booleans()):
            taken = draw(repeated(taken, evaluation))
        relations = st.sampled_from(["elig:hasMedicationUse", "elig:hasCurrentMedication"])
        all_complete = st.just({"elig:hasMedicationUse", "elig:hasCurrentMedication"})
        found.append(
            Patient(
                name=f"p{i}",
                screening=SCREENING,
                evaluation=evaluation,
                uses=tuple(taken),
                weights=tuple(v for v in draw(series(back, 400, 900, 10, 4)) if v[0] <= evaluation),
                heights=tuple(
                    v for v in draw(series(back, 1500, 1900, 10, 1)) if v[0] <= evaluation
                ),
                complete=frozenset(draw(st.one_of(all_complete, all_complete, st.sets(relations)))),
                values=tuple(v for v in draw(series(back, 0, 40, 10, 6)) if v[0] <= evaluation),
            )
        )
    return found


def _day(draw: st.DrawFn, first: date, last: date) -> date:
    return first + timedelta(days=draw(st.integers(0, max((last - first).days, 0))))


@st.composite
def world(draw: st.DrawFn, patient: Patient) -> Patient:
    """Draw what may be true of a patient with a flawed record, as a record without flaws."""
    taken = []
    for use in patient.uses:
        if use.status == "elig:OnHold" and draw(st.booleans()):
            continue
        taken.append(_sharp_use(draw, use, patient))
    relations = frozenset({"elig:hasMedicationUse", "elig:hasCurrentMedication"})
    return replace(patient, name=f"{patient.name}-true", uses=tuple(taken), complete=relations)


def _sharp_use(draw: st.DrawFn, use: Use, patient: Patient) -> Use:
    span = use.start or (SCREENING - timedelta(days=400), patient.evaluation)
    until = min(span[1], patient.evaluation, use.end[1] if use.end else patient.evaluation)
    start = _day(draw, min(span[0], until), until)
    end: date | None = None
    if use.pattern == "single":
        end = start
    elif use.end:
        end = max(start, _day(draw, max(start, use.end[0]), use.end[1]))
    elif use.status in {"elig:Completed", "elig:Stopped", "elig:OnHold"}:
        end = _day(draw, start, SCREENING - timedelta(days=1))
    low, high = use.amount or (Fraction(0), None)
    amount = draw(st.sampled_from([low, low + 500 if high is None else high]))
    times, period = use.times, use.period
    if use.pattern == "unknown":
        times, period = Fraction(1), Fraction(draw(st.sampled_from([1, 2, 7])))
    kind = next(kind for kind, drugs in VAGUE.items() if use.drug in drugs + DRUGS[kind])
    vague = use.concept in {"Immunosuppressant", "Drug", "unmapped", kind}
    return replace(
        use,
        drug=draw(st.sampled_from(DRUGS[kind][:2])) if vague else use.drug,
        route=use.route if use.route not in (None, "Route") else ROUTE.get(kind, "OralRoute"),
        status="elig:Active" if end is None else "elig:Completed",
        start=(start, start),
        end=None if end is None else (end, end),
        amount=(amount, amount),
        times=times,
        period=period,
    )
