"""Items of a text of criteria: what includes or excludes, and what is nested in what."""

from __future__ import annotations

from dataclasses import dataclass

from eligo.registry.split.layout import Layout, Style
from eligo.registry.split.pieces import SENTENCE, Piece, cut
from eligo.trial.model import Polarity


@dataclass(frozen=True)
class Item:
    """An item of a text of criteria.

    Attributes:
        start: Offset of its first character, behind its mark.
        end: Offset behind its last character; the items nested in it stand behind that.
        polarity: Whether it includes or excludes.
        parent: Place of the item that it is nested in; None: in none.
        heading: Offsets of the heading that it stands under; None: under none.
    """

    start: int
    end: int
    polarity: Polarity
    parent: int | None
    heading: tuple[int, int] | None


@dataclass(frozen=True)
class _Open:
    """An item that further ones may be nested in or stand beside."""

    place: int
    piece: Piece
    lead: bool
    topic: bool


def split(text: str, layout: Layout | None = None) -> tuple[Item, ...]:
    """Split a text of criteria into its items, in order.

    Every character that is no white space belongs to at most one item; what belongs to none is a
    mark or a heading.

    Args:
        text: The text, character by character as it was published.
        layout: How such texts are laid out; default what comes with Eligo.
    """
    layout = Layout.installed() if layout is None else layout
    pieces = cut(text, layout)
    nesting = _Nesting(text, layout)
    for place, piece in enumerate(pieces):
        following = pieces[place + 1] if place + 1 < len(pieces) else None
        nesting.add(piece, following)
    return tuple(nesting.items)


class _Nesting:
    def __init__(self, text: str, layout: Layout) -> None:
        self._text = text
        self._layout = layout
        self._stack: list[_Open] = []
        self._polarity: Polarity | None = None
        self._heading: tuple[int, int] | None = None
        self.items: list[Item] = []

    def add(self, piece: Piece, following: Piece | None) -> None:
        """Take the next piece."""
        if piece.heading is not None:
            self._polarity = piece.heading.polarity
            self._heading = (piece.start, piece.end)
            self._stack.clear()
            return
        lead = piece.lead or self._text[piece.end - 1] == ":"
        topic = lead and piece.mark is None and self._introduces_leads(following)
        self._close(piece, lead, topic)
        parent = self._stack[-1].place if self._stack else None
        kind = self._kind(piece, lead, parent)
        if parent is not None and self.items[parent].polarity is not kind:
            # A part shares its whole's kind; what turns from including to excluding stands alone.
            parent = None
            self._stack.clear()
        place = len(self.items)
        self.items.append(Item(piece.start, piece.end, kind, parent, self._heading))
        self._stack.append(_Open(place, piece, lead, topic))

    def _introduces_leads(self, following: Piece | None) -> bool:
        return (
            following is not None
            and following.heading is None
            and following.mark is None
            and following.depth == 0
            and self._text[following.end - 1] == ":"
        )

    def _kind(self, piece: Piece, lead: bool, parent: int | None) -> Polarity:
        if self._polarity is Polarity.EXCLUSION:
            return Polarity.EXCLUSION
        above = Polarity.INCLUSION if parent is None else self.items[parent].polarity
        if above is Polarity.EXCLUSION:
            return above
        speaks = lead or self._polarity is None
        line = SENTENCE.split(self._text[piece.start : piece.end], maxsplit=1)[0]
        excludes = speaks and self._layout.excluding.search(line) is not None
        return Polarity.EXCLUSION if excludes else Polarity.INCLUSION

    def _close(self, piece: Piece, lead: bool, topic: bool) -> None:
        """Close the items that the next one is not nested in."""
        stack = self._stack
        if piece.depth:
            while stack and stack[-1].piece.depth >= piece.depth:
                stack.pop()
        elif piece.mark is None:
            keep = next((o for o in stack if o.topic), None) if lead and not topic else None
            while stack and stack[-1] is not keep:
                stack.pop()
        else:
            self._close_list(piece)

    def _close_list(self, piece: Piece) -> None:
        stack = self._stack
        mark = piece.mark
        assert mark is not None
        while stack and (stack[-1].piece.depth or stack[-1].piece.indent > piece.indent):
            stack.pop()
        if mark.style is Style.DECIMAL:
            for place in range(len(stack) - 1, -1, -1):
                if _is_section(stack[place].piece, mark.section):
                    del stack[place + 1 :]
                    return
        for place in range(len(stack) - 1, -1, -1):
            other = stack[place].piece
            if _same_list(other, piece) and not (stack[-1].lead and mark.value == 1):
                del stack[place:]
                return
        while stack and not _holds(stack[-1], piece):
            stack.pop()


def _is_section(piece: Piece, section: tuple[int, ...]) -> bool:
    return piece.mark is not None and (*piece.mark.section, piece.mark.value) == section


def _same_list(other: Piece, piece: Piece) -> bool:
    one, two = other.mark, piece.mark
    if one is None or two is None or other.indent != piece.indent:
        return False
    if one.style is not two.style or one.section != two.section:
        return False
    return one.form == two.form if one.style is Style.BULLET else two.value > one.value


def _holds(opened: _Open, piece: Piece) -> bool:
    """Tell whether an item that begins a list is nested in an open one."""
    if opened.lead:
        return True
    # The registry outdents the first line of a text.
    return opened.place > 0 and opened.piece.indent < piece.indent and opened.piece.mark is not None
