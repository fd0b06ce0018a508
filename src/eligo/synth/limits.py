"""What the rules of a trial ask for: limits, windows, and which answers let a patient join."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Part of a rule, with whether a patient who may join satisfies it."""

    part: Range | HasValue | Attribute | Some
    wanted: bool


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
    seen: set[tuple[URIRef, bool]] = set()
    for criterion in model.criteria:
        wanted = criterion.polarity is Polarity.INCLUSION
        _follow(model, Ref(criterion.name), wanted, found, seen)
    return found


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all its parts."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def _follow(
    model: TrialModel,
    expression: Expression,
    wanted: bool,
    found: Demands,
    seen: set[tuple[URIRef, bool]],
) -> None:
    match expression:
        case Ref(name):
            definition = model.rules.definitions[name]
            if (name, wanted) in seen or definition.expression is None:
                return
            seen.add((name, wanted))
            _follow(model, definition.expression, wanted, found, seen)
            if definition.refuted_by is not None:
                _follow(model, Ref(definition.refuted_by), not wanted, found, seen)
        case And(parts) | Or(parts):
            for part in parts:
                _follow(model, part, wanted, found, seen)
        case Not(part):
            _follow(model, part, not wanted, found, seen)
        case Range(attribute=name) | HasValue(attribute=name) | Attribute(attribute=name):
            found.measures.setdefault(name, []).append(Asked(expression, wanted))
        case Some():
            found.facts.append(Asked(expression, wanted))
        case _:
            return


def points(demands: Demands, term: URIRef, step: Decimal) -> tuple[Point, ...]:
    """Return the numbers on, just below and just above each limit of a measure or attribute."""
    ends = sorted(demands.limits.get(term, ()))
    return tuple(Point(end + side * step) for end in ends for side in (0, -1, 1))


def day_points(model: TrialModel, demands: Demands, term: URIRef) -> tuple[Point, ...]:
    """Return the days on, just inside and just outside each limit or window of a term.

    A term whose numbers count months or years, such as an age, gives calendar months.
    """
    text = model.ontology.text
    unit = text(term, ELIG.unit)
    factor = MONTHS.get(unit or "", 0)
    days: list[tuple[int, int]] = []
    for end in sorted(demands.limits.get(term, ())):
        days.append((int(end) * factor, 0) if factor else (0, int(end)))
    if factor == 0 and (window := text(term, ELIG.daysBefore)) is not None:
        days.append((0, int(window)))
    if (window := text(term, ELIG.monthsBefore)) is not None:
        days.append((int(window), 0))
    return tuple(Point(Decimal(d + side), m) for m, d in days for side in (0, -1, 1))
