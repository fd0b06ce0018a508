"""Condition → a condition with its onset, end, status and severity."""

from __future__ import annotations

from collections.abc import Iterator

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children, text
from eligo.records.fhir.coded import codings, is_listed, say_concept
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Fact, Scope
from eligo.records.fhir.outcome import PassedOverError, Statement
from eligo.records.fhir.times import say_time

DUE_TO = "Condition.dueTo"
"""Names the extension that says what a condition is due to."""


def read_condition(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say what the patient has or had.

    Args:
        resource: A FHIR Condition.
        scope: Its surroundings.

    Raises:
        PassedOverError: The code says that nothing is known.
        RefusalError: A verification status that FHIR R4 does not have.
    """
    code = child(resource, "code")
    if is_listed(scope.maps, code, "Condition.code"):
        raise PassedOverError("its code says that there is nothing to record")
    fact = scope.fact()
    yield from fact.declare(terms.HAS_CONDITION, terms.CONDITION)
    yield from codings(fact, terms.CODE, code)
    clinical = say_concept(
        fact,
        terms.CLINICAL_STATUS,
        resource,
        "clinicalStatus",
        "Condition.clinicalStatus",
        required_binding=True,
    )
    yield from fact.guarded("clinicalStatus", clinical)
    yield from say_concept(
        fact,
        terms.VERIFICATION_STATUS,
        resource,
        "verificationStatus",
        "Condition.verificationStatus",
        required_binding=True,
    )
    severity = say_concept(fact, terms.SEVERITY, resource, "severity", "Condition.severity")
    yield from fact.guarded("severity", severity)
    yield from _causes(fact, resource, scope)
    yield from say_time(fact, resource, "onset", terms.START_DATE)
    yield from say_time(fact, resource, "abatement", terms.END_DATE, end="end")


def _causes(fact: Fact, resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say what the condition is due to: a concept, or what a condition or procedure is of."""
    url = scope.maps.extensions[DUE_TO]
    for extension in children(resource, "extension"):
        if text(extension, "url") != url:
            continue
        concept = child(extension, "valueCodeableConcept")
        reference = child(extension, "valueReference")
        if reference is not None:
            found = scope.index.resolve(reference, resource)
            concept = child(found.content, "code") if found else None
        yield from codings(fact, terms.DUE_TO, concept)
