"""A Turtle file as text: statements and their parts by position, so that edits keep the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|<[^<>\s]*>"
    r"|(?P<comment>\#[^\n]*)"
    r"|[][();,]"
    r"|(?P<name>(?:\\.|[^\s\[\]();,\"'<#\\])+)"
    r"|(?P<space>\s+)",
    re.DOTALL,
)
OPENING, CLOSING = frozenset("[("), frozenset("])")
PREFIX_WORDS = ("@prefix", "@base", "prefix", "base")


@dataclass(frozen=True)
class Token:
    """A token with its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Part:
    """A predicate with its objects.

    Attributes:
        predicate: The predicate as it is written.
        start: Where the predicate begins.
        end: Where the last object ends.
        objects: Where the first object begins.
    """

    predicate: str
    start: int
    end: int
    objects: int


@dataclass(frozen=True)
class Statement:
    """A block of statements about one subject, or a directive.

    Attributes:
        subject: The subject as it is written; of a directive its keyword, of a nested node `[`.
        start: Where it begins.
        end: Behind its full stop.
        parts: Its predicates; of a directive none.
    """

    subject: str
    start: int
    end: int
    parts: tuple[Part, ...]

    @property
    def is_directive(self) -> bool:
        """Whether it declares a prefix or a base."""
        return self.subject.lower() in PREFIX_WORDS


def statements(text: str) -> tuple[Statement, ...]:
    """Return the statements of a Turtle document, which must be well formed.

    Args:
        text: The document.
    """
    found: list[Statement] = []
    group: list[Token] = []
    depth = 0
    for token in _tokens(text):
        group.append(token)
        depth += (token.text in OPENING) - (token.text in CLOSING)
        if depth == 0 and (token.text == "." or _ends_bare_directive(group)):
            found.append(_statement(group))
            group = []
    return tuple(found)


def _ends_bare_directive(group: list[Token]) -> bool:
    """Tell whether a SPARQL-style directive, which has no full stop, is whole."""
    word = group[0].text.lower()
    return (word == "prefix" and len(group) == 3) or (word == "base" and len(group) == 2)


def _tokens(text: str) -> Iterator[Token]:
    for match in TOKEN.finditer(text):
        if match["space"] or match["comment"]:
            continue
        word, start, end = match[0], match.start(), match.end()
        if match["name"] and len(word) > 1 and word.endswith(".") and not word.endswith("\\."):
            yield Token(word[:-1], start, end - 1)
            yield Token(".", end - 1, end)
        else:
            yield Token(word, start, end)


def _statement(group: list[Token]) -> Statement:
    subject = group[0].text
    bare = Statement(subject, group[0].start, group[-1].end, ())
    if bare.is_directive:
        return bare
    parts: list[Part] = []
    current: list[Token] = []
    depth = 0
    for token in group[_after_subject(group) :]:
        if depth == 0 and token.text in (";", "."):
            if current:
                objects = current[1] if len(current) > 1 else current[0]
                parts.append(
                    Part(current[0].text, current[0].start, current[-1].end, objects.start)
                )
            current = []
            continue
        depth += (token.text in OPENING) - (token.text in CLOSING)
        current.append(token)
    return Statement(subject, bare.start, bare.end, tuple(parts))


def _after_subject(group: list[Token]) -> int:
    depth = 0
    for place, token in enumerate(group):
        depth += (token.text in OPENING) - (token.text in CLOSING)
        if depth == 0:
            return place + 1
    return len(group)


@dataclass(frozen=True)
class Edit:
    """A stretch of text to be replaced.

    Attributes:
        start: Where it begins.
        end: Where it ends; as `start`: something is inserted.
        text: What stands there instead.
    """

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits made; insertions at one place keep their order.

    Args:
        text: The text before.
        edits: Edits that do not overlap.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    pieces: list[str] = []
    place = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        pieces.append(text[place : edit.start])
        pieces.append(edit.text.replace("\n", newline))
        place = edit.end
    pieces.append(text[place:])
    return "".join(pieces)
