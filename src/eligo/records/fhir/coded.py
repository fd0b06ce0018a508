"""Codes and CodeableConcepts: values by the maps, or codings as the source wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children, text
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Fact
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.outcome import RefusalError, Statement

_NOT_STATED = "not stated"


def code_value(
    maps: FhirMaps, resource: JsonObject, name: str, element: str, *, required: bool = False
) -> NamedNode | None:
    """Return what an element of type code means.

    Args:
        maps: The value maps.
        resource: The resource or part of it.
        name: Name of the member.
        element: Path of the element, which names its map.
        required: FHIR demands the element.

    Returns:
        The value; None where the element is absent or its code says nothing that a record keeps.

    Raises:
        RefusalError: The element is missing though required, or its code is not one FHIR R4 has.
    """
    code = text(resource, name)
    table = maps.table(element)
    if code is None and not required:
        return None
    if code is None or ("", code) not in table:
        known = ", ".join(sorted(notation for _, notation in table))
        found = "is missing" if code is None else f"{code!r} is no code of FHIR R4"
        raise RefusalError(f"{name} {found}; give one of {known}")
    return table["", code]


def concept_value(
    maps: FhirMaps, concept: JsonObject | None, element: str, *, required_binding: bool = False
) -> NamedNode | None:
    """Return what a CodeableConcept means by its map.

    Args:
        maps: The value maps.
        concept: The CodeableConcept, or None where the element is absent.
        element: Path of the element, which names its map.
        required_binding: FHIR R4 allows no code outside the map.

    Returns:
        The value; None where the map has none of the codings.

    Raises:
        RefusalError: No coding is in the map though it must be, or codings contradict each other.
    """
    if concept is None:
        return None
    table = maps.table(element)
    found = {table[code] for code in _codes(concept) if code in table}
    if len(found) > 1:
        raise RefusalError("its codings contradict each other; keep the right one")
    if not found and required_binding and (concept.get("coding") or concept.get("text")):
        known = ", ".join(sorted(notation for _, notation in table))
        systems = " or ".join(sorted({system for system, _ in table}))
        raise RefusalError(f"it has no coding of FHIR R4; give {known} of {systems}")
    return found.pop() if found else None


def say_code(
    fact: Fact, predicate: NamedNode, parent: JsonObject, name: str, element: str
) -> Iterator[Statement]:
    """Say what an element of type code means, where it means anything.

    Raises:
        RefusalError: Its code is not one FHIR R4 has.
    """
    yield from fact.value(predicate, code_value(fact.maps, parent, name, element))


def say_concept(
    fact: Fact,
    predicate: NamedNode,
    parent: JsonObject,
    name: str,
    element: str,
    *,
    required_binding: bool = False,
) -> Iterator[Statement]:
    """Say what a CodeableConcept means by its map, where it means anything.

    Raises:
        RefusalError: No coding is in the map though it must be, or codings contradict each other.
    """
    concept = child(parent, name)
    value = concept_value(fact.maps, concept, element, required_binding=required_binding)
    yield from fact.value(predicate, value)


def say_concept_of_many(
    fact: Fact, predicate: NamedNode, parent: JsonObject, name: str, element: str
) -> Iterator[Statement]:
    """Say what several CodeableConcepts mean by their map, where they mean one thing.

    Raises:
        RefusalError: They contradict each other.
    """
    values = {concept_value(fact.maps, item, element) for item in children(parent, name)} - {None}
    if len(values) > 1:
        raise RefusalError("its codings contradict each other; keep the right one")
    yield from fact.value(predicate, values.pop() if values else None)


def is_listed(maps: FhirMaps, concept: JsonObject | None, element: str) -> bool:
    """Tell whether a map lists any coding of a CodeableConcept."""
    return concept is not None and any(code in maps.table(element) for code in _codes(concept))


def codings(fact: Fact, predicate: NamedNode, concept: JsonObject | None) -> Iterator[Statement]:
    """Say every coding of a CodeableConcept; its words, or that it says nothing, where it has none.

    A fact without a code could be of any kind: leaving it out would be a silent "no".
    """
    coded = [coding for coding in children(concept or {}, "coding") if text(coding, "code")]
    for coding in coded:
        system = _system(fact.maps, text(coding, "system"))
        yield from _coding(
            fact, predicate, system, text(coding, "code") or "", text(coding, "display")
        )
    if not coded:
        words = words_of(concept or {})
        system = terms.UNSTATED if words is None else terms.FREE_TEXT
        yield from _coding(fact, predicate, system, words or _NOT_STATED, words)


def say_known(
    fact: Fact, predicate: NamedNode, concept: JsonObject, element: str
) -> Iterator[Statement]:
    """Say a CodeableConcept as the concept its map gives it, else as codings.

    Raises:
        RefusalError: Its codings contradict each other.
    """
    value = concept_value(fact.maps, concept, element)
    yield from codings(fact, predicate, concept) if value is None else fact.value(predicate, value)


def words_of(concept: JsonObject) -> str | None:
    """Return the words of a CodeableConcept: its text, else the display of a coding."""
    written = [text(concept, "text"), *(text(c, "display") for c in children(concept, "coding"))]
    return next((words for words in written if words), None)


def _codes(concept: JsonObject) -> Iterator[tuple[str, str]]:
    for coding in children(concept, "coding"):
        yield text(coding, "system") or "", text(coding, "code") or ""


def _coding(
    fact: Fact, predicate: NamedNode, system: NamedNode, notation: str, display: str | None
) -> Iterator[Triple]:
    node = fact.blank(predicate.value, system.value, notation, display or "")
    yield Triple(fact.node, predicate, node)
    yield Triple(node, terms.TYPE, terms.CODING)
    yield Triple(node, terms.IN_SYSTEM, system)
    yield Triple(node, terms.NOTATION, Literal(notation))
    if display is not None:
        yield Triple(node, terms.LABEL, Literal(display))


def _system(maps: FhirMaps, uri: str | None) -> NamedNode:
    if uri is None:
        return terms.UNSTATED
    known = maps.systems.get(uri)
    if known is not None:
        return NamedNode(known)
    try:
        return NamedNode(uri)
    except ValueError:  # the source's name for the system is no IRI
        return NamedNode(f"{maps.prefix}system:{quote(uri, safe='')}")
