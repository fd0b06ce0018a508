"""Regular expressions of shapes, which Python reads, in the dialect of the database (RE2)."""

from __future__ import annotations

import re

WHITE = (
    r"\t-\r\x{1c}-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
)
CLASSES = {"d": r"\p{Nd}", "s": WHITE}
NEGATED = {"D": r"\P{Nd}", "S": f"[^{WHITE}]"}
CONTROLS = frozenset("ntrfv")
QUANTIFIER = re.compile(r"\{(\d{1,3})(,\d{0,3})?\}")


class PatternError(ValueError):
    """A pattern that means something else in the database, or nothing."""


def translated(pattern: str, flags: str = "") -> str:
    """Return a pattern that finds in the database what the given one finds in Python.

    Raises:
        PatternError: It uses what cannot be said in the database.
    """
    try:
        re.compile(pattern)
    except re.error as error:
        raise PatternError(str(error)) from error
    unknown = set(flags.lower()) - {"i", "m"}
    if unknown:
        raise PatternError(f"flags {''.join(sorted(unknown))}")
    out, place = [f"(?{flags.lower()})" if flags else ""], 0
    while place < len(pattern):
        piece, place = _piece(pattern, place, "m" in flags.lower())
        out.append(piece)
    return "".join(out)


def _piece(pattern: str, place: int, lines: bool) -> tuple[str, int]:
    char, after = pattern[place], pattern[place + 1 : place + 2]
    if char == "\\":
        return _escaped(after, within=False), place + 2
    if char == "[":
        return _class(pattern, place + 1)
    if char == "$" and not lines:
        return r"(?:\n?\z)", place + 1
    if char == ".":
        return r"[^\n]", place + 1
    if char == "(" and after == "?" and pattern[place + 2 : place + 3] != ":":
        raise PatternError(f"(?{pattern[place + 2 : place + 3]}")
    if char == "{":
        return _counted(pattern, place)
    if char in "*+?}" and after == "+":
        raise PatternError(f"{char}+")
    return char, place + 1


def _counted(pattern: str, place: int) -> tuple[str, int]:
    match = QUANTIFIER.match(pattern, place)
    if match is None or pattern[match.end() : match.end() + 1] == "+":
        raise PatternError(f"a brace at {place + 1}")
    return match.group(), match.end()


def _escaped(char: str, *, within: bool) -> str:
    if char in CLASSES:
        return CLASSES[char] if within or char == "d" else f"[{CLASSES[char]}]"
    if char in NEGATED and not within:
        return NEGATED[char]
    if char in CONTROLS or (not char.isalnum() and char.isascii()):
        return f"\\{char}"
    raise PatternError(f"\\{char}")


def _class(pattern: str, place: int) -> tuple[str, int]:
    out = ["["]
    if pattern[place] == "^":
        out.append("^")
        place += 1
    first = True
    while first or pattern[place] != "]":
        char = pattern[place]
        if char == "\\":
            out.append(_escaped(pattern[place + 1], within=True))
            place += 1
        else:
            out.append(f"\\{char}" if char in "[]" else char)
        place += 1
        first = False
    return "".join([*out, "]"]), place + 1
