"""RDF in any format as canonical N-Triples or N-Quads, some statements at a time."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from xml.parsers import expat

import pyoxigraph as ox

from eligo.errors import InputError
from eligo.records.parse import BYTE_ORDER_MARK, fault_of, format_of
from eligo.store.streams import Source

BATCH = 250_000
"""Statements of one batch."""
HEAD = 1 << 20
LINES = {ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS}
"""Formats with one statement a line."""


def format_at(name: str, head: bytes) -> ox.RdfFormat:
    """Tell the format of RDF from its name, else from how it begins."""
    format_ = format_of(name, head)
    if format_ is not None:
        return format_
    lines = head[: head.rfind(b"\n") + 1] if len(head) >= HEAD else head
    try:
        for _ in ox.parse(lines, format=ox.RdfFormat.N_QUADS):
            pass
    except (SyntaxError, ValueError):
        return ox.RdfFormat.TRIG
    return ox.RdfFormat.N_QUADS


def lines_of_file(path: Path, name: str, format_: ox.RdfFormat) -> Iterator[bytes]:
    """Yield what a file says as N-Quads, a batch at a time.

    Raises:
        InputError: It is not RDF of that format, damaged, or says nothing.
    """
    if format_ == ox.RdfFormat.RDF_XML:
        _check_xml(path, name)
    with Source(path, name) as stream:
        quads = _parsed(io.BufferedReader(stream, 1 << 20), name, format_, path=path)
        found = False
        try:
            for data in batches(quads):
                found = True
                yield data
        except InputError as error:
            raise stream.fault or error from error
    if not found:
        raise InputError("has no statement; nothing was read", source=name)


def lines_of_range(path: Path, name: str, format_: ox.RdfFormat, start: int, end: int) -> bytes:
    """Return what a range of whole lines of a file says, as N-Quads.

    Raises:
        InputError: It is not RDF of that format; the line is counted from the file's beginning.
    """
    with path.open("rb") as file:
        file.seek(start)
        data = file.read(end - start)
    if start == 0:
        data = data.removeprefix(BYTE_ORDER_MARK)
    try:
        return ox.serialize(ox.parse(data, format=format_), format=ox.RdfFormat.N_QUADS) or b""
    except SyntaxError as error:
        line = None if error.lineno is None else error.lineno + _line_ends(path, start)
        raise _invalid(error, name, format_, line) from error
    except (ValueError, UnicodeDecodeError) as error:
        raise InputError(f"not valid {format_.name}: {error}", source=name) from error


def batches(quads: Iterable[ox.Quad], size: int | None = BATCH) -> Iterator[bytes]:
    """Yield statements as N-Quads, so many at a time, or all at once."""
    rest = iter(quads)
    while data := ox.serialize(islice(rest, size), format=ox.RdfFormat.N_QUADS):
        yield data


def _parsed(
    data: io.BufferedReader | bytes, name: str, format_: ox.RdfFormat, *, path: Path
) -> Iterator[ox.Quad]:
    base = "urn:eligo:stdin" if name == "-" else path.resolve().as_uri()
    try:
        yield from ox.parse(data, format=format_, base_iri=base)
    except SyntaxError as error:
        raise _invalid(error, name, format_, error.lineno) from error
    except (ValueError, UnicodeDecodeError, MemoryError, OSError) as error:
        raise InputError(f"not valid {format_.name}: {error}", source=name) from error


def _invalid(error: SyntaxError, name: str, format_: ox.RdfFormat, line: int | None) -> InputError:
    return InputError(
        f"not valid {format_.name}: {fault_of(error)}; correct the file there",
        source=name,
        line=line,
        column=error.offset,
    )


def _check_xml(path: Path, name: str) -> None:
    """Refuse XML that is cut short or that blows up when its entities are expanded."""
    try:
        with Source(path, name) as stream:
            expat.ParserCreate().ParseFile(io.BufferedReader(stream))
    except expat.ExpatError as error:
        raise InputError(
            f"not well-formed XML: {expat.ErrorString(error.code)}; fetch or correct the file",
            source=name,
            line=error.lineno,
            column=error.offset + 1,
        ) from error


def _line_ends(path: Path, end: int) -> int:
    count = 0
    with path.open("rb") as file:
        while end > 0 and (data := file.read(min(end, 1 << 24))):
            count += data.count(b"\n")
            end -= len(data)
    return count
