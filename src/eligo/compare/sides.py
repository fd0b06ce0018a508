"""The trials that are compared: their criteria as forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import URIRef

from eligo.compare.background import Background
from eligo.compare.forms import ALWAYS, Form, Named, is_open, negated, roots
from eligo.compare.read import Forms
from eligo.compare.terms import Shared
from eligo.expression.rules import Rules
from eligo.trial.model import Criterion, Polarity
from eligo.vocabulary.ontology import Ontology, possible_kinds


@dataclass(frozen=True)
class Item:
    """A criterion that is compared.

    Attributes:
        name: Its IRI.
        notation: Its number.
        label: A short name.
        excludes: Whether it must not hold.
        form: What it says.
        formalised: Whether somebody put it in logic.
        whole: Whether nothing that it rests on is left out.
        parts: Sub-criteria.
    """

    name: URIRef
    notation: str
    label: str
    excludes: bool
    form: Form
    formalised: bool
    whole: bool
    parts: tuple[Item, ...]

    @property
    def requirement(self) -> Form:
        """What the criterion asks of a patient who is to join."""
        return negated(self.form) if self.excludes else self.form

    @property
    def refusal(self) -> Form:
        """What keeps a patient from joining by this criterion."""
        return self.form if self.excludes else negated(self.form)

    @property
    def asks_nothing(self) -> bool:
        """Whether it is stated, but everybody meets it."""
        return self.form in (ALWAYS, Named(ALWAYS))

    def walk(self) -> Iterator[Item]:
        """Yield the criterion and its parts, depth first."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class Side:
    """A trial that is compared.

    Attributes:
        name: Its IRI.
        identifier: Registry number.
        items: Top-level criteria in the record's order.
        others: Further classes of patients with a definition: supporting classes, advisories.
    """

    name: URIRef
    identifier: str
    items: tuple[Item, ...]
    others: tuple[tuple[URIRef, Form], ...]

    @property
    def is_whole(self) -> bool:
        """Whether every criterion is put in logic with all it rests on."""
        return all(item.whole for item in self.items)

    @property
    def asked(self) -> tuple[Item, ...]:
        """The criteria that somebody put in logic."""
        return tuple(item for item in self.items if item.formalised)


class Reading:
    """Reads trials so that equal terms have one name.

    Args:
        apart: Whether terms whose values depend on the trial are kept apart. Where each question
            is about one trial, they need not be, and trials share their answers.
    """

    def __init__(self, *, apart: bool = True) -> None:
        self._apart = apart
        self._shared = Shared()
        self._background = Background()
        self._count = 0

    @property
    def background(self) -> Background:
        """What holds of the trials that were read."""
        self._background.days_of = self._shared.days_of
        return self._background

    def read(
        self,
        ontology: Ontology,
        rules: Rules,
        trial: tuple[URIRef, str],
        criteria: Iterable[Criterion],
    ) -> Side:
        """Read a trial.

        Args:
            ontology: The general ontology with that of the trial.
            rules: Its named classes.
            trial: Its IRI and registry number.
            criteria: Its top-level criteria.
        """
        self._count += 1
        mark = str(self._count) if self._apart else ""
        forms = Forms(ontology, dict(rules.definitions), mark, self._shared)
        known = self._background
        if not rules.below.keys() <= known.below.keys():
            known.below.update(rules.below)
            known.possible.update(possible_kinds(ontology, dict(rules.below)))
        items = tuple(_item(criterion, forms) for criterion in criteria)
        named = {item.name for top in items for item in top.walk()}
        others = tuple(
            (name, forms.named(name)) for name in forms.classes_of_patients() if name not in named
        )
        return Side(*trial, items, others)

    def topics(self, form: Form) -> frozenset[URIRef]:
        """Return the relations and measures that a form speaks of, ages in any unit as one."""
        return frozenset(map(self.topic, roots(form)))

    def topic(self, root: URIRef) -> URIRef:
        """Return the name of a relation or measure; ages in any unit have one.

        Args:
            root: A relation or measure.
        """
        months = {days: months for months, days in self.background.days_of.items()}
        return months.get(root, root)

    def bearing(self, form: Form, items: Iterable[Item]) -> tuple[Item, ...]:
        """Return criteria that can bear on a form: they share a topic with it or each other.

        Args:
            form: The form.
            items: The criteria.
        """
        topics = self.topics(form)
        waiting = {item.notation: (item, self.topics(item.form)) for item in items}
        found: dict[str, Item] = {}
        while near := [n for n, (_, of) in waiting.items() if of & topics]:
            for notation in near:
                found[notation], of = waiting.pop(notation)
                topics |= of
        return tuple(found.values())


def _item(criterion: Criterion, forms: Forms) -> Item:
    form = forms.named(criterion.name)
    return Item(
        criterion.name,
        criterion.notation,
        criterion.label,
        criterion.polarity is Polarity.EXCLUSION,
        form,
        isinstance(form, Named),
        not is_open(form),
        tuple(_item(part, forms) for part in criterion.parts),
    )
