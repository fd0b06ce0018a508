"""Read rows of patterns: TSV or CSV as spreadsheets and editors write them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from eligo.errors import InputError
from eligo.patterns.model import Fault

CRITERION, PATTERN, NEGATED = "criterion", "pattern", "negated"
QUOTE, LABEL, DECISIONS = "quote", "label", "decisions"
BASE_COLUMNS = (CRITERION, PATTERN, NEGATED, QUOTE, LABEL, DECISIONS)
DIVIDER = "|"
SEPARATORS = "\t,;"
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
csv.field_size_limit(10_000_000)


@dataclass(frozen=True)
class Row:
    """A row with a pattern, or without one yet.

    Attributes:
        file: Its file.
        line: The line it begins on, counted from 1.
        cells: Its cells by column; empty ones are left out.
        columns: The place of each column, counted from 1.
    """

    file: Path
    line: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]

    def place(self, column: str | None = None) -> str:
        """Name the place of a cell, or of the row."""
        place = f"{self.file}:{self.line}"
        if column is not None and column in self.columns:
            return f"{place}: column {self.columns[column]} ({column})"
        return place

    def several(self, column: str) -> tuple[str, ...]:
        """Return the values of a cell that may hold several."""
        values = (value.strip() for value in self.cells.get(column, "").split(DIVIDER))
        return tuple(value for value in values if value)


def read_rows(path: Path, known: Iterable[str]) -> tuple[list[Row], list[Fault]]:
    """Read the rows of a file.

    Args:
        path: A TSV or CSV file; its first line names the columns.
        known: Columns that stand for parameters.

    Raises:
        InputError: The file cannot be read, or has no header.
    """
    text = _text(path)
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    faults: list[Fault] = []
    header: list[str] | None = None
    line = 1
    try:
        for record in reader:
            cells = [cell.strip() for cell in record]
            if header is None:
                header = [cell.lstrip("\ufeff") for cell in cells]
                faults.extend(_header_faults(path, header, set(known)))
            elif any(cells):
                rows.append(_row(path, line, header, cells, faults))
            line = reader.line_num + 1
    except csv.Error as error:
        text = f"is no well-formed table ({error}); close the quotation marks of the cell"
        raise InputError(text, source=str(path), line=line) from error
    if header is None or CRITERION not in header or PATTERN not in header:
        needed = (
            "needs a first line with the columns criterion and pattern, divided by tabs or commas"
        )
        raise InputError(needed, source=str(path), line=1)
    return rows, faults


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", source=str(path)) from error
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        mend = f"is not {encoding.upper()}; save it as UTF-8"
        raise InputError(mend, source=str(path), line=line) from error


def _header_faults(path: Path, header: list[str], known: set[str]) -> list[Fault]:
    faults = []
    for place, name in enumerate(header, 1):
        where = f"{path}:1: column {place}"
        if name and name in header[: place - 1]:
            faults.append(Fault(where, f"{name!r} is there twice; keep one"))
        elif name and name not in known and name not in BASE_COLUMNS:
            faults.append(Fault(where, f"{name!r} is no parameter of any pattern; correct it"))
    return faults


def _row(path: Path, line: int, header: list[str], cells: list[str], faults: list[Fault]) -> Row:
    if any(cells[len(header) :]):
        text = f"has {len(cells)} cells under {len(header)} columns; correct the tabs or commas"
        faults.append(Fault(f"{path}:{line}", text))
    filled = {name: cell for name, cell in zip(header, cells, strict=False) if name and cell}
    return Row(path, line, filled, {name: n for n, name in enumerate(header, 1) if name})


def write_rows(rows: Iterable[Mapping[str, str]]) -> str:
    """Return a table with the columns that every row has, divided by tabs.

    Args:
        rows: Cells by column.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(
        text, BASE_COLUMNS, restval="", delimiter="\t", lineterminator="\n", extrasaction="raise"
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
