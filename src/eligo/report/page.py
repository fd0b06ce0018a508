"""Plain text for a terminal, a pipe or a file: indented, wrapped, coloured where wanted."""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass, field

STYLES = {
    "bold": "1",
    "dim": "2",
    "good": "1;32",
    "bad": "1;31",
    "open": "1;33",
    "note": "36",
}
RESET = "\x1b[0m"


def printable(text: str) -> str:
    """Replace control characters, which a record or a file name may hold, by a visible sign."""
    return "".join(
        " " if c in "\n\t\r" else c if unicodedata.category(c)[0] != "C" else "\ufffd" for c in text
    )


@dataclass
class Page:
    """Collects lines.

    Attributes:
        width: Column at which lines are wrapped; None leaves them whole, so that they can be
            searched.
        color: Whether to write ANSI colours.
        lines: What was written so far.
    """

    width: int | None = None
    color: bool = False
    lines: list[str] = field(default_factory=list)

    def styled(self, text: str, style: str) -> str:
        """Return a text in a style, where colours are wanted."""
        return f"\x1b[{STYLES[style]}m{text}{RESET}" if self.color and text else text

    def blank(self) -> None:
        """Write an empty line, never two in a row."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def put(
        self,
        text: str,
        *,
        indent: int = 0,
        lead: str = "",
        tail: str = "",
        style: str = "",
        lead_style: str = "",
        tail_style: str = "",
    ) -> None:
        """Write a text behind a lead; further lines hang below the text.

        Args:
            text: What to say.
            indent: Spaces before the lead.
            lead: A short beginning such as a number or bullet.
            tail: A short end such as a status.
            style: Style of the text.
            lead_style: Style of the lead.
            tail_style: Style of the tail.
        """
        text = printable(text + tail)
        pieces = [text]
        start = indent + len(lead)
        if self.width is not None:
            pieces = textwrap.wrap(
                text,
                max(self.width - start, 24),
                break_long_words=False,
                break_on_hyphens=False,
            ) or [""]
        last = pieces[-1]
        if tail and tail_style and last.endswith(tail):
            pieces[-1] = last[: len(last) - len(tail)] + self.styled(tail, tail_style)
        first, *rest = (self.styled(piece, style) if style else piece for piece in pieces)
        shown = self.styled(lead, lead_style) if lead_style else lead
        self.lines.append((" " * indent + shown + first).rstrip())
        self.lines += [" " * start + piece for piece in rest]

    def row(self, text: str, *, indent: int = 0) -> None:
        """Write a line of a table, which is never wrapped."""
        self.lines.append((" " * indent + printable(text)).rstrip())

    @property
    def text(self) -> str:
        """Everything written, with a newline at its end."""
        return "\n".join(self.lines).rstrip("\n") + "\n" if self.lines else ""
