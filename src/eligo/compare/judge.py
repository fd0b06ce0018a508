"""Compare two trials, criterion by criterion and as populations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eligo.compare.forms import Form, negated, subjects
from eligo.compare.model import Comparison, Containment, How, Inside, Pair, Relation
from eligo.compare.questions import Questions
from eligo.compare.sides import Item, Reading, Side
from eligo.compare.within import Within


@dataclass(frozen=True)
class Between:
    """The questions about two trials.

    Attributes:
        first: The one.
        second: The other.
        reading: How both were read.
        questions: Where the questions are asked together with others.
    """

    first: Side
    second: Side
    reading: Reading
    questions: Questions

    def ask(self) -> None:
        """Ask everything."""
        for side in self._sides():
            side.ask()
        for one, other in self._candidates():
            for together in _relating(one, other):
                self.questions.ask(*together)
        for narrow, wide in self._directions():
            for item in wide.asked:
                self.questions.ask(item.refusal, *self._bearing(narrow, item))
        self.questions.ask(*self._both())

    def comparison(self) -> Comparison:
        """Return what the answers say."""
        one, other = self._sides()
        nobody = one.nobody or other.nobody
        return Comparison(
            self.first,
            self.second,
            tuple(pair for c in self._candidates() if (pair := self._pair(*c)) is not None),
            self._contained(self.first, self.second),
            self._contained(self.second, self.first),
            not nobody and self.questions.impossible(*self._both()),
            (one.remarks(), other.remarks()),
        )

    def _sides(self) -> tuple[Within, Within]:
        return (
            Within(self.first, self.reading, self.questions),
            Within(self.second, self.reading, self.questions),
        )

    def _directions(self) -> tuple[tuple[Side, Side], tuple[Side, Side]]:
        return (self.first, self.second), (self.second, self.first)

    def _candidates(self) -> list[tuple[Item, Item]]:
        """Return criteria that share a relation or measure: no others can bear on each other."""
        topics = self.reading.topics
        return [
            (one, other)
            for one in self.first.asked
            for other in self.second.asked
            if topics(one.form) & topics(other.form)
        ]

    def _pair(self, one: Item, other: Item) -> Pair | None:
        if any(self._is_trivial(item) for item in (one, other)):
            return None
        narrower, wider, apart = (
            self.questions.impossible(*together) for together in _relating(one, other)
        )
        if narrower and wider:
            relation = Relation.EQUAL
        elif narrower:
            relation = Relation.NARROWER
        elif wider:
            relation = Relation.WIDER
        else:
            relation = Relation.DISJOINT if apart else Relation.INCOMPARABLE
        if relation is Relation.INCOMPARABLE and not self._speak_of_the_same(one, other):
            return None
        return Pair(one, other, relation, how(one, other))

    def _is_trivial(self, item: Item) -> bool:
        return self.questions.impossible(item.form) or self.questions.impossible(negated(item.form))

    def _speak_of_the_same(self, one: Item, other: Item) -> bool:
        """Tell whether two criteria name a measure, or kinds of which one is the other's."""
        below, named = self.reading.background.below, self.reading.topic
        for topic, kind in subjects(one.form):
            for other_topic, other_kind in subjects(other.form):
                if named(topic) != named(other_topic):
                    continue
                if kind is None or other_kind is None or kind == other_kind:
                    return True
                if kind in below.get(other_kind, ()) or other_kind in below.get(kind, ()):
                    return True
        return False

    def _bearing(self, side: Side, item: Item) -> tuple[Form, ...]:
        """Return what a trial asks that can bear on a criterion of the other."""
        bearing = self.reading.bearing(item.form, side.asked)
        return tuple(own.requirement for own in bearing)

    def _both(self) -> tuple[Form, ...]:
        return tuple(i.requirement for side in (self.first, self.second) for i in side.asked)

    def _contained(self, narrow: Side, wide: Side) -> Containment:
        if Within(narrow, self.reading, self.questions).nobody:
            return Containment(Inside.NOT_PROVED, ())
        lacking = tuple(
            item
            for item in wide.asked
            if not self.questions.impossible(item.refusal, *self._bearing(narrow, item))
        )
        if lacking:
            return Containment(Inside.NOT_PROVED, lacking)
        whole = narrow.is_whole and wide.is_whole
        return Containment(Inside.YES if whole else Inside.AS_FORMALISED, ())


def how(one: Item, other: Item) -> How:
    """Return in which sense two criteria are compared."""
    if one.excludes:
        return How.EXCLUSIONS if other.excludes else How.EXCLUSION_INCLUSION
    return How.INCLUSION_EXCLUSION if other.excludes else How.INCLUSIONS


def _relating(one: Item, other: Item) -> Iterable[tuple[Form, ...]]:
    """Return what cannot be if one is narrower, wider, or has nobody in common with the other."""
    if one.excludes and other.excludes:
        first, second = one.form, other.form
    else:
        first, second = one.requirement, other.requirement
    return (first, negated(second)), (negated(first), second), (first, second)
