"""Rows as an aligned table; nothing is ever cut."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def aligned(
    header: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[int] = ()
) -> str:
    """Return a table with a header line and two spaces between columns.

    Args:
        header: Names of the columns.
        rows: Cells of each line.
        right: Places of the columns that are set flush right, such as numbers.
    """
    cells = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
    lines = [tuple(header), tuple("-" * len(name) for name in header), *cells]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    return "".join(
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        + "\n"
        for line in lines
    )
