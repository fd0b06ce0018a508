"""Check a value against a JSON schema, for the keywords that ours uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def faults(value: Any, schema: Any, definitions: Any, place: str = "") -> Iterator[str]:
    """Yield where a value breaks a schema."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    if not _has_type(value, schema):
        yield f"{place}: not {schema['type']}"
        return
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{place}: {value}"
    if isinstance(value, dict):
        yield from _object_faults(value, schema, definitions, place)
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from faults(inner, schema["items"], definitions, f"{place}/{number}")


def _has_type(value: Any, schema: Any) -> bool:
    if "type" not in schema:
        return True
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return type(value) in {TYPES[name] for name in names}


def _object_faults(value: Any, schema: Any, definitions: Any, place: str) -> Iterator[str]:
    for name in schema["required"]:
        if name not in value:
            yield f"{place}/{name}: missing"
    for name, inner in value.items():
        if name in schema["properties"]:
            yield from faults(inner, schema["properties"][name], definitions, f"{place}/{name}")
        else:
            yield f"{place}/{name}: not described"
