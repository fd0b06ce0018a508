"""What the clinical text asks for, in plain Python on facts with exact dates.

Ages, kidney function, latest values, coded results and attestations. Written from the formalisation
(E1, E6, E9, I4, I5, D-05, D-06, D-32, D-36, D-41, D-47, D-50 and rulings), not from the SQL. Facts
whose date is partial stand for all facts with one of its dates: what the derivation says of them
must hold of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

UNUSABLE = "unusable"


@dataclass(frozen=True)
class Dates:
    """The anchor dates of a screening."""

    screening: date
    evaluation: date
    enrolment: date
    intervention: date | None = None


@dataclass(frozen=True)
class Value:
    """A dated number; None where it cannot be read."""

    day: date
    number: Fraction | None


@dataclass(frozen=True)
class Result:
    """A dated coded result; None where its code is not known."""

    day: date
    concept: str | None


@dataclass(frozen=True)
class Sample:
    """A dated sample: creatinine in mg/dL, a reported CKD-EPI 2021 value, or another estimate."""

    day: date
    role: str
    number: Fraction | None


def birthday(born: date, months: int) -> date:
    """The day on which so many months of life are complete."""
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    try:
        return date(year, month + 1, born.day)
    except ValueError:
        return date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def months_old(born: date, day: date) -> int:
    count = 0
    while birthday(born, count + 1) <= day:
        count += 1
    return count


def add_months(day: date, months: int) -> date:
    """Calendar months later, cut at the end of the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for back in range(4):
        try:
            return date(year, month + 1, day.day - back)
        except ValueError:
            continue
    raise AssertionError(day)


EQUATIONS = {
    "2021": (
        "142",
        "-1.200",
        "0.9938",
        {"F": ("0.7", "-0.241", "1.012"), "M": ("0.9", "-0.302", "1")},
    ),
    "2009": (
        "141",
        "-1.209",
        "0.993",
        {"F": ("0.7", "-0.329", "1.018"), "M": ("0.9", "-0.411", "1")},
    ),
}


def ckd_epi(creatinine: Fraction, years: int, sex: str, equation: str = "2021") -> Decimal:
    """The equation with forty digits."""
    scale, above, base, rows = EQUATIONS[equation]
    breakpoint_, below, factor = (Decimal(text) for text in rows[sex])
    with localcontext() as context:
        context.prec = 40
        ratio = Decimal(creatinine.numerator) / Decimal(creatinine.denominator) / breakpoint_
        one = Decimal(1)
        low = min(ratio, one) ** below
        high = max(ratio, one) ** Decimal(above)
        return Decimal(scale) * low * high * Decimal(base) ** years * factor


def egfr(
    samples: Iterable[Sample], born: date, sexes: Sequence[str], dates: Dates
) -> tuple[Decimal, Decimal] | None:
    """Least and greatest rate of the newest sample from 28 days before screening on."""
    window = [s for s in samples if dates.screening - timedelta(28) <= s.day <= dates.evaluation]
    if not window:
        return None
    newest = max(s.day for s in window)
    day = [s for s in window if s.day == newest]
    reported = [s.number for s in day if s.role == "reported"]
    if reported and None not in reported:
        numbers = [Decimal(n.numerator) / n.denominator for n in reported if n is not None]
        return min(numbers), max(numbers)
    creatinine = [s.number for s in day if s.role == "creatinine"]
    years = months_old(born, newest) // 12
    if not creatinine or years < 18 or any(n is None or not 0 < n <= 20 for n in creatinine):
        return None
    rates = [ckd_epi(n, years, sex) for n in creatinine if n is not None for sex in sexes]
    return min(rates), max(rates)


def latest_value(
    values: Iterable[Value], days_before: int, dates: Dates
) -> tuple[Fraction, Fraction] | None:
    window = [
        v for v in values if dates.screening - timedelta(days_before) <= v.day <= dates.evaluation
    ]
    if not window:
        return None
    newest = max(v.day for v in window)
    numbers = [v.number for v in window if v.day == newest]
    readable = [n for n in numbers if n is not None]
    return (min(readable), max(readable)) if len(readable) == len(numbers) else None


POSITIVE = {"Positive", "ConfirmedPositive", "Detected", "DetectedBelowQuantification"}
NEGATIVE = {"Negative", "NotDetected"}
WIDER = {
    "ConfirmedPositive": {"Positive"},
    "Detected": {"Positive"},
    "DetectedBelowQuantification": {"Detected", "Positive"},
    "NotDetected": {"Negative"},
}
MAY_BE_POSITIVE = {"Indeterminate", "ReactiveUnconfirmed"}


def _agree(concepts: set[str | None]) -> str | None:
    """The concept that results of one day stand for."""
    for concept in concepts:
        others = concepts - {concept}
        if concept and all(
            o is not None
            and (
                o in WIDER.get(concept, set())
                or (o == "ReactiveUnconfirmed" and concept in {"Positive", "ConfirmedPositive"})
                or (o == "Indeterminate" and concept == "Positive")
            )
            for o in others
        ):
            return concept
    return None


def latest_result(results: Iterable[Result]) -> str | None:
    every = list(results)
    if not every:
        return None
    newest = max(r.day for r in every)
    return _agree({r.concept for r in every if r.day == newest})


def hcg(results: Iterable[Result], outcomes: Iterable[date], dates: Dates) -> str | None:
    """Pregnancy test: a positive one stands until the outcome is recorded."""
    window = [r for r in results if dates.screening - timedelta(14) <= r.day <= dates.evaluation]
    ends = [day for day in outcomes if day <= dates.evaluation]
    latest = latest_result(window)
    if latest in POSITIVE:
        return latest
    open_positive = [
        r for r in window if r.concept in POSITIVE and not any(end >= r.day for end in ends)
    ]
    if not open_positive:
        return latest
    contradicted = {r.day for r in window if r.concept in NEGATIVE}
    return "Positive" if any(r.day not in contradicted for r in open_positive) else None


def viral_load(results: Iterable[Result], markers: Iterable[Result], dates: Dates) -> str | None:
    """Latest PCR; a negative one up to enrolment and not before the first positive marker."""
    usable = [
        r
        for r in results
        if r.day <= dates.evaluation and not (r.concept in NEGATIVE and r.day > dates.enrolment)
    ]
    latest = latest_result(usable)
    if latest not in NEGATIVE:
        return latest
    day = max(r.day for r in usable)
    seen = [m for m in markers if m.day <= dates.evaluation]
    if any(m.concept in POSITIVE and m.day <= day for m in seen):
        return latest
    doubtful = [m for m in seen if m.concept not in NEGATIVE and m.day > day]
    return None if doubtful else latest


def ever(results: Iterable[Result], dates: Dates) -> str | None:
    every = [r for r in results if r.day <= dates.evaluation]
    if any(r.concept in POSITIVE for r in every):
        return "Positive"
    return None if any(r.concept is None for r in every) else latest_result(every)


def ever_within(results: Iterable[Result], days_before: int, dates: Dates) -> str | None:
    """The same of a window that ends with the evaluation: what lies outside it does not count."""
    first = dates.screening - timedelta(days_before)
    return ever([r for r in results if r.day >= first], dates)


@dataclass(frozen=True)
class Statement:
    """A dated answer with the period it speaks of."""

    day: date
    answer: bool
    start: date | None = None
    end: date | None = None
    months: int | None = None


def attested(statements: Iterable[Statement], last: date) -> bool | None:
    counted = [s for s in statements if s.day <= last]
    if not counted:
        return None
    newest = max(s.day for s in counted)
    answers = {s.answer for s in counted if s.day == newest}
    return answers.pop() if len(answers) == 1 else None


def agreement(statements: Iterable[Statement], dates: Dates) -> list[Statement]:
    """The statements of the latest day, if all of them agree to contraception."""
    counted = [s for s in statements if s.day <= dates.evaluation]
    if attested(counted, dates.evaluation) is not True:
        return []
    newest = max(s.day for s in counted)
    return [s for s in counted if s.day == newest]


def start_lag(statements: Iterable[Statement], dates: Dates) -> tuple[int, int] | None:
    lags = [((s.start or s.day) - dates.enrolment).days for s in agreement(statements, dates)]
    return (min(lags), max(lags)) if lags else None


def end_margin(statements: Iterable[Statement], dates: Dates) -> tuple[int | None, int] | None:
    """Days beyond four months after the intervention, over every possible intervention date."""
    found: list[tuple[int | None, int]] = []
    for said in agreement(statements, dates):
        if said.end is not None:
            first = add_months(dates.intervention or dates.screening, 4)
            margin = (said.end - first).days
            found.append((margin if dates.intervention else None, margin))
        elif said.months is None:
            return None
        elif dates.intervention:
            margin = (
                add_months(dates.intervention, said.months) - add_months(dates.intervention, 4)
            ).days
            found.append((margin, margin))
        else:
            bounds = sorted(((said.months - 4) * 28, (said.months - 4) * 31))
            found.append((bounds[0], bounds[1]))
    if not found:
        return None
    lows = [low for low, _ in found]
    known = [low for low in lows if low is not None]
    return (min(known) if len(known) == len(lows) else None, max(high for _, high in found))
