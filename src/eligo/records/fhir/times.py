"""The ways in which FHIR writes when something happened."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from eligo.records.fhir.access import child
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Fact
from eligo.records.fhir.outcome import Statement

_WITHOUT_DATE = ("Age", "Range", "String", "Timing")


def say_time(
    fact: Fact, resource: JsonObject, name: str, predicate: NamedNode, *, end: str = "start"
) -> Iterator[Statement]:
    """Say when something happened that FHIR writes as a dateTime, a Period or in other ways.

    Args:
        fact: The fact.
        resource: The resource.
        name: Name of the element without its type, such as ``onset``.
        predicate: The date to say.
        end: Which end of a Period is meant: ``start`` or ``end``.
    """
    yield from fact.date(predicate, resource, f"{name}DateTime")
    period = child(resource, f"{name}Period")
    if period is not None:
        yield from fact.date(predicate, period, end)
    for kind in _WITHOUT_DATE:
        if resource.get(name + kind) is not None:
            yield from fact.left_out(name + kind, "a date is needed")
