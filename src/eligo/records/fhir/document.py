"""Bytes of a FHIR JSON document → its JSON object, with exact numbers and placed errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import NoReturn

from eligo.errors import InputError

JsonObject = Mapping[str, object]
"""A JSON object; its numbers are `decimal.Decimal`."""


class _NotAllowedError(ValueError):
    """Something that the JSON parser would accept and FHIR does not allow."""


def parse_document(data: bytes, *, source: str) -> JsonObject:
    """Return the FHIR resource that a file holds.

    Args:
        data: The file's content, UTF-8; a byte order mark is skipped.
        source: Its name, for messages.

    Raises:
        InputError: Not UTF-8, not JSON, nested too deeply, a name twice in one object, a number
            that is not finite, or not a FHIR resource.
    """
    text = _decode(data, source)
    try:
        document = json.loads(
            text,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        raise InputError(
            _advice(text, error), source=source, line=error.lineno, column=error.colno
        ) from None
    except _NotAllowedError as error:
        raise InputError(str(error), source=source) from None
    except RecursionError:
        raise InputError(
            "JSON nested too deeply to be FHIR; remove the nesting", source=source
        ) from None
    if not isinstance(document, dict) or not isinstance(document.get("resourceType"), str):
        raise InputError(
            "not a FHIR resource: it is no JSON object with a resourceType; "
            "give a Bundle or a single resource of FHIR R4",
            source=source,
        )
    return document


def _decode(data: bytes, source: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        raise InputError(
            f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8",
            source=source,
            line=before.count("\n") + 1,
            column=len(before) - before.rfind("\n"),
        ) from None


def _refuse_constant(constant: str) -> NoReturn:
    raise _NotAllowedError(
        f"{constant} is not a JSON number; leave the element out or give its value"
    )


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _NotAllowedError(
            f"an object has the name {twice!r} twice; keep the one that is meant"
        )
    return members


def _advice(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return "the file is empty; give a FHIR R4 Bundle or resource in JSON"
    if text.lstrip().startswith("<"):
        return "this looks like XML; convert it to FHIR JSON"
    if error.msg == "Extra data":
        return "a second JSON value follows the first; give one resource a file (no NDJSON)"
    return f"not JSON: {error.msg}; correct the file here"
