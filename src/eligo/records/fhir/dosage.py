"""Dosage instructions → dose, schedule, route; unknown wherever the whole is not understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pyoxigraph import Literal, Triple

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children, flag, number, refuse_modifiers, text
from eligo.records.fhir.amounts import (
    Amount,
    Strength,
    amount_of,
    range_of,
    strength_of,
)
from eligo.records.fhir.coded import say_known
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Fact
from eligo.records.fhir.literals import date_literal, integer_literal, later
from eligo.records.fhir.outcome import RefusalError, Statement
from eligo.records.fhir.quantities import say_amount, say_number
from eligo.records.fhir.schedule import Schedule, schedule_of


@dataclass(frozen=True)
class Instruction:
    """One dosage instruction of a drug.

    Attributes:
        fact: The use of the drug.
        content: A FHIR Dosage.
        element: Name of the element that holds it, for remarks.
        strength: How much of the drug the product holds, where that is known.
        start: The day on which the use begins unless the instruction says another.
    """

    fact: Fact
    content: JsonObject
    element: str
    strength: Strength | None
    start: str | None = None

    def say(self) -> Iterator[Statement]:
        """Say how much is taken, how often and by which route.

        A part that is not understood may change what the others mean, so dose and schedule are
        said only where both are understood; otherwise the dose is unknown, never zero.
        """
        yield from self._as_needed()
        yield from self.say_route()
        yield from self.fact.guarded(self.element, self._amount())
        yield from self._last_day()

    def say_route(self) -> Iterator[Statement]:
        """Say the route of administration."""
        route = child(self.content, "route")
        if route is not None:
            said = say_known(self.fact, terms.ROUTE, route, "Dosage.route")
            yield from self.fact.guarded(f"{self.element}.route", said)

    def say_given(self) -> Iterator[Statement]:
        """Say how much was given in one administration."""
        yield from self.say_route()
        dose = child(self.content, "dose")
        if dose is not None:
            yield from self.fact.guarded(self.element, self._given(dose))
        elif "rateQuantity" in self.content or "rateRatio" in self.content:
            yield from self.fact.left_out(self.element, "its amount is a rate; a dose is needed")

    def _given(self, dose: JsonObject) -> Iterator[Statement]:
        refuse_modifiers(self.content)
        amount = self._of_drug(amount_of(self.fact.maps, dose))
        yield from say_amount(self.fact, terms.DOSE, amount)

    def _as_needed(self) -> Iterator[Statement]:
        needed = flag(self.content, "asNeededBoolean")
        if child(self.content, "asNeededCodeableConcept") is not None:
            needed = True
        if needed is not None:
            literal = Literal("true" if needed else "false", datatype=terms.BOOLEAN)
            yield Triple(self.fact.node, terms.AS_NEEDED, literal)

    def _amount(self) -> Iterator[Statement]:
        """Say dose and schedule, or the amount a day where they leave some play.

        Raises:
            RefusalError: Something is said that is not understood.
        """
        refuse_modifiers(self.content)
        dose, most = self._dose(), self._most()
        timing = child(self.content, "timing")
        schedule = None if timing is None else schedule_of(self.fact.maps, timing)
        if self._is_limited and not tuple(self._last_day()):
            raise RefusalError("timing: its last day cannot be told; give boundsPeriod")
        daily = self._daily(dose, schedule) if dose and schedule else None
        if most:
            yield from say_amount(self.fact, terms.DAILY_DOSE, _limited(daily, most, schedule))
        elif daily and schedule and not schedule.exact:
            yield from say_amount(self.fact, terms.DAILY_DOSE, daily)
        else:
            if dose:
                yield from say_amount(self.fact, terms.DOSE, dose)
            if schedule:
                yield from self._exact(schedule)

    def _dose(self) -> Amount | None:
        """Return the amount per administration.

        Raises:
            RefusalError: It is not one amount with a unit.
        """
        amounts = children(self.content, "doseAndRate")
        if len(amounts) > 1:
            raise RefusalError("it has several amounts; give one doseAndRate")
        for amount in amounts:
            quantity, written = child(amount, "doseQuantity"), child(amount, "doseRange")
            if quantity is not None:
                return self._of_drug(amount_of(self.fact.maps, quantity))
            if written is not None:
                return self._of_drug(range_of(self.fact.maps, written))
            raise RefusalError("its amount is a rate; a dose is needed")
        return None

    def _of_drug(self, dose: Amount) -> Amount:
        """Return how much of the drug a dose is."""
        drug = self.strength.in_dose(dose) if self.strength else None
        if drug is None and dose.counted:
            raise RefusalError(
                "the dose counts pieces whose strength is not known; give the amount"
            )
        return drug or dose

    def _daily(self, dose: Amount, schedule: Schedule) -> Amount | None:
        """Return the amount a day; None where the units have no daily form."""
        days = self.fact.maps.days.get(schedule.unit)
        per_day = self.fact.maps.per_day.get(dose.unit)
        if days is None or per_day is None:
            if not schedule.exact:
                raise RefusalError(f"{dose.unit} in {schedule.unit} has no amount per day")
            return None
        least = Fraction(schedule.times) / (Fraction(schedule.period_max) * days)
        most = Fraction(schedule.times_max) / (Fraction(schedule.period) * days)
        return dose.times(least, most).of(per_day)

    def _most(self) -> Amount | None:
        """Return the most that may be taken a day, where the instruction says it."""
        ratio = child(self.content, "maxDosePerPeriod")
        if ratio is None:
            return None
        most = strength_of(self.fact.maps, ratio)
        days = self.fact.maps.days.get(most.per.unit)
        unit = self.fact.maps.per_day.get(most.amount.unit)
        if days is None or unit is None or not most.per.low:
            raise RefusalError("maxDosePerPeriod is not understood; give an amount in a time")
        share = 1 / (most.per.low * days)
        return most.amount.times(share, share).of(unit)

    def _exact(self, schedule: Schedule) -> Iterator[Statement]:
        times = integer_literal(schedule.times)
        if times is None:
            raise RefusalError("timing: the frequency is no whole number; correct it")
        yield Triple(self.fact.node, terms.TIMES_PER_PERIOD, times)
        where = f"{self.element}.timing.repeat.period"
        yield from say_number(self.fact, terms.PERIOD, schedule.period, schedule.unit, where)

    def say_bounds(self) -> Iterator[Statement]:
        """Say from when to when the drug is to be taken, where the instruction says a Period."""
        period = child(self._repeat, "boundsPeriod")
        if period is not None:
            yield from self.fact.date(terms.START_DATE, period, "start")
            yield from self.fact.date(terms.END_DATE, period, "end")

    @property
    def _repeat(self) -> JsonObject:
        return child(child(self.content, "timing") or {}, "repeat") or {}

    @property
    def _is_limited(self) -> bool:
        return "boundsDuration" in self._repeat or "boundsRange" in self._repeat

    def _last_day(self) -> Iterator[Statement]:
        """Say the last day that a duration from the start gives, also of a dose that is unknown."""
        length = child(self._repeat, "boundsDuration")
        first = None if self.start is None else date_literal(self.start)
        if length is None or first is None:
            return
        value, unit = number(length, "value"), text(length, "code") or text(length, "unit")
        last = None if value is None else later(first, value, unit or "")
        if last is not None:
            yield Triple(self.fact.node, terms.END_DATE, last)


def _limited(daily: Amount | None, most: Amount, schedule: Schedule | None) -> Amount:
    """Return what may be taken a day under a maximum.

    Raises:
        RefusalError: The maximum cannot be compared with the dose, or is below it.
    """
    if daily is None and schedule is None:
        return Amount(Fraction(0), most.high, most.unit)
    if daily is None or daily.unit != most.unit or most.high is None:
        raise RefusalError("maxDosePerPeriod cannot be compared with the dose; leave out one")
    if most.high < daily.low:
        raise RefusalError("the dose exceeds maxDosePerPeriod; correct one")
    high = most.high if daily.high is None else min(most.high, daily.high)
    return Amount(daily.low, high, daily.unit)
