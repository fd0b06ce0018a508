"""What follows from what terms mean: windows, ages, kinds and coded values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from itertools import combinations, permutations

from rdflib import URIRef

from eligo.compare.background import Background
from eligo.compare.calendar import days_of_months, lies_within
from eligo.compare.forms import Form, Interval, IsA, Value, Window, Without, collect, roots
from eligo.compare.owl import OwlWriter
from eligo.vocabulary.terms import ELIG

DAYS_BEFORE = {
    ELIG.ScreeningDate: ELIG.daysBeforeScreening,
    ELIG.PlannedInterventionDate: ELIG.daysBeforeIntervention,
}
"""The attribute that counts the days from the start of a fact to an anchor date."""


def state(
    writer: OwlWriter, questions: Collection[frozenset[Form]], background: Background
) -> None:
    """State what follows from what the terms in forms mean.

    Args:
        writer: Where the forms are written.
        questions: Forms of patients, together as they are asked about.
        background: What holds of every trial.
    """
    forms = frozenset[Form]().union(*questions)
    found: set[Form] = set()
    for form in forms:
        collect(form, found.add)
    for narrow, wide in (
        *_ages(questions, background),
        *_dated(writer.windows, bounds_of(forms)),
        *_results(forms, found, background),
    ):
        writer.below(writer.same(narrow), writer.write(wide, holds=True))
    for one, other in permutations(writer.windows, 2):
        if lies_within(one, other):
            writer.below(writer.write(one, holds=True), writer.write(other, holds=True))
    _values(writer, background)
    _kinds(writer, background)


def bounds_of(forms: Iterable[Form]) -> dict[URIRef, set[Fraction]]:
    """Return every number that quantities are compared with.

    Args:
        forms: Forms with these quantities.
    """
    bounds: dict[URIRef, set[Fraction]] = {}

    def note(form: Form) -> None:
        if isinstance(form, Interval):
            of = bounds.setdefault(form.quantity, set())
            of.update(bound for bound in (form.low, form.high) if bound is not None)

    for form in forms:
        collect(form, note)
    return bounds


def _ages(
    questions: Iterable[frozenset[Form]], background: Background
) -> Iterator[tuple[Form, Form]]:
    """Yield what a limit in calendar months says of days, and a limit in days of months.

    Of the limits that follow from one, the tightest implies the others. Only questions that name
    both scales need any.
    """
    for months, days in background.days_of.items():
        used: set[Fraction] = set()
        counted: set[Fraction] = set()
        for question in questions:
            bounds = bounds_of(question)
            if months in bounds and days in bounds:
                counted |= bounds[months]
                used |= bounds[days]
        span = {month: days_of_months(int(month)) for month in counted}
        for month, (least, most) in span.items():
            if early := [day for day in used if day <= least]:
                yield _at_least(months, month), _at_least(days, max(early))
            if late := [day for day in used if day >= most]:
                yield _below(months, month), _below(days, min(late))
        for day in used:
            if early := [month for month, (_, most) in span.items() if most <= day]:
                yield _at_least(days, day), _at_least(months, max(early))
            if late := [month for month, (least, _) in span.items() if least >= day]:
                yield _below(days, day), _below(months, min(late))


def _at_least(quantity: URIRef, bound: Fraction) -> Interval:
    return Interval(quantity, bound, None)


def _below(quantity: URIRef, bound: Fraction) -> Interval:
    return Interval(quantity, None, bound, high_in=False)


def _dated(
    windows: set[Window], numbers: dict[URIRef, set[Fraction]]
) -> Iterator[tuple[Form, Form]]:
    """Yield that a fact whose start surely lies in a window lies in it."""
    for window in windows:
        attribute = DAYS_BEFORE.get(window.anchor)
        if attribute is None or window.current is not None:
            continue
        reach = window.days if window.months is None else days_of_months(window.months)[0]
        used = numbers.get(attribute, set())
        early = [n for n in used if reach is None or n <= reach]
        late = [n for n in used if window.after is None or n >= -window.after]
        if early and (late or window.after is None):
            low = None if window.after is None else min(late)
            if low is None or low <= max(early):
                yield Interval(attribute, low, max(early)), window


def _results(
    forms: frozenset[Form], found: set[Form], background: Background
) -> Iterator[tuple[Form, Form]]:
    """Yield which results of a measure no concept can be both of."""
    measures = frozenset[URIRef]().union(*map(roots, forms))
    kinds: dict[URIRef, set[Form]] = {}
    for form in found:
        if isinstance(form, Value) and form.functional and form.attribute in measures:
            collect(form.filler, kinds.setdefault(form.attribute, set()).add)
    for measure, parts in kinds.items():
        named = sorted(part.concept for part in parts if isinstance(part, IsA))
        for one, other in combinations(named, 2):
            if not _can_be(one, other, background) and not _can_be(other, one, background):
                from_one = Value(measure, IsA(one))
                yield from_one, Value(measure, Without(IsA(other)))


def _can_be(concept: URIRef, kind: URIRef, background: Background) -> bool:
    possible = background.possible.get(concept)
    return possible is None or kind in possible


def _values(writer: OwlWriter, background: Background) -> None:
    """State that coded values of one attribute differ, and what kinds they are."""
    for values in writer.values.values():
        for one, other in combinations(sorted(values, key=str), 2):
            writer.apart(writer.value(one), writer.value(other))
        for value in values:
            for kind in background.below.get(URIRef(str(value)), frozenset()) & writer.concepts:
                writer.below(writer.value(value), kind)


def _kinds(writer: OwlWriter, background: Background) -> None:
    for concept in writer.concepts:
        for kind in background.below.get(concept, frozenset()) & writer.concepts - {concept}:
            writer.below(concept, kind)
