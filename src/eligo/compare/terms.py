"""Which measures, attributes and relations of different trials are the same, and on what scale."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TypeAlias

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import OWL, RDF, SKOS
from rdflib.term import Node

from eligo.compare.forms import Window
from eligo.vocabulary.ontology import PREFIXES, Ontology
from eligo.vocabulary.terms import ELIG

Key: TypeAlias = tuple[object, ...]
SPLIT = "urn:eligo:compare:of:"
NO_PARAMETERS = frozenset(
    {ELIG.unit, ELIG.displayUnit, ELIG.ofTrial, ELIG.adopts, ELIG.askFor, ELIG.classifiedBy}
)
"""Statements about a term that its values do not depend on, or that are compared otherwise."""
WINDOW = frozenset(
    {ELIG.baseRelation, ELIG.anchor, ELIG.daysBefore, ELIG.monthsBefore, ELIG.daysAfter}
)
PER_TRIAL = (ELIG.mustNameTrial, ELIG.notOfOtherTrial, ELIG.dependsOnTrial)
TRUE = "true"
MONTH, DAY = (URIRef(f"{PREFIXES['unit']}{unit}") for unit in ("mo", "d"))


@dataclass(frozen=True)
class Quantity:
    """A measure or attribute as all trials name it.

    Attributes:
        name: The name that all trials share.
        factor: What a number of the trial is multiplied by.
        whole: Whether the trial's numbers are whole.
        functional: Whether there is one value at most.
    """

    name: URIRef
    factor: Fraction
    whole: bool
    functional: bool


@dataclass(frozen=True)
class Unit:
    """A unit as part of what a measure is, and what turns numbers into it."""

    name: Node | None
    factor: Fraction


class Shared:
    """The names that terms with equal parameters share; the first term of its kind gives it."""

    def __init__(self) -> None:
        self._names: dict[Key, URIRef] = {}
        self._scales: dict[Key, dict[Node, URIRef]] = {}

    def scale(self, key: Key, unit: Node, name: URIRef) -> None:
        """Remember in which unit of the calendar a quantity counts."""
        self._scales.setdefault(key, {})[unit] = name

    @property
    def days_of(self) -> dict[URIRef, URIRef]:
        """For each quantity in calendar months, the one that counts the same in days."""
        return {
            units[MONTH]: units[DAY]
            for units in self._scales.values()
            if MONTH in units and DAY in units
        }

    def name(self, key: Key, term: URIRef) -> URIRef:
        """Return the name of everything with this key."""
        return self._names.setdefault(key, term)


class Terms:
    """Reads the terms of one trial.

    Args:
        ontology: The general ontology with that of the trial.
        side: Tells the trial from others, where a value depends on the trial.
        shared: The names of all trials.
    """

    def __init__(self, ontology: Ontology, side: str, shared: Shared) -> None:
        self._ontology = ontology
        self._graph = ontology.graph
        self._side = side
        self._shared = shared
        self._quantities: dict[URIRef, Quantity] = {}
        self._units = {
            str(notation): unit
            for unit, notation in self._graph.subject_objects(SKOS.notation)
            if (unit, RDF.type, ELIG.Unit) in self._graph
        }

    def quantity(self, term: URIRef) -> Quantity:
        """Return a measure or attribute as all trials name it."""
        if term not in self._quantities:
            family = self._graph.value(term, ELIG.family)
            unit = self._unit(term, family)
            functional = (term, RDF.type, OWL.FunctionalProperty) in self._graph
            whole = self._is_true(family, ELIG.wholeNumbers)
            key = self._key(term)
            name = self._name(term, ("quantity", key, unit.name))
            if whole and unit.name is not None and not name.startswith(SPLIT):
                self._shared.scale(key, unit.name, name)
            self._quantities[term] = Quantity(name, unit.factor, whole, functional)
        return self._quantities[term]

    def relation(self, term: URIRef) -> tuple[URIRef, Window | None]:
        """Return the relation that a relation narrows, and the window it narrows it to."""
        graph = self._graph
        base = graph.value(term, ELIG.baseRelation)
        windowed = (term, RDF.type, ELIG.WindowedRelation) in graph
        odd = {p for p, _ in self._parameters(term)} - WINDOW
        if not windowed or not isinstance(base, URIRef) or odd:
            return self._name(term, ("relation", self._key(term))), None
        wide, outer = self.relation(base)
        if outer is not None:
            return self._name(term, ("relation", self._key(term))), None
        anchor = graph.value(term, ELIG.anchor) or ELIG.ScreeningDate
        days, months, after = (
            None if (n := graph.value(term, p)) is None else int(str(n))
            for p in (ELIG.daysBefore, ELIG.monthsBefore, ELIG.daysAfter)
        )
        if months is not None:
            days = None
        current = wide if days == 0 else None
        return wide, Window(URIRef(str(anchor)), days, months, after, current)

    def _name(self, term: URIRef, key: Key) -> URIRef:
        """Return the shared name; what depends on the trial is never shared."""
        if any(self._is_true(term, per_trial) for per_trial in PER_TRIAL):
            return URIRef(f"{SPLIT}{self._side}:{term}")
        return self._shared.name(key, term)

    def _key(self, term: Node) -> Key:
        """Return what a term is derived from; without a family, only itself."""
        if self._graph.value(term, ELIG.family) is None:
            return (term,)
        return (frozenset((p, self._part(value)) for p, value in self._parameters(term)),)

    def _parameters(self, term: Node) -> list[tuple[Node, Node]]:
        return [
            (p, value)
            for p, value in self._graph.predicate_objects(term)
            if str(p).startswith(str(ELIG)) and p not in NO_PARAMETERS
        ]

    def _part(self, value: Node) -> object:
        if isinstance(value, BNode):
            pairs = self._graph.predicate_objects(value)
            return frozenset((p, self._part(v)) for p, v in pairs if str(p).startswith(str(ELIG)))
        if isinstance(value, Literal):
            return number(value)
        if any(self._is_true(value, per_trial) for per_trial in PER_TRIAL):
            return (self._side, value)
        if self._graph.value(value, ELIG.family) is not None:
            unit = self._graph.value(value, ELIG.unit)
            return (*self._key(value), unit)
        return value

    def _unit(self, term: URIRef, family: Node | None) -> Unit:
        notation = self._graph.value(term, ELIG.unit)
        unit = self._units.get(str(notation)) if notation is not None else None
        if unit is None:
            return Unit(notation, Fraction(1))
        if family is not None and self._is_true(family, ELIG.wholeNumbers):
            return self._converted(family, unit, ELIG.hasCalendarConversion) or Unit(
                unit, Fraction(1)
            )
        for kind in self._graph.objects(term, ELIG.ofKind):
            found = self._converted(kind, unit, ELIG.hasUnitConversion)
            if found is not None:
                return found
        return Unit(*self._canonical(unit))

    def _converted(self, owner: Node, unit: Node, conversion: URIRef) -> Unit | None:
        """Return the unit that a conversion of a concept or family ends at."""
        graph = self._graph
        for node in graph.objects(owner, conversion):
            if graph.value(node, ELIG.fromUnit) == unit:
                end = graph.value(node, ELIG.toUnit)
                if end is None:
                    continue
                factor = self._fraction(node)
                if conversion == ELIG.hasCalendarConversion:
                    return Unit(end, factor)
                canonical, on = self._canonical(end)
                return Unit(canonical, factor * on)
        return None

    def _canonical(self, unit: Node) -> tuple[Node, Fraction]:
        canonical = self._graph.value(unit, ELIG.canonical)
        return (unit, Fraction(1)) if canonical is None else (canonical, self._fraction(unit))

    def _fraction(self, node: Node) -> Fraction:
        upper, lower = (self._graph.value(node, p) for p in (ELIG.numerator, ELIG.denominator))
        return Fraction(int(str(upper)), int(str(lower)))

    def _is_true(self, term: Node | None, predicate: URIRef) -> bool:
        return term is not None and str(self._graph.value(term, predicate)) == TRUE


def number(value: Literal) -> object:
    """Return a literal so that 28 and 28.0 are equal."""
    try:
        return Fraction(Decimal(str(value)))
    except (InvalidOperation, ValueError, OverflowError):
        return (str(value), value.language)
