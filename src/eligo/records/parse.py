"""Read RDF in any usual format, compressed or not, with errors that name file, line and column."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.parsers import expat

import pyoxigraph as ox

from eligo.errors import InputError

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".turtle": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
}
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PACKED = (".gz", ".zst")
LONGEST_WINDOW = 2**31


def read_bytes(path: Path) -> bytes:
    """Read a file, unpacking gzip and zstd.

    Raises:
        InputError: The file cannot be read, or is packed and damaged.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"cannot be read ({reason}); check the path", source=str(path)) from error
    return unpack(data, str(path))


def unpack(data: bytes, source: str) -> bytes:
    """Unpack gzip or zstd where the data are that, and drop a byte order mark.

    Raises:
        InputError: The data claim to be packed and are not, or are cut short.
    """
    if data.startswith(GZIP_MAGIC):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise _damaged("gzip", error, source) from error
    elif data.startswith(ZSTD_MAGIC):
        data = _unpack_zstd(data, source)
    return data.removeprefix(BYTE_ORDER_MARK)


def _unpack_zstd(data: bytes, source: str) -> bytes:
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=LONGEST_WINDOW)
    out = bytearray()
    try:
        while data:
            frame = unpacker.decompressobj()
            out += frame.decompress(data)
            if not frame.eof:
                raise _damaged("zstd", "it is cut short", source)
            data = frame.unused_data
    except zstandard.ZstdError as error:
        raise _damaged("zstd", error, source) from error
    return bytes(out)


def _damaged(kind: str, reason: object, source: str) -> InputError:
    return InputError(f"is a damaged {kind} file ({reason}); fetch it again", source=source)


def suffix_of(path: Path) -> str:
    """Return the ending that tells the format, without the one that tells the packing."""
    return (Path(path.stem) if path.suffix.lower() in PACKED else path).suffix.lower()


def format_of(name: str, data: bytes) -> ox.RdfFormat | None:
    """Tell the RDF format from the name's ending, else from how the data begin."""
    suffix = suffix_of(Path(name))
    if suffix in FORMATS:
        return FORMATS[suffix]
    start = data.lstrip()[:64].lower()
    if start[:1] in (b"{", b"["):
        return ox.RdfFormat.JSON_LD
    if start.startswith((b"<?xml", b"<rdf:rdf")):
        return ox.RdfFormat.RDF_XML
    return None


def parse_rdf(data: bytes, source: str) -> list[ox.Quad]:
    """Parse RDF.

    Args:
        data: The bytes, unpacked.
        source: File name for the format and for messages; `-` is standard input.

    Raises:
        InputError: Not RDF in the expected format, where the message names line and column; or
            without a statement.
    """
    format_ = format_of(source, data)
    if format_ == ox.RdfFormat.RDF_XML:
        _check_xml(data, source)
    parsed = _parse_guessing(data, source) if format_ is None else _parse(data, source, format_)
    quads = list(parsed)
    if not quads:
        raise InputError("has no statement; nothing was read", source=source)
    return quads


def _check_xml(data: bytes, source: str) -> None:
    """Refuse XML that is cut short or that blows up when its entities are expanded."""
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise InputError(
            f"not well-formed XML: {expat.ErrorString(error.code)}; fetch or correct the file",
            source=source,
            line=error.lineno,
            column=error.offset + 1,
        ) from error


def _parse_guessing(data: bytes, source: str) -> list[ox.Quad]:
    try:
        return list(_parse(data, source, ox.RdfFormat.TRIG))
    except InputError as first:
        try:
            return list(_parse(data, source, ox.RdfFormat.N_QUADS))
        except InputError:
            raise first from None


def _parse(data: bytes, source: str, format_: ox.RdfFormat) -> Iterator[ox.Quad]:
    base = "urn:eligo:stdin" if source == "-" else Path(source).resolve().as_uri()
    try:
        yield from ox.parse(data, format=format_, base_iri=base)
    except SyntaxError as error:
        raise InputError(
            f"not valid {format_.name}: {fault_of(error)}; correct the file there",
            source=source,
            line=error.lineno,
            column=error.offset,
        ) from error
    except (ValueError, UnicodeDecodeError, MemoryError) as error:
        raise InputError(f"not valid {format_.name}: {error}", source=source) from error


def fault_of(error: SyntaxError) -> str:
    """Return what the parser found, without the place, which the message names anyway."""
    return re.sub(r"^Parser error at line \d+.*?: ", "", error.msg)


def in_graph(quads: Iterable[ox.Quad], graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Put quads into one graph, so that a statement can be traced to its file."""
    for quad in quads:
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
