"""MedicationRequest → the use of a drug: what, when, how much, what for."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children, flag, text
from eligo.records.fhir.coded import code_value, codings, is_listed
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.dosage import say_dosage
from eligo.records.fhir.fact import Fact, Scope
from eligo.records.fhir.outcome import PassedOverError, RefusalError, Statement


def read_medication_request(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say which drug was ordered, planned, taken or not given.

    The order's date is the start unless the dosage states one. No end is stated unless the dosage
    does: a stopped or completed order ended on some unknown day.

    Args:
        resource: A FHIR MedicationRequest.
        scope: Its surroundings.

    Raises:
        PassedOverError: The code says that no medication is known.
        RefusalError: It has no status or intent of FHIR R4, or its medication is nowhere to be
            found.
    """
    medication = _medication(resource, scope)
    if is_listed(scope.maps, medication, "MedicationRequest.medication"):
        raise PassedOverError("its code says that there is nothing to record")
    fact = scope.fact()
    status = _status(resource, scope)
    yield from fact.declare(terms.HAS_MEDICATION_USE, terms.MEDICATION_USE)
    yield from codings(fact, terms.CODE, medication)
    yield from fact.value(terms.EVENT_STATUS, status)
    dosage = tuple(say_dosage(fact, resource))
    yield from dosage
    if not any(map(_is_start, dosage)):
        yield from fact.date(terms.START_DATE, resource, "authoredOn")
    yield from _indication(fact, resource, scope)


def _is_start(said: Statement) -> bool:
    return isinstance(said, Triple) and said.predicate == terms.START_DATE


def _status(resource: JsonObject, scope: Scope) -> NamedNode | None:
    """Return the status of the use.

    An order that must not be carried out is not done. An intent that is no order makes a plan of
    it, unless somebody reports that the drug is taken: US Core writes so what patients take by
    themselves.
    """
    status = code_value(scope.maps, resource, "status", "MedicationRequest.status", required=True)
    intent = code_value(scope.maps, resource, "intent", "MedicationRequest.intent", required=True)
    if status in (terms.ENTERED_IN_ERROR, terms.NOT_DONE):
        return status
    if flag(resource, "doNotPerform"):
        return terms.NOT_DONE
    reported = flag(resource, "reportedBoolean") or resource.get("reportedReference") is not None
    return status if intent is None or reported else intent


def _medication(resource: JsonObject, scope: Scope) -> JsonObject:
    """Return the CodeableConcept of the drug, from the request or the Medication it refers to."""
    concept = child(resource, "medicationCodeableConcept")
    if concept is not None:
        return concept
    reference = child(resource, "medicationReference")
    if reference is None:
        raise RefusalError("it has no medication; add medicationCodeableConcept")
    found = scope.index.resolve(reference, resource)
    if found is not None and found.resource_type == "Medication":
        return child(found.content, "code") or {}
    words = text(reference, "display")
    if words is None:
        target = text(reference, "reference")
        raise RefusalError(
            f"its medicationReference {target!r} is not in the document; add that Medication"
        )
    return {"text": words}


def _indication(fact: Fact, resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say what the drug is for, if the request names one reason."""
    reasons = [*children(resource, "reasonCode")]
    for reference in children(resource, "reasonReference"):
        found = scope.index.resolve(reference, resource)
        reasons.append((child(found.content, "code") if found else None) or {})
    named = [reason for reason in reasons if reason]
    if len(reasons) == 1 and named:
        yield from codings(fact, terms.INDICATION, named[0])
    elif reasons:
        yield from fact.left_out("reason", "one reason that the document holds is needed")
