"""What the criteria of one trial are by themselves and to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import URIRef

from eligo.compare.forms import Form, alternatives, negated
from eligo.compare.model import Defect, Remark
from eligo.compare.questions import Questions
from eligo.compare.sides import Item, Reading, Side


@dataclass(frozen=True)
class Within:
    """The questions about one trial.

    Attributes:
        side: The trial.
        reading: How it was read.
        questions: Where its questions are asked together with others.
    """

    side: Side
    reading: Reading
    questions: Questions

    def ask(self) -> None:
        """Ask everything."""
        for item in self._every():
            self.questions.ask(item.form)
            self.questions.ask(negated(item.form))
        for forms in self._others():
            self.questions.ask(*forms)
        self.questions.ask(*self._population())
        for item in self.side.asked:
            for other, _, way in self._against(item):
                self.questions.ask(way, negated(other.form))
            for others in self._implying(item):
                self.questions.ask(item.refusal, *(other.requirement for other in others))

    def remarks(self) -> tuple[Remark, ...]:
        """Return what the answers say."""
        empty = [item for item in self._every() if self._never(item.form)]
        always = [i for i in self._every() if not i.asks_nothing and self._never(negated(i.form))]
        found = [Remark(Defect.UNSATISFIABLE, item) for item in empty]
        found += [Remark(Defect.ALWAYS, item) for item in always]
        settled = {*empty, *always}
        against: list[Remark] = []
        for item in self.side.asked:
            if item not in settled:
                against += self._contradictions(item, settled)
        found += against
        nobody = self.questions.impossible(*self._population())
        by_itself = any(not i.excludes for i in empty if i in self.side.items)
        if nobody and not by_itself and not any(r.way is None for r in against):
            found.append(Remark(Defect.NOBODY, None))
        if not nobody:
            for item in self.side.asked:
                if item not in settled and not item.asks_nothing:
                    found += self._redundant(item)
        return tuple(found)

    def unsatisfiable_others(self) -> tuple[URIRef, ...]:
        """Return other named classes that nobody can be in."""
        return tuple(name for name, form in self.side.others if self._never(form))

    @property
    def nobody(self) -> bool:
        """Whether nobody can satisfy all criteria."""
        return self.questions.impossible(*self._population())

    def _never(self, form: Form) -> bool:
        return self.questions.impossible(form)

    def _every(self) -> list[Item]:
        return [item for top in self.side.items for item in top.walk() if item.formalised]

    def _others(self) -> Iterator[tuple[Form, ...]]:
        for _, form in self.side.others:
            yield (form,)

    def _population(self) -> tuple[Form, ...]:
        return tuple(item.requirement for item in self.side.asked)

    def _sharing(self, item: Item) -> list[Item]:
        topics = self.reading.topics(item.form)
        return [
            other
            for other in self.side.asked
            if other is not item and topics & self.reading.topics(other.form)
        ]

    def _against(self, item: Item) -> Iterator[tuple[Item, int | None, Form]]:
        """Yield exclusions with an inclusion, and with each of its alternatives."""
        if item.excludes:
            return
        for other in self._sharing(item):
            if other.excludes:
                yield other, None, item.form
                ways = alternatives(item.form)
                if len(ways) > 1:
                    for number, way in enumerate(ways, 1):
                        yield other, number, way

    def _contradictions(self, item: Item, settled: set[Item]) -> list[Remark]:
        whole, some = [], []
        for other, way, form in self._against(item):
            if other in settled or not self.questions.impossible(form, negated(other.form)):
                continue
            if way is None:
                whole.append(Remark(Defect.CONTRADICTION, item, (other,)))
            elif not any(other in remark.others for remark in whole):
                some.append(Remark(Defect.DEAD_ALTERNATIVE, item, (other,), way))
        return whole + some

    def _implying(self, item: Item) -> list[tuple[Item, ...]]:
        """Return criteria that may imply one: each that shares a topic, then all that can bear."""
        ones: list[tuple[Item, ...]] = [(other,) for other in self._sharing(item)]
        others = (other for other in self.side.asked if other is not item)
        bearing = self.reading.bearing(item.form, others)
        return [*ones, bearing] if len(bearing) > 1 else ones

    def _redundant(self, item: Item) -> list[Remark]:
        for others in self._implying(item):
            requirements = (other.requirement for other in others)
            if self.questions.impossible(item.refusal, *requirements):
                return [Remark(Defect.REDUNDANT, item, others)]
        return []
