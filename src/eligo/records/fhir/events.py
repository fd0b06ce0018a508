"""Procedure and Immunization → point events."""

from __future__ import annotations

from collections.abc import Iterator

from eligo.records.fhir import terms
from eligo.records.fhir.access import child
from eligo.records.fhir.coded import code_value, codings, is_listed
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Scope
from eligo.records.fhir.outcome import PassedOverError, Statement
from eligo.records.fhir.times import say_time


def read_procedure(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say what was done, is planned or was not done.

    Args:
        resource: A FHIR Procedure.
        scope: Its surroundings.

    Raises:
        RefusalError: It has no status of FHIR R4.
        PassedOverError: The code says that nothing is known.
    """
    code = child(resource, "code")
    if is_listed(scope.maps, code, "Procedure.code"):
        raise PassedOverError("its code says that there is nothing to record")
    fact = scope.fact()
    status = code_value(scope.maps, resource, "status", "Procedure.status", required=True)
    yield from fact.declare(terms.HAS_PROCEDURE, terms.PROCEDURE)
    yield from codings(fact, terms.CODE, code)
    yield from fact.value(terms.EVENT_STATUS, status)
    yield from say_time(fact, resource, "performed", terms.ON_DATE)


def read_immunization(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say which vaccine was given or was not.

    Args:
        resource: A FHIR Immunization.
        scope: Its surroundings.

    Raises:
        RefusalError: It has no status of FHIR R4.
        PassedOverError: The code says that nothing is known.
    """
    code = child(resource, "vaccineCode")
    if is_listed(scope.maps, code, "Immunization.vaccineCode"):
        raise PassedOverError("its code says that there is nothing to record")
    fact = scope.fact()
    status = code_value(scope.maps, resource, "status", "Immunization.status", required=True)
    yield from fact.declare(terms.HAS_IMMUNIZATION, terms.IMMUNIZATION)
    yield from codings(fact, terms.CODE, code)
    yield from fact.value(terms.EVENT_STATUS, status)
    yield from say_time(fact, resource, "occurrence", terms.ON_DATE)
