"""Cut paragraphs into pieces: headings, and items with their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from eligo.registry.split.layout import Heading, Layout, Style
from eligo.registry.split.lines import Paragraph, paragraphs
from eligo.registry.split.marks import Mark, leading_mark, row_within
from eligo.trial.model import Polarity

SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z(])")
SHORT = 60
DEEPEST = 4


@dataclass(frozen=True)
class Piece:
    """A heading or an item.

    Attributes:
        start: Offset of its first character, behind its mark.
        end: Offset behind its last character.
        indent: How far its line is indented.
        mark: Its mark; None: it has none.
        heading: The form of heading that it is; None: it is an item.
        depth: How deep it is nested within its line.
        lead: Whether it introduces what follows.
    """

    start: int
    end: int
    indent: int
    mark: Mark | None = None
    heading: Heading | None = None
    depth: int = 0
    lead: bool = False


def cut(text: str, layout: Layout) -> list[Piece]:
    """Return the pieces of a text in order.

    Args:
        text: The text.
        layout: How such texts are laid out.
    """
    found = paragraphs(text, _starts(layout))
    pieces: list[Piece] = []
    cutter = _Cutter(text, layout)
    for place, paragraph in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else None
        pieces += cutter.paragraph(paragraph, following)
    if len(pieces) == 1 and pieces[0].mark is None and pieces[0].heading is None:
        return list(_sentences(text, pieces[0]))
    return pieces


def _starts(layout: Layout) -> re.Pattern[str]:
    """Match what begins an item in wrapped text; what may be a number in a sentence does not."""
    plain = (Style.BULLET, Style.NUMBER)
    marks = (pattern for style, pattern in layout.marks if style in plain)
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in marks))


def _sentences(text: str, piece: Piece) -> Iterator[Piece]:
    start = piece.start
    for match in SENTENCE.finditer(text, piece.start, piece.end):
        yield replace(piece, start=start, end=match.start())
        start = match.end()
    yield replace(piece, start=start)


class _Cutter:
    """Cuts paragraph by paragraph; letters count as marks in their order only."""

    def __init__(self, text: str, layout: Layout) -> None:
        self._text = text
        self._layout = layout
        self._begins = len(text) - len(text.lstrip())
        self._last: dict[Style, Mark] = {}

    def paragraph(self, paragraph: Paragraph, following: Paragraph | None) -> Iterator[Piece]:
        start, end = paragraph.start, paragraph.end
        mark = leading_mark(self._text, start, end, self._layout)
        content = start if mark is None else mark.end
        heading = self._heading(content, end) or self._heading(start, end)
        if heading is not None:
            yield Piece(start, end, paragraph.indent, heading=heading)
            return
        if self._names_group(paragraph, mark, following):
            yield Piece(start, end, paragraph.indent, heading=self._layout.headings[0])
            return
        for part_start, part_end, part_heading in self._parts(start, end):
            if part_heading is not None:
                yield Piece(part_start, part_end, paragraph.indent, heading=part_heading)
            else:
                yield from self._part(part_start, part_end, paragraph.indent)

    def _heading(self, start: int, end: int) -> Heading | None:
        line = " ".join(self._text[start:end].strip("-= \t").split())
        return next((form for form in self._layout.headings if form.is_line(line)), None)

    def _names_group(
        self, paragraph: Paragraph, mark: Mark | None, following: Paragraph | None
    ) -> bool:
        """Tell whether a short line alone before a heading names whom the criteria are for."""
        if mark is not None or following is None or not paragraph.alone:
            return False
        line = self._text[paragraph.start : paragraph.end]
        short = len(line) <= SHORT and line[-1] not in ".;,"
        previous = self._text[max(paragraph.start - SHORT, 0) : paragraph.start].rstrip(" \t")
        isolated = short and (paragraph.start == self._begins or previous.endswith("\n\n"))
        content = leading_mark(self._text, following.start, following.end, self._layout)
        begin = following.start if content is None else content.end
        heading = self._heading(begin, following.end)
        return isolated and heading is not None and heading.polarity is not Polarity.EXCLUSION

    def _parts(self, start: int, end: int) -> Iterator[tuple[int, int, Heading | None]]:
        """Yield the parts of a paragraph around the headings within it."""
        found = sorted(
            (
                (match.start(), match.end(), form)
                for form in self._layout.headings
                if form.inline is not None
                for match in form.inline.finditer(self._text, start, end)
            ),
            key=lambda part: part[:2],
        )
        place = start
        for first, last, form in found:
            if first < place:
                continue
            yield place, first, None
            yield first, last, form
            place = last
        yield place, end, None

    def _part(self, start: int, end: int, indent: int) -> Iterator[Piece]:
        start, end = self._trimmed(start, end)
        mark = leading_mark(self._text, start, end, self._layout) if start < end else None
        if mark is not None and not self._in_order(mark):
            mark = None
        if mark is not None:
            self._last[mark.style] = mark
            start = mark.end
        if start < end:
            yield from self._expand(Piece(start, end, indent, mark), 0)

    def _in_order(self, mark: Mark) -> bool:
        last = self._last.get(mark.style)
        if mark.style in (Style.LETTER, Style.ROMAN):
            return mark.value == 1 or (last is not None and mark.value == last.value + 1)
        if mark.style is Style.DECIMAL:
            number = self._last.get(Style.NUMBER)
            opened = number is not None and mark.section[0] == number.value
            goes_on = last is not None and (mark.section, mark.value) > (last.section, last.value)
            return opened or mark.value == 1 or goes_on
        return True

    def _expand(self, piece: Piece, level: int) -> Iterator[Piece]:
        """Yield a piece, or those that are run together in it."""
        topics = list(self._layout.topics.finditer(self._text, piece.start, piece.end))
        if level == 0 and len(topics) > 1 and topics[0].start() == piece.start:
            yield from self._by_topic(piece, [match.start() for match in topics])
            return
        row = row_within(self._text, piece.start, piece.end, piece.mark, self._layout)
        if not row or level > DEEPEST:
            yield piece
            return
        own = piece.mark
        siblings = own is not None and _continues(row[0], own)
        start, end = self._trimmed(piece.start, row[0].start)
        depth = piece.depth
        if start < end:
            first = replace(piece, start=start, end=end, lead=not siblings)
            yield from self._expand(first, level + 1) if siblings else (first,)
            depth += 0 if siblings else 1
        stops = [mark.start for mark in row[1:]] + [piece.end]
        for mark, stop in zip(row, stops, strict=True):
            begin, end = self._trimmed(mark.end, stop)
            self._last[mark.style] = mark
            if begin < end:
                inner = Piece(begin, end, piece.indent, mark, depth=depth)
                yield from self._expand(inner, level + 1)

    def _by_topic(self, piece: Piece, starts: list[int]) -> Iterator[Piece]:
        depth = piece.depth
        for begin, stop in zip(starts, [*starts[1:], piece.end], strict=True):
            start, end = self._trimmed(begin, stop)
            leads = begin == piece.start and self._text[end - 1] in ":-"
            mark = piece.mark if begin == piece.start else None
            found = replace(piece, start=start, end=end, mark=mark, depth=depth, lead=leads)
            yield from self._expand(found, 1)
            depth += 1 if leads else 0

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self._text[start].isspace():
            start += 1
        while end > start and self._text[end - 1].isspace():
            end -= 1
        return start, end


def _continues(mark: Mark, before: Mark) -> bool:
    if mark.style is not before.style or mark.section != before.section:
        return False
    if mark.style is Style.BULLET:
        return mark.form == before.form
    return mark.value == before.value + 1
