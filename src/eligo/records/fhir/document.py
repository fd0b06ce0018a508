"""Bytes of a FHIR JSON file → its JSON objects, with exact numbers and placed errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from eligo.errors import InputError

JsonObject = Mapping[str, object]
"""A JSON object; its numbers are `decimal.Decimal`."""


_LINES = re.compile(r"\.(ndjson|jsonl)(\.(gz|zst))?$", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """A FHIR resource as it stands in a file.

    Attributes:
        content: The resource, a Bundle or another.
        source: The file.
        line: Its line, where the file holds one resource a line.
    """

    content: JsonObject
    source: str
    line: int | None = None

    @property
    def place(self) -> str:
        """File and line, for messages."""
        return self.source if self.line is None else f"{self.source}:{self.line}"


class _NotAllowedError(ValueError):
    """Something that the JSON parser would accept and FHIR does not allow."""


def documents_of(data: bytes, *, source: str) -> Iterator[Document | InputError]:
    """Yield the FHIR resources of a file: one, or one a line (NDJSON).

    Args:
        data: The file's content, UTF-8; a byte order mark is skipped.
        source: Its name, for messages.

    Yields:
        Each resource; for a line of NDJSON that cannot be read, the reason.

    Raises:
        InputError: A file of one resource cannot be read; see `parse_document`.
    """
    if not _LINES.search(source) and not _several_lines(data):
        yield Document(parse_document(data, source=source), source)
        return
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield Document(parse_document(line, source=source, line=number), source, number)
        except InputError as error:
            yield error


def _several_lines(data: bytes) -> bool:
    """Tell whether the first line is a JSON object by itself and others follow."""
    first, _, rest = data.strip().partition(b"\n")
    if not rest.lstrip().startswith(b"{") or not first.rstrip().endswith(b"}"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def parse_document(data: bytes, *, source: str, line: int = 1) -> JsonObject:
    """Return the FHIR resource that a file or a line holds.

    Args:
        data: UTF-8; a byte order mark is skipped.
        source: Name of the file, for messages.
        line: Line of the file on which the data begin.

    Raises:
        InputError: Not UTF-8, not JSON, nested too deeply, a name twice in one object, a number
            that is not finite, or not a FHIR resource.
    """
    text = _decode(data, source, line)
    at = None if line == 1 else line
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
            _advice(text, error),
            source=source,
            line=line + error.lineno - 1,
            column=error.colno,
        ) from None
    except _NotAllowedError as error:
        raise InputError(str(error), source=source, line=at) from None
    except RecursionError:
        raise InputError(
            "JSON nested too deeply to be FHIR; remove the nesting", source=source, line=at
        ) from None
    if not isinstance(document, dict) or not isinstance(document.get("resourceType"), str):
        raise InputError(
            "not a FHIR resource: it is no JSON object with a resourceType; "
            "give a Bundle or a single resource of FHIR R4",
            source=source,
            line=at,
        )
    return document


def _decode(data: bytes, source: str, line: int) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        raise InputError(
            f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8",
            source=source,
            line=line + before.count("\n"),
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
        return "a second JSON value follows the first; give one resource a file, or one a line"
    return f"not JSON: {error.msg}; correct the file here"
