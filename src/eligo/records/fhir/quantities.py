"""Quantities, ranges and plain numbers of FHIR, with the digits and the unit the source wrote."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Triple

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, number, text
from eligo.records.fhir.amounts import Amount
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.fact import Fact
from eligo.records.fhir.literals import decimal_literal
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.outcome import RefusalError, Statement

_COMPARATOR = "Quantity.comparator"


def unit_of(maps: FhirMaps, quantity: JsonObject) -> str | None:
    """Return the UCUM code of a Quantity's unit, else the unit's text, else None."""
    code = text(quantity, "code")
    if code is not None and text(quantity, "system") == maps.unit_system:
        return code
    return text(quantity, "unit")


def say_quantity(
    fact: Fact, predicate: NamedNode, quantity: JsonObject, element: str
) -> Iterator[Statement]:
    """Say a Quantity: its number, its unit where there is one, its comparator.

    Args:
        fact: The fact.
        predicate: What the quantity is to the fact.
        quantity: The FHIR Quantity.
        element: Path of the element, for the remark that it could not be read.
    """
    value = number(quantity, "value")
    literal = None if value is None else decimal_literal(value)
    comparator = text(quantity, "comparator")
    if literal is None:
        yield from fact.left_out(element, "it has no value within reach; give the number")
    elif comparator is not None and ("", comparator) not in fact.maps.table(_COMPARATOR):
        yield from fact.left_out(element, f"{comparator!r} is no comparator of FHIR R4")
    else:
        ends = {terms.VALUE: literal}
        yield from _quantity(fact, predicate, ends, unit_of(fact.maps, quantity), comparator)


def say_range(
    fact: Fact, predicate: NamedNode, written: JsonObject, element: str
) -> Iterator[Statement]:
    """Say a Range: one or both ends, in one unit.

    Args:
        fact: The fact.
        predicate: What the range is to the fact.
        written: The FHIR Range.
        element: Path of the element, for the remark that it could not be read.
    """
    ends: dict[NamedNode, Literal] = {}
    units: set[str | None] = set()
    for name, end in (("low", terms.LOW), ("high", terms.HIGH)):
        quantity = child(written, name)
        if quantity is None:
            continue
        value = number(quantity, "value")
        literal = None if value is None else decimal_literal(value)
        if literal is not None:
            ends[end] = literal
            units.add(unit_of(fact.maps, quantity))
    if len(units) == 1:
        yield from _quantity(fact, predicate, ends, units.pop(), None)
    else:
        yield from fact.left_out(element, "its ends are missing or differ in unit")


def say_number(
    fact: Fact, predicate: NamedNode, value: Decimal, unit: str, element: str
) -> Iterator[Statement]:
    """Say a number that FHIR writes apart from its unit.

    Args:
        fact: The fact.
        predicate: What the quantity is to the fact.
        value: The number.
        unit: Its UCUM unit.
        element: Path of the element, for the remark that it could not be read.
    """
    literal = decimal_literal(value)
    if literal is None:
        yield from fact.left_out(element, "the number is beyond reach; correct it")
    else:
        yield from _quantity(fact, predicate, {terms.VALUE: literal}, unit, None)


def say_amount(fact: Fact, predicate: NamedNode, amount: Amount) -> Iterator[Statement]:
    """Say an exact amount or one that lies between two ends.

    Args:
        fact: The fact.
        predicate: What the quantity is to the fact.
        amount: The amount.
    """
    names = {"value": terms.VALUE, "low": terms.LOW, "high": terms.HIGH}
    ends = {names[name]: decimal_literal(value) for name, value in amount.written().items()}
    known = {name: literal for name, literal in ends.items() if literal is not None}
    if len(known) != len(ends):
        raise RefusalError("the amount is beyond reach; correct it")
    yield from _quantity(fact, predicate, known, amount.unit or None, None)


def _quantity(
    fact: Fact,
    predicate: NamedNode,
    numbers: dict[NamedNode, Literal],
    unit: str | None,
    comparator: str | None,
) -> Iterator[Triple]:
    written = [f"{end.value}={number.value}" for end, number in numbers.items()]
    node = fact.blank(predicate.value, *written, unit or "", comparator or "")
    yield Triple(fact.node, predicate, node)
    yield Triple(node, terms.TYPE, terms.QUANTITY)
    for end, literal in numbers.items():
        yield Triple(node, end, literal)
    if unit is not None:
        yield Triple(node, terms.UNIT, Literal(unit))
    if comparator is not None:
        yield Triple(node, terms.COMPARATOR, Literal(comparator))
