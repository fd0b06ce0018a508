"""The first lines of a delimited file: what divides its columns, and what they are called."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eligo.errors import InputError
from eligo.records.parse import GZIP_MAGIC

DIVIDERS = (",", "\t", ";", "|")
SAMPLE = 1 << 16
QUOTED_FIELD = re.compile(r'(?:^|\t)"(?:[^"]|"")*"(?=\t|\r?$)', re.MULTILINE)
OPENED_FIELD = re.compile(r'(?:^|\t)"', re.MULTILINE)


@dataclass(frozen=True)
class Layout:
    """How a delimited file is laid out.

    Attributes:
        divider: What stands between columns.
        quote: What encloses a value; empty where quotes are letters like others.
        columns: Names of the columns as they stand.
        packed: Whether the file is compressed with gzip.
    """

    divider: str
    quote: str
    columns: tuple[str, ...]
    packed: bool


def read_layout(path: Path, known: Iterable[str]) -> Layout:
    """Find out how a delimited file is laid out.

    Args:
        path: The file, plain or compressed with gzip.
        known: Columns that the table may have, in lower case; none where that does not matter.

    Raises:
        InputError: The file is empty, unreadable or has no column of the table.
    """
    sample, packed = _sample(path)
    line = sample.partition("\n")[0].rstrip("\r")
    if not line.strip():
        raise InputError(
            "is empty; a line with the names of the columns is needed", source=str(path)
        )
    names = frozenset(known)

    def fitting(divider: str) -> int:
        columns = {name.lower() for name in _split(line, divider)}
        return len(columns & names if names else columns)

    divider = max(DIVIDERS, key=fitting)
    columns = _split(line, divider)
    if not fitting(divider):
        raise InputError(
            f"has no column of this table ({', '.join(sorted(names))}); its first line must name "
            "the columns, divided by commas, tabs, semicolons or bars",
            source=str(path),
            line=1,
        )
    lowered = [name.lower() for name in columns]
    for name in sorted(names):
        if lowered.count(name) > 1:
            raise InputError(f"has column {name} twice; keep one", source=str(path), line=1)
    return Layout(divider, _quote(sample, divider), columns, packed)


def _split(line: str, divider: str) -> tuple[str, ...]:
    return tuple(name.strip().strip('"') for name in line.split(divider))


def _quote(sample: str, divider: str) -> str:
    """Tell whether quotes enclose values: with tabs they are mostly letters, as Athena writes."""
    if divider != "\t":
        return '"'
    quoted, opened = len(QUOTED_FIELD.findall(sample)), len(OPENED_FIELD.findall(sample))
    return '"' if quoted and quoted == opened else ""


def _sample(path: Path) -> tuple[str, bool]:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP_MAGIC
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            data = file.read(SAMPLE)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"is a damaged gzip file ({error}); fetch it again", source=str(path)
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"cannot be read ({reason}); check the path", source=str(path)) from error
    return data.decode("utf-8-sig", errors="replace"), packed
