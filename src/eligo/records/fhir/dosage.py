"""Dosage instructions → dose, schedule, route; unknown wherever the whole is not understood."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pyoxigraph import Literal, Triple

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children, flag, number, refuse_modifiers, text
from eligo.records.fhir.coded import say_known
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Fact
from eligo.records.fhir.literals import integer_literal
from eligo.records.fhir.outcome import RefusalError, Statement
from eligo.records.fhir.quantities import say_number, say_quantity, say_range, unit_of

_DOSAGE = "dosageInstruction"
_SCHEDULE = {"frequency", "period", "periodUnit"}
_OTHERWISE = {"code", "event"}
_UNDERSTOOD = _SCHEDULE | {"boundsPeriod", "extension", "id"}


def say_dosage(fact: Fact, resource: JsonObject) -> Iterator[Statement]:
    """Say how much is taken, how often and by which route.

    A part that is not understood may change what the others mean, so dose and schedule are said
    only where both are understood; otherwise the dose is unknown, never zero.

    Args:
        fact: The drug's use.
        resource: A FHIR MedicationRequest.
    """
    instructions = children(resource, _DOSAGE)
    if len(instructions) > 1:
        yield from fact.left_out(_DOSAGE, f"{len(instructions)} instructions are not added up")
        return
    for instruction in instructions:
        yield from _as_needed(fact, instruction)
        route = child(instruction, "route")
        if route is not None:
            said = say_known(fact, terms.ROUTE, route, "Dosage.route")
            yield from fact.guarded(f"{_DOSAGE}.route", said)
        amount = chain(_dose(fact, instruction), _schedule(fact, instruction))
        yield from fact.guarded(_DOSAGE, amount)
        yield from _bounds(fact, instruction)


def _as_needed(fact: Fact, instruction: JsonObject) -> Iterator[Statement]:
    needed = flag(instruction, "asNeededBoolean")
    if child(instruction, "asNeededCodeableConcept") is not None:
        needed = True
    if needed is not None:
        literal = Literal("true" if needed else "false", datatype=terms.BOOLEAN)
        yield Triple(fact.node, terms.AS_NEEDED, literal)


def _dose(fact: Fact, instruction: JsonObject) -> Iterator[Statement]:
    """Say the amount per administration.

    Raises:
        RefusalError: It is not one amount with a unit.
    """
    refuse_modifiers(instruction)
    amounts = children(instruction, "doseAndRate")
    if len(amounts) > 1:
        raise RefusalError("it has several amounts; give one doseAndRate")
    for amount in amounts:
        quantity, written = child(amount, "doseQuantity"), child(amount, "doseRange")
        if quantity is not None:
            if unit_of(fact.maps, quantity) is None:
                raise RefusalError("the dose has no unit; add its UCUM code")
            yield from say_quantity(fact, terms.DOSE, quantity, f"{_DOSAGE}.doseQuantity")
        elif written is not None:
            yield from say_range(fact, terms.DOSE, written, f"{_DOSAGE}.doseRange")
        else:
            raise RefusalError("its amount is a rate; a dose is needed")


def _schedule(fact: Fact, instruction: JsonObject) -> Iterator[Statement]:
    """Say how often the dose is taken.

    Raises:
        RefusalError: The schedule is not so many times in so long a period, or says more than that.
    """
    timing = child(instruction, "timing")
    if timing is None:
        return
    refuse_modifiers(timing)
    repeat = child(timing, "repeat") or {}
    regular = set(repeat) >= _SCHEDULE
    unread = (set(repeat) - _UNDERSTOOD) | (set(timing) & ({"event"} if regular else _OTHERWISE))
    if unread or not regular:
        what = " and ".join(sorted(unread)) or "a schedule without frequency and period"
        raise RefusalError(f"timing: {what} is not understood; give frequency and period")
    times, period = number(repeat, "frequency"), number(repeat, "period")
    unit = text(repeat, "periodUnit")
    literal = None if times is None else integer_literal(times)
    if literal is None or period is None or unit is None:
        raise RefusalError("timing: frequency, period or periodUnit is not readable; correct it")
    yield Triple(fact.node, terms.TIMES_PER_PERIOD, literal)
    yield from say_number(fact, terms.PERIOD, period, unit, f"{_DOSAGE}.timing.repeat.period")


def _bounds(fact: Fact, instruction: JsonObject) -> Iterator[Statement]:
    """Say from when to when the drug is to be taken, where the instruction does."""
    repeat = child(child(instruction, "timing") or {}, "repeat") or {}
    period = child(repeat, "boundsPeriod")
    if period is not None:
        yield from fact.date(terms.START_DATE, period, "start")
        yield from fact.date(terms.END_DATE, period, "end")
