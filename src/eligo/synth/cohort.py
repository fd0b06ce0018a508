"""Patients one by one: each depends on the seed and its number only."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from rdflib import URIRef
from rdflib.namespace import RDF

from eligo.synth.draw import Days, whole_drawer
from eligo.synth.model import Anchor, Item, Point, Population
from eligo.synth.render import PATIENT, Prepared, Writer
from eligo.vocabulary.terms import ELIG

BASE = "https://example.org/synthetic"
"""Every IRI of an invented patient begins so."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What is varied in a patient: one variant of an item, perhaps with a value beside a limit."""

    item: int
    variant: int
    gap: int | None = None
    point: Point | None = None


@dataclass(frozen=True)
class Ready:
    """An item, ready to be drawn.

    Attributes:
        item: The item.
        texts: Its variants as text.
        usual: Variants that are drawn, with sums of their weights.
        typical: Likewise, typical ones only.
    """

    item: Item
    texts: tuple[Prepared, ...]
    usual: tuple[tuple[int, ...], tuple[float, ...]]
    typical: tuple[tuple[int, ...], tuple[float, ...]]

    @staticmethod
    def of(item: Item, writer: Writer) -> Ready:
        """Prepare an item."""
        texts = tuple(writer.prepare(item, variant) for variant in item.variants)
        typical = [n for n, variant in enumerate(item.variants) if variant.typical]
        every = list(range(len(item.variants)))
        return Ready(item, texts, _sums(item, every), _sums(item, typical or every))

    def draw(self, random: Random, *, typical: bool) -> int:
        """Return the number of a variant."""
        members, sums = self.typical if typical else self.usual
        return members[min(bisect(sums, random.random() * sums[-1]), len(members) - 1)]


def _sums(item: Item, members: list[int]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    return tuple(members), tuple(accumulate(item.variants[n].weight for n in members))


class Cohort:
    """A cohort of any size; nothing of it is kept.

    Args:
        population: What records hold.
        writer: The format.
        seed: Another seed gives other patients.
        awkward: Share of patients, between 0 and 1, whose record is hard to read.
    """

    def __init__(
        self, population: Population, writer: Writer, seed: int = 0, awkward: float = 0.0
    ) -> None:
        self._population = population
        self._seed = seed
        self._awkward = awkward
        items = sorted(population.items, key=lambda item: not _tells_sex(item))
        self._items = [Ready.of(item, writer) for item in items]
        self._odd = [Ready.of(item, writer) for item in population.awkward]
        self._foci = tuple(_foci(self._items))
        self._anchors = [(anchor.name, _anchor(anchor)) for anchor in population.anchors]
        self._sexes = _sexes(self._items[0].item)
        self._head = f"<{PATIENT}> {writer.term(RDF.type)} {writer.term(ELIG.Patient)} .\n"
        self._random = Random()

    @property
    def cycle(self) -> int:
        """The number of patients after which every variant and every value beside a limit came."""
        return len(self._foci)

    def focus(self, number: int) -> Focus:
        """Return what is varied in a patient."""
        return self._foci[number % len(self._foci)]

    def iri(self, number: int) -> str:
        """Return the IRI of a patient."""
        return f"{BASE}/{self._population.trial}/{self._seed}/{number}"

    def patients(self, count: int, start: int = 0) -> Iterator[str]:
        """Yield the records of patients from a number on, as text."""
        for number in range(start, start + count):
            yield self.patient(number)

    def patient(self, number: int) -> str:
        """Return the record of one patient as text."""
        random = self._random
        random.seed(f"{self._seed}/{self._population.trial}/{number}")
        days = self._days(random)
        focus = self.focus(number)
        candidate = random.random() < self._population.candidates
        parts = [self._head]
        sex: URIRef | None = None
        for place, ready in enumerate(self._items):
            gap = point = None
            if place == focus.item:
                chosen, gap, point = focus.variant, focus.gap, focus.point
            elif place == 0 and (needed := self._items[focus.item].item.sex) is not None:
                chosen = self._sexes.index(needed)
            else:
                chosen = ready.draw(random, typical=candidate)
            if place == 0:
                sex = self._sexes[chosen]
            elif ready.item.sex not in (None, sex):
                continue
            parts.append(ready.texts[chosen].fill(random, days, gap, point))
        if self._odd and random.random() < self._awkward:
            odd = self._odd[int(len(self._odd) * random.random())]
            parts.append(odd.texts[odd.draw(random, typical=False)].fill(random, days, None, None))
        return "".join(parts).replace(PATIENT, self.iri(number))

    def _days(self, random: Random) -> dict[URIRef, int]:
        days: dict[URIRef, int] = {}
        for name, draw in self._anchors:
            days[name] = draw(random, days)
        return days


def _anchor(anchor: Anchor) -> Callable[[Random, Days], int]:
    """Return what draws an anchor date."""
    if anchor.between is not None:
        first, last = (day.toordinal() for day in anchor.between)
        return lambda random, _: random.randint(first, last)
    assert anchor.day is not None
    base, draw = anchor.day.anchor, whole_drawer(anchor.day.number)
    assert base is not None
    return lambda random, days: days[base] - draw(random)


def _foci(items: list[Ready]) -> Iterator[Focus]:
    for place, ready in enumerate(items):
        for number, text in enumerate(ready.texts):
            yield Focus(place, number)
            for gap, points in text.beside:
                yield from (Focus(place, number, gap, point) for point in points)


def _sexes(item: Item) -> list[URIRef | None]:
    """Return the sex at birth that each variant of an item states."""
    found: list[URIRef | None] = []
    for variant in item.variants:
        stated = [dict(fact.statements).get(ELIG.sexAtBirth) for fact in variant.facts]
        found.append(next((sex for sex in stated if isinstance(sex, URIRef)), None))
    return found


def _tells_sex(item: Item) -> bool:
    return any(_sexes(item))
