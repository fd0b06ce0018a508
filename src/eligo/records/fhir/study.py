"""ResearchSubject → a participation in a study, and the consent to it."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children, text
from eligo.records.fhir.coded import code_value, codings
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Fact, Scope
from eligo.records.fhir.outcome import Statement

_NO_SPACE = str.maketrans("", "", " \t\n")


def read_research_subject(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say which study the patient takes, took or may take part in, and whether consent is signed.

    A Consent is read only here: by itself it does not say for which study it was given.

    Args:
        resource: A FHIR ResearchSubject.
        scope: Its surroundings.

    Raises:
        RefusalError: It has no status of FHIR R4.
    """
    fact = scope.fact()
    element = "ResearchSubject.status"
    status = code_value(scope.maps, resource, "status", element, required=True)
    study = _target(resource, scope, "study", "ResearchStudy")
    identifier = _identifier(scope, study or {})
    yield from fact.declare(terms.HAS_TRIAL_PARTICIPATION, terms.TRIAL_PARTICIPATION)
    yield from codings(fact, terms.CODE, (children(study or {}, "category") or ({},))[0])
    yield from fact.value(terms.EVENT_STATUS, status)
    yield from _belongs(fact, identifier)
    period = child(resource, "period")
    if period is not None:
        yield from fact.date(terms.START_DATE, period, "start")
        yield from fact.date(terms.END_DATE, period, "end")
    yield from _consent(resource, scope, identifier)


def _consent(resource: JsonObject, scope: Scope, study: str | None) -> Iterator[Statement]:
    consent = _target(resource, scope, "consent", "Consent")
    if consent is None:
        return
    fact = scope.fact("consent")
    answer = code_value(scope.maps, consent, "status", "Consent.status", required=True)
    provision = child(consent, "provision") or {}
    denied = code_value(scope.maps, provision, "type", "Consent.provision.type")
    if study is None or answer is None:
        why = "the study has no identifier" if study is None else "it is not in force"
        yield from scope.fact().left_out("consent", why)
        return
    signed = answer == terms.ACTIVE and denied is None
    yield from fact.declare(terms.HAS_ATTESTATION, terms.ATTESTATION)
    yield from fact.value(terms.CODE, NamedNode(scope.maps.consent))
    yield Triple(
        fact.node, terms.ANSWER, Literal("true" if signed else "false", datatype=terms.BOOLEAN)
    )
    yield from fact.date(terms.ON_DATE, consent, "dateTime")
    yield from _belongs(fact, study)


def _belongs(fact: Fact, study: str | None) -> Iterator[Statement]:
    if study is not None:
        yield Triple(fact.node, terms.STUDY_IDENTIFIER, Literal(study))


def _target(resource: JsonObject, scope: Scope, element: str, kind: str) -> JsonObject | None:
    reference = child(resource, element)
    found = None if reference is None else scope.index.resolve(reference, resource)
    return found.content if found is not None and found.resource_type == kind else None


def _identifier(scope: Scope, study: JsonObject) -> str | None:
    """Return the study's number in a registry, else its first identifier."""
    found = [
        (text(item, "system") not in scope.maps.registries, value.translate(_NO_SPACE))
        for item in children(study, "identifier")
        if (value := text(item, "value")) is not None
    ]
    return min(found)[1] if found else None
