"""Marks of items: at the start of a line, and in a row within one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from eligo.registry.split.layout import Layout, Style

ROMAN = {"i": 1, "v": 5, "x": 10}
WITHIN = re.compile(
    r"(?<=[\s;\uff1b,:])(?:"
    r"(?P<bullet>[*•·▪◦●○■□]+|-{1,2})"
    r"|(?P<decimal>\d{1,2}(?:\.\d{1,2})+)[.)]?(?=\s)"
    r"|(?P<open>\(?)(?P<number>\d{1,2})(?P<close>[.)])"
    r"|(?P<open_letter>\(?)(?P<letter>[a-zA-Z])(?P<close_letter>[.)])"
    r")(?=\s*[^\s.])"
)
ABBREVIATION = re.compile(r"(?:e\.\s?g|i\.\s?e)\.", re.IGNORECASE)
PAUSE = ".;:,)\uff1b]!?"
HYPHENS = 3
ALONE = 3
NEAR = 80


@dataclass(frozen=True)
class Mark:
    """A mark of an item.

    Attributes:
        style: Its sort.
        form: What marks of one list share, such as the bullet's sign or `(n)`.
        value: Its place in the list, the last of a decimal mark; 0 for a bullet.
        section: What a decimal mark says before its last number.
        start: Offset of the mark.
        end: Offset of what it marks.
    """

    style: Style
    form: str
    value: int
    section: tuple[int, ...]
    start: int
    end: int


def leading_mark(text: str, start: int, end: int, layout: Layout) -> Mark | None:
    """Return the mark that a line begins with, if it begins with one.

    Args:
        text: The whole text.
        start: Where the line begins.
        end: Where it ends.
        layout: The marks.
    """
    for style, pattern in layout.marks:
        match = pattern.match(text, start, end)
        if match is None:
            continue
        behind = _skip(text, match.end(), end)
        return _mark(style, match[0], match.start(), behind)
    return None


def _mark(style: Style, written: str, start: int, end: int) -> Mark:
    if style is Style.BULLET:
        return Mark(style, written[0], 0, (), start, end)
    core = written.strip("().#: ")
    form = re.sub(r"\w+", "n", written.replace(core, "n", 1))
    if style is Style.DECIMAL:
        numbers = tuple(map(int, re.findall(r"\d+", core)))
        return Mark(style, form, numbers[-1], numbers[:-1], start, end)
    if style is Style.NUMBER:
        return Mark(style, form, int(core), (), start, end)
    if style is Style.ROMAN or core.lower() == "i":
        return Mark(Style.ROMAN, form, _roman(core.lower()), (), start, end)
    return Mark(style, form, ord(core.lower()) - ord("a") + 1, (), start, end)


def _roman(text: str) -> int:
    values = [ROMAN[letter] for letter in text]
    return sum(
        -value if value < max(values[place:]) else value for place, value in enumerate(values)
    )


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def row_within(text: str, start: int, end: int, leading: Mark | None, layout: Layout) -> list[Mark]:
    """Return the marks within a line that make a row: the outermost, in order.

    Args:
        text: The whole text.
        start: Where the content of the line begins, behind its own mark.
        end: Where it ends.
        leading: The line's own mark.
        layout: The words that a mark does not stand behind.
    """
    found = list(_within(text, start, end))
    if leading is not None and (row := _row(text, found, leading, start, layout)):
        return row
    rows = [row for first in _firsts(found) if (row := _row(text, found, first, start, layout))]
    return min(rows, key=lambda row: row[0].start, default=[])


def _firsts(found: list[Mark]) -> Iterator[Mark]:
    """Yield stand-ins for a mark before the first of each possible row."""
    seen: set[tuple[Style, str, tuple[int, ...]]] = set()
    for mark in found:
        key = (mark.style, mark.form, mark.section)
        if key not in seen and mark.value <= 1:
            seen.add(key)
            yield Mark(mark.style, mark.form, 0, mark.section, -1, mark.start)


def _within(text: str, start: int, end: int) -> Iterator[Mark]:
    opened, counted = 0, start
    for match in WITHIN.finditer(text, start, end):
        where, behind = match.start(), _skip(text, match.end(), end)
        opened += text.count("(", counted, where) - text.count(")", counted, where)
        counted = where
        if match["bullet"]:
            if text[match.end()].isspace():
                yield _mark(Style.BULLET, match["bullet"], where, behind)
        elif match["decimal"]:
            yield _mark(Style.DECIMAL, match["decimal"], where, behind)
        elif not ABBREVIATION.match(text, where) and not (opened > 0 and _only_closes(match)):
            style = Style.NUMBER if match["number"] else Style.LETTER
            yield _mark(style, match[0], where, behind)


def _only_closes(match: re.Match[str]) -> bool:
    """Tell whether a mark has a closing parenthesis and no opening one."""
    if match["close"] == ")":
        return not match["open"]
    return match["close_letter"] == ")" and not match["open_letter"]


def _row(text: str, found: list[Mark], leading: Mark, start: int, layout: Layout) -> list[Mark]:
    """Return the marks that go on where a mark leaves off, if they are a row."""
    outset = leading.start < 0
    if outset:
        found = [m for m in found if not _multiplies(text, m)]
    row: list[Mark] = []
    value = leading.value
    for mark in found:
        if _follows(mark, leading, value) and (
            leading.style is Style.BULLET or _paused(text, mark, start, layout)
        ):
            row.append(mark)
            value = mark.value
    if not row or (outset and not _is_row(text, row, start)):
        return []
    if leading.form == "-" and outset and len(row) < HYPHENS:
        return []
    return row


def _multiplies(text: str, mark: Mark) -> bool:
    """Tell whether an asterisk stands behind a number, as in 3 * 10^9."""
    return mark.form == "*" and text[max(mark.start - 2, 0) : mark.start].rstrip()[-1:].isdigit()


def _follows(mark: Mark, leading: Mark, value: int) -> bool:
    if mark.style is not leading.style or mark.section != leading.section:
        return False
    if mark.style is Style.BULLET:
        return mark.form == leading.form
    return mark.value == value + 1


def _paused(text: str, mark: Mark, start: int, layout: Layout) -> bool:
    """Tell whether what stands before a mark may end an item."""
    before = text[max(start, mark.start - NEAR) : mark.start].rstrip()
    if not before or before[-1] in PAUSE:
        return True
    last = before.rsplit(maxsplit=1)[-1].lower()
    if mark.form.endswith(")"):
        return last in ("or", "and") or mark.form.startswith("(")
    plain = mark.style is Style.NUMBER and last.isalpha() and last not in layout.counting
    return plain and text[mark.end].isupper()


def _is_row(text: str, row: list[Mark], start: int) -> bool:
    """Tell whether marks without one before them are a list, not numbers in a sentence."""
    before = text[max(start, row[0].start - NEAR) : row[0].start].rstrip()
    if row[0].style is Style.BULLET:
        return len(row) > 1 or before.endswith(":")
    if not before:
        return len(row) > 1
    opened = before.endswith(":") and text[row[0].end].isupper()
    return len(row) >= ALONE or (opened and len(row) > 1)
