"""What a drug resource is about: the drug's code and the strength of its product."""

from __future__ import annotations

from dataclasses import dataclass

from eligo.records.fhir.access import child, children, text
from eligo.records.fhir.amounts import Strength, strength_of
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Scope
from eligo.records.fhir.outcome import RefusalError


@dataclass(frozen=True)
class Drug:
    """A drug.

    Attributes:
        concept: Its CodeableConcept.
        strength: How much of it the product holds, where one ingredient says so.
    """

    concept: JsonObject
    strength: Strength | None = None


def drug_of(resource: JsonObject, scope: Scope) -> Drug:
    """Return the drug of a resource, from itself or the Medication it refers to.

    Raises:
        ElsewhereError: The Medication is not among what was read so far.
        RefusalError: The drug is nowhere to be found.
    """
    concept = child(resource, "medicationCodeableConcept")
    if concept is not None:
        return Drug(concept)
    reference = child(resource, "medicationReference")
    if reference is None:
        raise RefusalError("it has no medication; add medicationCodeableConcept")
    found = scope.index.resolve(reference, resource)
    if found is not None and found.resource_type == "Medication":
        return Drug(_code(found.content), _strength(found.content, scope))
    words = text(reference, "display")
    if words is None:
        target = text(reference, "reference")
        raise RefusalError(
            f"its medicationReference {target!r} is not in the document; add that Medication"
        )
    return Drug({"text": words})


def _code(medication: JsonObject) -> JsonObject:
    """Return the code of a Medication, or that of its only ingredient."""
    code = child(medication, "code")
    if code is not None:
        return code
    ingredients = children(medication, "ingredient")
    only = ingredients[0] if len(ingredients) == 1 else {}
    return child(only, "itemCodeableConcept") or {}


def _strength(medication: JsonObject, scope: Scope) -> Strength | None:
    ingredients = children(medication, "ingredient")
    ratio = child(ingredients[0], "strength") if len(ingredients) == 1 else None
    if ratio is None:
        return None
    try:
        return strength_of(scope.maps, ratio)
    except RefusalError:
        return None
