"""DiagnosticReport → its coded conclusions and the observations it contains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children, text
from eligo.records.fhir.coded import code_value, codings, say_known
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Scope
from eligo.records.fhir.observation import read_observation
from eligo.records.fhir.outcome import Gap, PassedOverError, Statement
from eligo.records.fhir.times import say_time


def read_diagnostic_report(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say what a report concludes in codes, and what the observations contained in it measured.

    Args:
        resource: A FHIR DiagnosticReport.
        scope: Its surroundings.

    Raises:
        PassedOverError: It was cancelled or entered in error, has no result yet, or says nothing
            that is not in the observations it refers to.
        RefusalError: It has no status of FHIR R4.
    """
    element = "DiagnosticReport.status"
    if code_value(scope.maps, resource, "status", element, required=True) is not None:
        raise PassedOverError(f"its status is {text(resource, 'status')}")
    said = (*_conclusions(resource, scope), *_contained(resource, scope), *_lost(resource, scope))
    if not said:
        raise PassedOverError("what it says stands in the observations it refers to")
    yield from said


def _conclusions(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    for position, conclusion in enumerate(children(resource, "conclusionCode")):
        fact = scope.fact("conclusionCode", position)
        yield from fact.declare(terms.HAS_OBSERVATION, terms.OBSERVATION)
        yield from codings(fact, terms.CODE, child(resource, "code"))
        yield from say_known(fact, terms.RESULT, conclusion, "Observation.value")
        yield from say_time(fact, resource, "effective", terms.ON_DATE)


def _contained(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say the contained observations; one without a time was made when the report says."""
    times = {name: value for name, value in resource.items() if name.startswith("effective")}
    for held in children(resource, "contained"):
        if text(held, "resourceType") != "Observation":
            continue
        dated = any(name.startswith("effective") for name in held)
        part = held if dated else {**held, **times}
        name = f"{scope.id}#{text(held, 'id') or ''}"
        try:
            yield from tuple(read_observation(part, replace(scope, id=name)))
        except PassedOverError:
            continue


def _lost(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say which results are nowhere to be found."""
    for reference in children(resource, "result"):
        if scope.index.resolve(reference, resource) is None:
            target = text(reference, "reference") or text(reference, "display")
            yield Gap("result", f"{target} is nowhere in the data; add that Observation")
