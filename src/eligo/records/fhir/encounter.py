"""Encounter → a stay in hospital for each of its reasons, if the patient was an inpatient."""

from __future__ import annotations

from collections.abc import Iterator

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children
from eligo.records.fhir.coded import code_value, codings, is_listed
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Scope
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.outcome import Statement

_ROLE = "Encounter.diagnosis.use"


def no_stay(resource: JsonObject, maps: FhirMaps) -> str | None:
    """Return why an encounter is no stay in hospital, None where it is one."""
    kind = resource.get("class")
    system, code = (
        (kind.get("system"), kind.get("code")) if isinstance(kind, dict) else (None, None)
    )
    if not isinstance(code, str):
        return "it has no class, so that nobody can tell whether it was a stay in hospital"
    inpatient = any(
        code == listed and system in (None, listing)
        for listing, listed in maps.table("Encounter.class")
    )
    return None if inpatient else "its class is not that of an inpatient"


def read_encounter(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say that the patient was in hospital, is or will be, when, and for what.

    Reasons are those that the encounter names and the diagnoses that led to it; a stay without a
    reason, or with one that the document does not hold, may be for anything.

    Args:
        resource: A FHIR Encounter.
        scope: Its surroundings.

    Raises:
        RefusalError: It has no status of FHIR R4.
    """
    status = code_value(scope.maps, resource, "status", "Encounter.status", required=True)
    reasons = tuple(_reasons(resource, scope))
    for position, reason in enumerate(reasons or (None,)):
        fact = scope.fact("reason", position) if len(reasons) > 1 else scope.fact()
        yield from fact.declare(terms.HAS_HOSPITALIZATION, terms.HOSPITALIZATION)
        yield from codings(fact, terms.CODE, reason)
        yield from fact.value(terms.EVENT_STATUS, status)
        period = child(resource, "period")
        if period is not None:
            yield from fact.date(terms.START_DATE, period, "start")
            yield from fact.date(terms.END_DATE, period, "end")


def _reasons(resource: JsonObject, scope: Scope) -> Iterator[JsonObject | None]:
    yield from children(resource, "reasonCode")
    references = [*children(resource, "reasonReference")]
    for diagnosis in children(resource, "diagnosis"):
        condition = child(diagnosis, "condition")
        if condition is not None and is_listed(scope.maps, child(diagnosis, "use"), _ROLE):
            references.append(condition)
    for reference in references:
        found = scope.index.resolve(reference, resource)
        yield child(found.content, "code") if found else None
