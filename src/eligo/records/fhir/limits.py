"""Reference ranges of an Observation: what its laboratory calls normal for the patient."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children, text
from eligo.records.fhir.coded import is_listed
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Fact
from eligo.records.fhir.outcome import Statement
from eligo.records.fhir.quantities import say_quantity, unit_of

_RANGE = "referenceRange"
_NORMAL = "Observation.referenceRange.type"
_ENDS = (("low", terms.LOWER_LIMIT), ("high", terms.UPPER_LIMIT))


def say_limits(fact: Fact, part: JsonObject) -> Iterator[Statement]:
    """Say the reference limits of a number, where it is plain which ones hold for the patient.

    A range of another type (a goal, a stage of disease) is no limit of normal. Of several ranges,
    or of one that is for some ages or people, nobody but the laboratory knows which one holds.

    Args:
        fact: The fact.
        part: The FHIR Observation or component of one.
    """
    if child(part, "valueQuantity") is None:
        return
    normal = [written for written in children(part, _RANGE) if _may_be_normal(fact, written)]
    limited = [written for written in normal if _limited(written)]
    if not limited:
        if normal:
            yield from fact.left_out(_RANGE, "it is text; give low and high")
        return
    if len(normal) > 1 or "age" in limited[0] or children(limited[0], "appliesTo"):
        yield from fact.left_out(_RANGE, "it may not be for this patient; give the one that is")
        return
    for name, predicate in _ENDS:
        end = child(limited[0], name)
        if end is not None:
            yield from _say_end(fact, predicate, end, f"{_RANGE}.{name}")


def _may_be_normal(fact: Fact, written: JsonObject) -> bool:
    kind = child(written, "type")
    return kind is None or is_listed(fact.maps, kind, _NORMAL)


def _limited(written: JsonObject) -> bool:
    return any(child(written, name) is not None for name, _ in _ENDS)


def _say_end(
    fact: Fact, predicate: NamedNode, end: JsonObject, element: str
) -> Iterator[Statement]:
    if unit_of(fact.maps, end) is None:
        yield from fact.left_out(element, "it has no unit; give the unit")
    elif text(end, "comparator") is not None:
        yield from fact.left_out(element, "it has a comparator; give the number alone")
    else:
        yield from say_quantity(fact, predicate, end, element)
