"""Records as facts that compare whatever their nodes are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

import pyoxigraph as ox

from eligo.records.records import Records
from eligo.records.skolem import PREFIX

ELIG = "https://w3id.org/eligo/ns/"
UNHEEDED = {f"{ELIG}note", f"{ELIG}sourceReference"}
LINK = f"{ELIG}basedOn"
SHOWN = {f"{ELIG}code", f"{ELIG}eventStatus", f"{ELIG}recordedAs"}
Fact = tuple[str, str, Any]
OPEN = frozenset(
    {
        ("inSystem", "<https://w3id.org/eligo/system/Unstated>"),
        ("notation", '"not stated"'),
        ("type", f"<{ELIG}Coding>"),
    }
)


def facts(
    records: Records, *bases: str, of: Callable[[str], bool] = lambda _: True
) -> Counter[Fact]:
    """Return the patients' facts and attributes, each as (patient, property, content).

    Args:
        records: The records.
        bases: What the IRIs of patients begin with; the rest names them.
        of: Tells of a type and id, such as `Condition/1`, whether facts of that resource are meant.
    """
    found: Counter[Fact] = Counter()
    for quad in records.store:
        name = quad.predicate.value.removeprefix(ELIG)
        if name.startswith("has") and not of(_source(records, quad.object)):
            continue
        if name.startswith("has"):
            found[_patient(quad.subject, bases), name, _content(records, quad.object)] += 1
        elif name in ("birthDate", "sexAtBirth"):
            found[_patient(quad.subject, bases), name, str(quad.object)] += 1
    return found


def is_open(fact: Fact) -> bool:
    """Whether a fact says no more than that something of its kind may be there."""
    return (
        isinstance(fact[2], frozenset)
        and dict(fact[2]).keys() <= {"type", "code", "agent"}
        and (OPEN in {value for name, value in fact[2] if name in ("code", "agent")})
    )


def less(fact: Fact, names: Collection[str]) -> Fact:
    """Return a fact without some of its attributes."""
    content = frozenset((name, value) for name, value in fact[2] if name not in names)
    return (fact[0], fact[1], content)


def _source(records: Records, fact: Any) -> str:
    """Return the type and id of the resource that a fact comes from."""
    (where,) = records.store.quads_for_pattern(fact, ox.NamedNode(f"{ELIG}sourceReference"), None)
    return re.split("[.#]", str(getattr(where.object, "value", "")))[0]


def _patient(node: Any, bases: tuple[str, ...]) -> str:
    name = str(node.value)
    for base in bases:
        name = name.removeprefix(base)
    return name


def _content(
    records: Records, node: Any, only: set[str] | None = None
) -> frozenset[tuple[str, Any]]:
    return frozenset(
        (
            quad.predicate.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1],
            _linked(records, quad.object)
            if quad.predicate.value == LINK
            else _content(records, quad.object)
            if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(PREFIX)
            else str(quad.object),
        )
        for quad in records.store.quads_for_pattern(node, None, None)
        if quad.predicate.value not in UNHEEDED and (only is None or quad.predicate.value in only)
    )


def _linked(records: Records, node: Any) -> frozenset[tuple[str, Any]]:
    """Return what tells one use of a drug from another, whatever their nodes are called."""
    return _content(records, node, SHOWN)
