"""Rows as an aligned table; nothing is ever cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def aligned(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with a header line and two spaces between columns."""
    cells = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
    lines = [tuple(header), tuple("-" * len(name) for name in header), *cells]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        + "\n"
        for line in lines
    )
