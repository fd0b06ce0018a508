"""Patient → birth date, sex at birth, and a note of death."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Triple

from eligo.records.fhir import terms
from eligo.records.fhir.access import children, flag, text
from eligo.records.fhir.coded import code_value
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Fact, Scope, mint
from eligo.records.fhir.outcome import RefusalError, Statement

BIRTH_SEX = "Patient.birthSex"
GENDER = "Patient.gender"


def read_patient(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say who the patient is.

    Args:
        resource: A FHIR Patient.
        scope: Its surroundings.
    """
    reference = f"{scope.resource_type}/{scope.id}"
    patient = Fact(mint(scope.maps, scope.resource_type, scope.id), scope.maps, scope, reference)
    yield Triple(patient.node, terms.TYPE, terms.PATIENT)
    yield from patient.date(terms.BIRTH_DATE, resource, "birthDate")
    yield from patient.guarded("sex at birth", _sex(patient, resource))
    died = text(resource, "deceasedDateTime")
    if died is not None:
        yield patient.note(f"died {died}")
    elif flag(resource, "deceasedBoolean"):
        yield patient.note("died, date not recorded")


def _sex(patient: Fact, resource: JsonObject) -> Iterator[Statement]:
    """Say the sex at birth: by the extension, or by administrative gender in its absence.

    Raises:
        RefusalError: It is stated differently, or by a code that FHIR R4 or US Core does not have.
    """
    url = patient.maps.extensions[BIRTH_SEX]
    stated = [item for item in children(resource, "extension") if text(item, "url") == url]
    born = {code_value(patient.maps, item, "valueCode", BIRTH_SEX) for item in stated}
    stand_in = code_value(patient.maps, resource, "gender", GENDER)
    if len(born) > 1:
        raise RefusalError("it is stated twice and differently; keep the right one")
    if born:
        yield from patient.value(terms.SEX_AT_BIRTH, born.pop())
    elif stand_in is not None:
        yield from patient.value(terms.SEX_AT_BIRTH, stand_in)
        yield patient.note("sex at birth: administrative gender stands in for it")
