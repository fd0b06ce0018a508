"""AllergyIntolerance → an adverse reaction for each reaction recorded, or one without details."""

from __future__ import annotations

from collections.abc import Iterator

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children
from eligo.records.fhir.coded import codings, is_listed, say_code, say_concept
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Fact, Scope
from eligo.records.fhir.outcome import PassedOverError, Statement
from eligo.records.fhir.times import say_time


def read_allergy(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say what the patient reacts or reacted to.

    Args:
        resource: A FHIR AllergyIntolerance.
        scope: Its surroundings.

    Raises:
        PassedOverError: The code says that no allergy is known.
        RefusalError: A verification status that FHIR R4 does not have.
    """
    if is_listed(scope.maps, child(resource, "code"), "AllergyIntolerance.code"):
        raise PassedOverError("its code says that no allergy is known, which is no reaction")
    reactions = children(resource, "reaction")
    if not reactions:
        yield from _reaction(resource, {}, scope.fact())
    for position, reaction in enumerate(reactions):
        yield from _reaction(resource, reaction, scope.fact("reaction", position))


def _reaction(resource: JsonObject, reaction: JsonObject, fact: Fact) -> Iterator[Statement]:
    yield from fact.declare(terms.HAS_ADVERSE_REACTION, terms.ADVERSE_REACTION)
    yield from codings(fact, terms.AGENT, child(reaction, "substance") or child(resource, "code"))
    for manifestation in children(reaction, "manifestation"):
        yield from codings(fact, terms.MANIFESTATION, manifestation)
    severity = say_code(
        fact, terms.SEVERITY, reaction, "severity", "AllergyIntolerance.reaction.severity"
    )
    yield from fact.guarded("severity", severity)
    criticality = say_code(
        fact, terms.CRITICALITY, resource, "criticality", "AllergyIntolerance.criticality"
    )
    yield from fact.guarded("criticality", criticality)
    yield from say_concept(
        fact,
        terms.VERIFICATION_STATUS,
        resource,
        "verificationStatus",
        "AllergyIntolerance.verificationStatus",
        required_binding=True,
    )
    if reaction.get("onset") is not None:
        yield from fact.date(terms.ON_DATE, reaction, "onset")
    else:
        yield from say_time(fact, resource, "onset", terms.ON_DATE)
