"""Read facts and draws from a population's RDF."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rdflib import Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF
from rdflib.term import Node

from eligo.errors import ModelError
from eligo.synth.limits import Demands, day_points, points
from eligo.synth.model import Choice, Day, Draw, Fact, Number, Point, Shape, Value
from eligo.trial.trial import TrialModel
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

SHAPES = {
    ELIG.uniform: Shape.UNIFORM,
    ELIG.normal: Shape.NORMAL,
    ELIG.logNormal: Shape.LOG_NORMAL,
}
Interval = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True)
class Use:
    """What a template is read for.

    Attributes:
        term: The measure, attribute or relation; None for a record item of its own.
        interval: Where its numbers are to lie.
        beside: Whether they may be put on and beside limits.
        ends: The limits that count; None for those of all rules.
    """

    term: URIRef | None = None
    interval: Interval = (None, None)
    beside: bool = True
    ends: tuple[Decimal, ...] | None = None


@dataclass
class Values:
    """Reads the values of facts.

    Attributes:
        source: The populations.
        model: The trial.
        demands: What its rules ask for.
    """

    source: Ontology
    model: TrialModel
    demands: Demands

    def listed(self, node: Node, predicate: URIRef) -> list[Node]:
        """Return the members of the list that a property leads to; empty without one."""
        head = self.source.graph.value(node, predicate)
        if head is None:
            return []
        return list(Collection(self.source.graph, head))

    def fact(self, node: Node, use: Use) -> Fact:
        """Read a fact or a node of one."""
        kind = self.source.iri(node, RDF.type)
        if kind is None:
            raise self.error(node, "a fact needs its class")
        return Fact(kind, self.statements(node, use))

    def statements(self, node: Node, use: Use) -> tuple[tuple[URIRef, Value], ...]:
        """Read the properties of a node, without those whose value is a parameter not given."""
        found: list[tuple[URIRef, Value]] = []
        for predicate, node_or_value in self.source.graph.predicate_objects(node):
            if predicate == RDF.type or not isinstance(predicate, URIRef):
                continue
            value = self.value(node_or_value, use)
            if value is not None:
                found.append((predicate, value))
        return tuple(sorted(found, key=str))

    def value(self, node: Node, use: Use) -> Value | None:
        """Read a value: constant, fact or draw; None for a parameter that is not given."""
        if isinstance(node, URIRef | Literal):
            return node
        graph = self.source.graph
        if (node, RDF.type, None) in graph:
            return self.fact(node, use)
        parameter = self.source.iri(node, ELIG.parameter)
        if parameter is not None:
            return self._parameter(node, parameter, use)
        options = self.listed(node, ELIG.oneOf)
        if options:
            return Choice(tuple(o for o in options if isinstance(o, URIRef | Literal)))
        return self._drawn(node, use)

    def _parameter(self, node: Node, parameter: URIRef, use: Use) -> Value | None:
        graph, trial = self.model.ontology.graph, self.model.name
        needed = self.source.iri(node, ELIG.onlyIf)
        if needed is not None and (use.term, needed, None) not in graph:
            return None
        module = graph.value(trial, ELIG.hasEligibilityModule)
        score = None if use.term is None else graph.value(use.term, ELIG.ofScore)
        for owner in (use.term, score, trial, module):
            if owner is None:
                continue
            objects = graph.objects(owner, parameter)
            given = sorted((o for o in objects if isinstance(o, URIRef | Literal)), key=str)
            if given:
                return given[0] if len(given) == 1 else Choice(tuple(given))
        return None

    def _drawn(self, node: Node, use: Use) -> Draw:
        anchor = self.source.iri(node, ELIG.before)
        lasting = self.source.graph.value(node, ELIG.lasting) == Literal(True)
        number = self.number(node, use, dated=anchor is not None or lasting)
        return Day(number, anchor) if anchor is not None or lasting else number

    def number(self, node: Node, use: Use, *, dated: bool) -> Number:
        """Read the distribution of a number."""
        text = self.source.text
        places = int(text(node, ELIG.places) or ("0" if dated else "1"))
        step = Decimal(text(node, ELIG.step) or (1 if dated else Decimal(1).scaleb(-places)))
        beside, numbers = self._limits(node, use, step, dated)
        shape = next((s for p, s in SHAPES.items() if (node, p, None) in self.source.graph), None)
        if numbers is not None:
            shape = Shape.UNIFORM
        elif shape is None:
            raise self.error(node, "a draw needs a distribution")
        else:
            predicate = next(p for p, s in SHAPES.items() if s is shape)
            pair = [float(str(n)) for n in self.listed(node, predicate)]
            if len(pair) != 2:
                raise self.error(node, f"{self.source.short(predicate)} takes two numbers")
            numbers = (pair[0], pair[1])
        ends = [text(node, p) for p in (ELIG.minimum, ELIG.maximum)]
        low, high = (None if end is None else float(end) for end in ends)
        if shape is Shape.UNIFORM:
            numbers = (_clip(numbers[0], low, high), _clip(numbers[1], low, high))
        inside = tuple(
            p for p in beside if p.months or float(p.number) == _clip(float(p.number), low, high)
        )
        return Number(shape, *numbers, low, high, places, inside if use.beside else ())

    def _limits(
        self, node: Node, use: Use, step: Decimal, dated: bool
    ) -> tuple[tuple[Point, ...], tuple[float, float] | None]:
        graph, term = self.source.graph, self.source.iri(node, ELIG.drives)
        inside = (node, ELIG.atLimit, Literal(True)) in graph
        if inside or (node, ELIG.atWindow, Literal(True)) in graph:
            term = use.term
        if term is None:
            return (), None
        ends = sorted(self.demands.limits.get(term, ()))
        if use.ends is not None and term == use.term:
            ends = sorted(use.ends)
        found = day_points(self.model, term, ends) if dated else points(ends, step)
        numbers = spread(use.interval, float(step)) if inside else None
        return found, numbers

    def error(self, node: Node, problem: str) -> ModelError:
        """Return the error of a node, with the file it stands in."""
        return ModelError(f"{self.source.where(node)}: {self.source.short(node)}: {problem}")


def _clip(number: float, low: float | None, high: float | None) -> float:
    if low is not None and number < low:
        return low
    return high if high is not None and number > high else number


def spread(interval: Interval, step: float) -> tuple[float, float] | None:
    """Return a range of numbers well inside an interval; None where it has no ends."""
    low, high = (None if end is None else float(end) for end in interval)
    if low is None and high is None:
        return None
    if low is None and high is not None:
        return min(high - step, high / 2), high - step
    if low is not None and high is None:
        return low + step, max(low * 2, low + 10 * step)
    assert low is not None
    assert high is not None
    return low + step, max(high - step, low + step)
