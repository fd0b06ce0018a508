"""FamilyMemberHistory → diseases of a relative."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Triple

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children
from eligo.records.fhir.coded import code_value, codings, is_listed, words_of
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Scope
from eligo.records.fhir.outcome import PassedOverError, Statement


def read_family_history(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say which diseases a relative has or had.

    Args:
        resource: A FHIR FamilyMemberHistory.
        scope: Its surroundings.

    Raises:
        PassedOverError: It names no disease, or was entered in error.
        RefusalError: It has no status of FHIR R4.
    """
    element = "FamilyMemberHistory.status"
    if code_value(scope.maps, resource, "status", element, required=True) is not None:
        raise PassedOverError("it was entered in error")
    conditions = children(resource, "condition")
    if not conditions:
        raise PassedOverError("it names no disease")
    relationship = words_of(child(resource, "relationship") or {})
    for position, condition in enumerate(conditions):
        code = child(condition, "code")
        if is_listed(scope.maps, code, "FamilyMemberHistory.condition.code"):
            continue
        fact = scope.fact("condition", position)
        yield from fact.declare(terms.HAS_FAMILY_HISTORY, terms.FAMILY_HISTORY)
        yield from codings(fact, terms.CODE, code)
        yield from fact.date(terms.ON_DATE, resource, "date")
        if relationship is not None:
            yield Triple(fact.node, terms.RELATIONSHIP, Literal(relationship))
