"""What the rules of a trial ask for: limits, windows, and which answers let a patient join."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from rdflib import URIRef

from eligo.expression.model import (
    And,
    Attribute,
    Expression,
    HasValue,
    Not,
    Or,
    Range,
    Ref,
    Some,
    children,
)
from eligo.synth.model import Point
from eligo.trial.model import Polarity
from eligo.trial.trial import TrialModel
from eligo.vocabulary.terms import ELIG

MONTHS = {"mo": 1, "a": 12}


@dataclass(frozen=True, slots=True)
class Asked:
    """Part of a rule, with whether a patient who may join satisfies it.

    Attributes:
        part: The part.
        wanted: Whether it counts for the patient if it holds.
        firm: Whether it counts by itself; otherwise something else that is firm is enough.
    """

    part: Range | HasValue | Attribute | Some
    wanted: bool
    firm: bool = True

    @property
    def needed(self) -> bool:
        """Whether those who may join have it."""
        return self.wanted and self.firm


@dataclass
class Demands:
    """What the rules of a trial ask for.

    Attributes:
        limits: The ends of all ranges of a measure or attribute.
        measures: What is asked of each measure or attribute of the patient, first come first.
        facts: What is asked of facts, in the order of the criteria.
    """

    limits: dict[URIRef, set[Decimal]] = field(default_factory=dict)
    measures: dict[URIRef, list[Asked]] = field(default_factory=dict)
    facts: list[Asked] = field(default_factory=list)

    def interval(self, term: URIRef) -> tuple[Decimal | None, Decimal | None]:
        """Return the range in which a number lets a patient join; None is no limit."""
        low: Decimal | None = None
        high: Decimal | None = None
        for asked in self.measures.get(term, []):
            if not asked.firm:
                continue
            found = wanted_ends(asked)
            if found[0] is not None and (high is None or found[0] < high):
                low = found[0] if low is None else max(low, found[0])
            if found[1] is not None and (low is None or found[1] > low):
                high = found[1] if high is None else min(high, found[1])
        return low, high


def wanted_ends(asked: Asked) -> tuple[Decimal | None, Decimal | None]:
    """Return the ends of the numbers that a range asks for, or leaves if it is not wanted."""
    part = asked.part
    if not isinstance(part, Range):
        return None, None
    if asked.wanted:
        return part.minimum, part.maximum
    if part.minimum is None:
        return part.maximum, None
    return (None, part.minimum) if part.maximum is None else (None, None)


def demands_of(model: TrialModel) -> Demands:
    """Return what the criteria of a trial ask for."""
    found = Demands()
    for definition in model.rules.definitions.values():
        if definition.expression is not None:
            for part in walk(definition.expression):
                if isinstance(part, Range):
                    ends = {e for e in (part.minimum, part.maximum) if e is not None}
                    found.limits.setdefault(part.attribute, set()).update(ends)
    follower = _Follower(model, found)
    for criterion in model.criteria:
        follower.follow(Ref(criterion.name), criterion.polarity is Polarity.INCLUSION, firm=True)
    return found


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all its parts."""
    yield expression
    for child in children(expression):
        yield from walk(child)


class _Follower:
    """Follows criteria down to what they ask of measures and facts."""

    def __init__(self, model: TrialModel, found: Demands) -> None:
        self._definitions = model.rules.definitions
        self._found = found
        self._seen: set[tuple[URIRef, bool]] = set()

    def follow(self, expression: Expression, wanted: bool, *, firm: bool) -> None:
        """Note what an expression asks for; of alternatives, the first one is firm."""
        match expression:
            case Ref(name):
                self._follow_name(name, wanted, firm)
            case And(parts) | Or(parts):
                alternatives = isinstance(expression, Or) == wanted
                for number, part in enumerate(parts):
                    self.follow(part, wanted, firm=firm and (number == 0 or not alternatives))
            case Not(part):
                self.follow(part, not wanted, firm=firm)
            case Range(attribute=name) | HasValue(attribute=name) | Attribute(attribute=name):
                self._found.measures.setdefault(name, []).append(Asked(expression, wanted, firm))
            case Some():
                self._found.facts.append(Asked(expression, wanted, firm))
            case _:
                return

    def _follow_name(self, name: URIRef, wanted: bool, firm: bool) -> None:
        definition = self._definitions[name]
        if (name, wanted) in self._seen or definition.expression is None:
            return
        self._seen.add((name, wanted))
        self.follow(definition.expression, wanted, firm=firm)
        if definition.refuted_by is not None:
            self.follow(Ref(definition.refuted_by), not wanted, firm=firm)


def points(ends: Iterable[Decimal], step: Decimal) -> tuple[Point, ...]:
    """Return the numbers on, just below and just above each limit."""
    return tuple(Point(end + side * step) for end in ends for side in (0, -1, 1))


def day_points(model: TrialModel, term: URIRef, ends: Iterable[Decimal]) -> tuple[Point, ...]:
    """Return the days on, just inside and just outside each limit, and the window of a term.

    A term whose numbers count months or years, such as an age, gives calendar months.
    """
    text = model.ontology.text
    factor = MONTHS.get(text(term, ELIG.unit) or "", 0)
    days = [(int(end) * factor, 0) if factor else (0, int(end)) for end in ends]
    if factor == 0 and (window := text(term, ELIG.daysBefore)) is not None:
        days.append((0, int(window)))
    if (window := text(term, ELIG.monthsBefore)) is not None:
        days.append((int(window), 0))
    return tuple(Point(Decimal(d + side), m) for m, d in days for side in (0, -1, 1))
