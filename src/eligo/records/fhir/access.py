"""Members of a JSON object by the type FHIR gives them; another type refuses the resource."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.outcome import RefusalError

T = TypeVar("T")

_NAMES = {
    dict: "an object",
    list: "an array",
    str: "a string",
    Decimal: "a number",
    bool: "a boolean",
}


def _member(parent: JsonObject, name: str, kind: type[T]) -> T | None:
    value = parent.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise RefusalError(f"{name} is not {_NAMES[kind]}; correct it as FHIR R4 defines it")


def child(parent: JsonObject, name: str) -> JsonObject | None:
    """Return a member that is an object, or None where it is absent."""
    return _member(parent, name, dict)


def children(parent: JsonObject, name: str) -> tuple[JsonObject, ...]:
    """Return the objects of a member that is an array; none where it is absent."""
    items = _member(parent, name, list) or []
    objects = tuple(item for item in items if isinstance(item, dict))
    if len(objects) != len(items):
        raise RefusalError(f"{name} holds something that is no object; correct or remove it")
    return objects


def text(parent: JsonObject, name: str) -> str | None:
    """Return a member that is a string, stripped; None where it is absent or blank."""
    value = _member(parent, name, str)
    if value is None:
        return None
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise RefusalError(f"{name} holds half a character (a lone surrogate); correct the text")
    return value.strip() or None


def number(parent: JsonObject, name: str) -> Decimal | None:
    """Return a member that is a number, or None where it is absent."""
    return _member(parent, name, Decimal)


def flag(parent: JsonObject, name: str) -> bool | None:
    """Return a member that is a boolean, or None where it is absent."""
    return _member(parent, name, bool)


def refuse_modifiers(element: JsonObject) -> None:
    """Refuse an element that carries a modifier extension: it may change what the element means.

    Raises:
        RefusalError: It does.
    """
    if element.get("modifierExtension"):
        raise RefusalError(
            "it carries a modifierExtension, which may change its meaning; "
            "remove it if the rest may be read as it stands"
        )
