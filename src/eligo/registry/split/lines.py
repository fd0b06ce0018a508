"""Paragraphs of a text: lines, joined where a line was only wrapped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

LINE = re.compile(r"[^\n]*(?:\n|\Z)")
NARROWEST = 70
WIDEST = 110
MOSTLY = 0.8


@dataclass(frozen=True)
class Paragraph:
    """A line, or several that are one line wrapped.

    Attributes:
        start: Offset of its first visible character.
        end: Offset behind its last visible character.
        indent: How many spaces stand before it.
        alone: Whether blank lines (or the ends of the text) stand before and behind it.
    """

    start: int
    end: int
    indent: int
    alone: bool


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    begins: int

    @property
    def width(self) -> int:
        return self.end - self.begins

    @property
    def indent(self) -> int:
        return self.start - self.begins


def paragraphs(text: str, marked: re.Pattern[str]) -> list[Paragraph]:
    """Return the paragraphs of a text in order.

    Args:
        text: The text.
        marked: Matches the start of a line that begins an item and continues none.
    """
    blocks = _blocks(text)
    pairs = [
        (one, two)
        for block in blocks
        for one, two in pairwise(block)
        if not marked.match(text, two.start)
    ]
    width = max((line.width for block in blocks for line in block), default=0)
    full = [pair for pair in pairs if _was_wrapped(text, *pair, width)]
    wrapped = NARROWEST <= width <= WIDEST and len(full) >= MOSTLY * len(pairs)
    found = []
    for block in blocks:
        groups: list[list[_Line]] = []
        for line in block:
            if wrapped and groups and not marked.match(text, line.start):
                groups[-1].append(line)
            else:
                groups.append([line])
        found += [
            Paragraph(group[0].start, group[-1].end, group[0].indent, len(groups) == 1)
            for group in groups
        ]
    return found


def _blocks(text: str) -> list[list[_Line]]:
    """Return the lines that are not blank, in runs between blank ones."""
    blocks: list[list[_Line]] = [[]]
    for match in LINE.finditer(text):
        line = match[0]
        if not line.strip():
            blocks.append([])
            continue
        start = match.start() + len(line) - len(line.lstrip())
        blocks[-1].append(_Line(start, match.start() + len(line.rstrip()), match.start()))
    return [block for block in blocks if block]


def _was_wrapped(text: str, line: _Line, after: _Line, width: int) -> bool:
    """Tell whether the first word of the next line would not have fitted into this one."""
    word = text[after.start : after.end].split(maxsplit=1)[0]
    return line.width + 1 + len(word) > width
