"""Observation → a measured or coded value, one fact for each component too."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Triple

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children, number, refuse_modifiers, text
from eligo.records.fhir.coded import (
    code_value,
    codings,
    say_concept_of_many,
    say_known,
    words_of,
)
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Fact, Scope
from eligo.records.fhir.limits import say_limits
from eligo.records.fhir.outcome import PassedOverError, Statement
from eligo.records.fhir.quantities import say_number, say_quantity, say_range
from eligo.records.fhir.times import say_time

_UNREAD = ("Boolean", "Ratio", "SampledData", "Time", "DateTime", "Period")
_SAID = (terms.HAS_QUANTITY, terms.RESULT)
_INTERPRETATION = "Observation.interpretation"
_WORDS = "Observation.valueString"


def read_observation(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say what was measured.

    Args:
        resource: A FHIR Observation.
        scope: Its surroundings.

    Raises:
        PassedOverError: It was cancelled or entered in error, has no result yet, or may not be
            about the patient.
        RefusalError: It has no status of FHIR R4.
    """
    status = code_value(scope.maps, resource, "status", "Observation.status", required=True)
    if status is not None:
        raise PassedOverError(f"its status is {text(resource, 'status')}")
    if children(resource, "focus"):
        raise PassedOverError("it has a focus, so it may be about something else than the patient")
    components = children(resource, "component")
    if not components or _has_value(resource):
        yield from _measured(resource, resource, scope.fact())
    for position, component in enumerate(components):
        refuse_modifiers(component)
        yield from _measured(component, resource, scope.fact("component", position))


def _has_value(part: JsonObject) -> bool:
    return any(name.startswith("value") for name in part)


def _measured(part: JsonObject, resource: JsonObject, fact: Fact) -> Iterator[Statement]:
    yield from fact.declare(terms.HAS_OBSERVATION, terms.OBSERVATION)
    yield from codings(fact, terms.CODE, child(part, "code"))
    yield from fact.date(terms.ON_DATE, resource, "effectiveInstant")
    yield from say_time(fact, resource, "effective", terms.ON_DATE)
    value = tuple(fact.guarded("value", _value(part, fact)))
    yield from value
    yield from fact.guarded("referenceRange", say_limits(fact, part))
    if not any(isinstance(said, Triple) and said.predicate in _SAID for said in value):
        said = say_concept_of_many(fact, terms.RESULT, part, "interpretation", _INTERPRETATION)
        yield from fact.guarded("interpretation", said)
    if part.get("dataAbsentReason") is not None:
        reason = words_of(child(part, "dataAbsentReason") or {}) or "no reason given"
        yield fact.note(f"no value: {reason}")


def _value(part: JsonObject, fact: Fact) -> Iterator[Statement]:
    """Say the value; one of a kind that is not read, or none, leaves the fact without a value."""
    quantity, written = child(part, "valueQuantity"), child(part, "valueRange")
    whole, concept = number(part, "valueInteger"), child(part, "valueCodeableConcept")
    if quantity is not None:
        yield from say_quantity(fact, terms.HAS_QUANTITY, quantity, "valueQuantity")
    if written is not None:
        yield from say_range(fact, terms.HAS_QUANTITY, written, "valueRange")
    if whole is not None:
        yield from say_number(
            fact, terms.HAS_QUANTITY, whole, fact.maps.integer_unit, "valueInteger"
        )
    if concept is not None:
        yield from say_known(fact, terms.RESULT, concept, "Observation.value")
    words = text(part, "valueString")
    if words is not None:
        value = fact.maps.table(_WORDS).get(("", words.lower()))
        yield from fact.value(terms.RESULT, value)
        if value is None:
            yield from fact.left_out("valueString", "give a Quantity or a CodeableConcept")
    for kind in _UNREAD:
        if part.get(f"value{kind}") is not None:
            yield from fact.left_out(f"value{kind}", "give a Quantity or a CodeableConcept")
