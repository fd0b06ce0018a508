"""Facts as text with gaps: prepared once, filled for each patient."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, XSD

from eligo.synth.draw import Days, day_of, iso, number_drawer, whole_drawer
from eligo.synth.items import local_name
from eligo.synth.model import Choice, Day, Draw, Fact, Item, Number, Point, Value, Variant
from eligo.vocabulary.terms import ELIG

PATIENT = "\x01"
"""Stands for the IRI of the patient until it is known."""
SAFE = re.compile(r"[A-Za-z_][\w-]*")


@dataclass(frozen=True, slots=True)
class State:
    """What a gap may draw on.

    Attributes:
        random: The source of chance.
        days: The anchor dates of the patient.
        first: First days of the facts that are being filled, by number of the fact.
        point: The value that is given, None if it is to be drawn.
    """

    random: Random
    days: Days
    first: dict[int, int]
    point: Point | None = None


Gap = Callable[[State], str]


@dataclass(frozen=True)
class Prepared:
    """A variant as text.

    Attributes:
        text: With `%s` for each gap, and the patient's IRI as a control character.
        gaps: What fills them, with their places, those that need others last.
        beside: The gaps that can be filled with values on and beside limits, with these values.
    """

    text: str
    gaps: tuple[tuple[int, Gap], ...]
    beside: tuple[tuple[int, tuple[Point, ...]], ...]

    def fill(self, random: Random, days: Days, gap: int | None, point: Point | None) -> str:
        """Return the text with all gaps filled, one of them perhaps with a given value."""
        state = State(random, days, {})
        words = [""] * len(self.gaps)
        for place, draw in self.gaps:
            words[place] = draw(state if place != gap else replace(state, point=point))
        return self.text % tuple(words)


class Writer:
    """Prepares the text of variants in one format.

    Args:
        relations: The relation that links a patient to facts of each class.
        prefixes: Prefixes for Turtle; none for N-Triples.
    """

    def __init__(self, relations: Mapping[URIRef, URIRef], prefixes: Mapping[str, str]) -> None:
        self._relations = relations
        self._prefixes = prefixes

    @property
    def head(self) -> str:
        """What a file begins with."""
        return "".join(f"@prefix {p}: <{n}> .\n" for p, n in sorted(self._prefixes.items()))

    def prepare(self, item: Item, variant: Variant) -> Prepared:
        """Return the text of a variant."""
        work = _Work(self)
        numbered = len(variant.facts) > 1
        for number, fact in enumerate(variant.facts):
            node = f"<{PATIENT}/{item.name}{f'-{number + 1}' if numbered else ''}>"
            work.number = number
            if fact.kind == ELIG.Patient:
                node = f"<{PATIENT}>"
            else:
                work.state(f"<{PATIENT}>", self._relations[fact.kind], node)
            work.write(node, fact)
        work.gaps.sort(key=lambda g: g[0])
        gaps = tuple((place, gap) for _, place, gap in work.gaps)
        return Prepared("".join(work.lines), gaps, tuple(work.beside))

    def term(self, value: URIRef | Literal) -> str:
        """Write a constant."""
        if isinstance(value, URIRef):
            for prefix, namespace in self._prefixes.items():
                local = str(value).removeprefix(namespace)
                if local != str(value) and SAFE.fullmatch(local):
                    return f"{prefix}:{local}"
            return f"<{value}>"
        text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        if value.language:
            return f'"{text}"@{value.language}'
        if value.datatype in (None, XSD.string):
            return f'"{text}"'
        before, after = self.typed(value.datatype)
        return f"{before}{text}{after}"

    def typed(self, datatype: URIRef) -> tuple[str, str]:
        """Return what stands before and after the text of a literal."""
        return '"', f'"^^{self.term(datatype)}'


class _Work:
    """The text of one variant while it is being written."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.lines: list[str] = []
        self.gaps: list[tuple[bool, int, Gap]] = []
        self.beside: list[tuple[int, tuple[Point, ...]]] = []
        self.number = 0

    def state(self, subject: str, predicate: URIRef, written: str) -> None:
        """Write a statement whose object is written already."""
        self.lines.append(f"{subject} {self._term(predicate)} {written} .\n")

    def write(self, subject: str, fact: Fact) -> None:
        """Write a fact and what is below it."""
        if fact.kind != ELIG.Patient:
            self.state(subject, RDF.type, self._term(fact.kind))
        for predicate, value in fact.statements:
            if isinstance(value, Fact):
                node = f"{subject[:-1]}/{local_name(predicate)}>"
                self.state(subject, predicate, node)
                self.write(node, value)
            else:
                self.state(subject, predicate, self._value(predicate, value))

    def _term(self, value: URIRef | Literal) -> str:
        return self.writer.term(value).replace("%", "%%")

    def _value(self, predicate: URIRef, value: Value) -> str:
        if isinstance(value, URIRef | Literal):
            return self._term(value)
        assert not isinstance(value, Fact)
        place = len(self.gaps)
        last = isinstance(value, Day) and value.anchor is None
        self.gaps.append((last, place, self._gap(predicate, value)))
        number = value.number if isinstance(value, Day) else value
        if isinstance(number, Number) and number.points:
            self.beside.append((place, number.points))
        return "%s"

    def _gap(self, predicate: URIRef, draw: Draw) -> Gap:
        if isinstance(draw, Choice):
            return _choice([self.writer.term(option) for option in draw.options])
        if isinstance(draw, Day):
            first = predicate == ELIG.startDate
            return _day(draw, self.writer.typed(XSD.date), self.number, remember=first)
        kind = XSD.integer if draw.places == 0 else XSD.decimal
        return _number(draw, self.writer.typed(kind))


def _choice(options: list[str]) -> Gap:
    count = len(options)
    return lambda state: options[int(count * state.random.random())]


def _number(number: Number, frame: tuple[str, str]) -> Gap:
    before, after = frame
    pattern = f"%.{number.places}f"
    draw = number_drawer(number)
    whole = whole_drawer(number)

    def write(state: State) -> str:
        if state.point is not None:
            value = state.point.number
            text = str(int(value)) if number.places == 0 else f"{value:f}"
        elif number.places == 0:
            text = str(whole(state.random))
        else:
            text = pattern % draw(state.random)
        return f"{before}{text}{after}"

    return write


def _day(day: Day, frame: tuple[str, str], fact: int, *, remember: bool) -> Gap:
    before, after = frame
    whole = whole_drawer(day.number)
    anchor = day.anchor

    def write(state: State) -> str:
        point = state.point
        number = whole(state.random) if point is None else 0
        if anchor is None:
            length = number if point is None else int(point.number)
            found = state.first[fact] + length - 1
        elif point is None:
            found = state.days[anchor] - number
        else:
            found = day_of(point, state.days[anchor])
        if remember:
            state.first[fact] = found
        return f"{before}{iso(found)}{after}"

    return write
