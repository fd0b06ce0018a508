"""Values, ranges, facts and kinds in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SKOS
from rdflib.term import Node

from eligo.evaluate.view import Bounds
from eligo.expression.model import And, Attribute, Expression, HasValue, Kind, Not, Or, Range
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

DATES = (ELIG.date, ELIG.startDate, ELIG.endDate)
UNMAPPED = "urn:eligo:unmapped:"
MISPLACED = f"{UNMAPPED}misplaced:"
INTERRUPTED = f"{UNMAPPED}interrupted:"


@dataclass(frozen=True)
class Words:
    """Writes what an enriched graph holds for a reader.

    Attributes:
        ontology: Labels, units.
        graph: The patient's enriched graph.
    """

    ontology: Ontology
    graph: Graph

    def label(self, term: Node) -> str:
        """Name a concept, attribute or value."""
        if isinstance(term, Literal):
            return {"true": "yes", "false": "no"}.get(str(term), str(term))
        text = str(term)
        if text.startswith(MISPLACED):
            concept = self.ontology.expand(text[len(MISPLACED) :])
            return f"{self.ontology.label(concept)}, recorded under the wrong relation"
        if text.startswith(INTERRUPTED):
            concept = self.ontology.expand(text[len(INTERRUPTED) :])
            return f"{self.ontology.label(concept)}, stopped or on hold"
        if text.startswith(UNMAPPED):
            return f"code {text[len(UNMAPPED) :].replace(':', ' ', 1)}"
        return self.ontology.label(term)

    def number(self, value: Decimal | Fraction) -> str:
        """Write a number without trailing zeros, rounded to four places for reading."""
        exact = Fraction(value)
        shown = Decimal(exact.numerator) / Decimal(exact.denominator)
        text = f"{round(shown, 4):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def bounds(self, bounds: Bounds, attribute: URIRef) -> str:
        """Write an interval with its unit."""
        unit = self.unit(attribute)
        low = None if bounds.low is None else self.shown(bounds.low, attribute)
        high = None if bounds.high is None else self.shown(bounds.high, attribute)
        if low is not None and high is not None:
            return low + unit if low == high else f"between {low} and {high}{unit}"
        if low is not None:
            return f"at least {low}{unit}"
        if high is not None:
            return f"at most {high}{unit}"
        return "not known"

    def shown(self, value: Decimal, attribute: URIRef) -> str:
        """Write a number of an attribute in the unit it is shown in."""
        return self.number(Fraction(value) * self._display_factor(attribute))

    def _display_factor(self, attribute: URIRef) -> Fraction:
        display = self._unit_term(attribute, ELIG.displayUnit)
        if display is None:
            return Fraction(1)
        return self._factor(self._unit_term(attribute, ELIG.unit)) / self._factor(display)

    def _factor(self, unit: Node | None) -> Fraction:
        if unit is None:
            return Fraction(1)
        return Fraction(
            int(self.ontology.text(unit, ELIG.numerator) or 1),
            int(self.ontology.text(unit, ELIG.denominator) or 1),
        )

    def _unit_term(self, attribute: URIRef, predicate: URIRef) -> Node | None:
        code = self.ontology.graph.value(attribute, predicate)
        if code is None:
            return None
        found = self.ontology.graph.subjects(SKOS.notation, code)
        return next((u for u in found if (u, RDF.type, ELIG.Unit) in self.ontology.graph), None)

    def unit(self, attribute: URIRef) -> str:
        """Return the unit of an attribute as readers write it, with a leading space."""
        code = self.ontology.text(attribute, ELIG.unit)
        unit = self._unit_term(attribute, ELIG.displayUnit) or self._unit_term(attribute, ELIG.unit)
        symbol = (self.ontology.text(unit, ELIG.symbol) if unit else None) or code
        return f" {symbol}" if symbol and symbol != "1" else ""

    def needs(self, measure: URIRef) -> str:
        """Return what the family of a measure needs on record, as the end of a sentence."""
        family = self.ontology.iri(measure, ELIG.family)
        needs = None if family is None else self.ontology.text(family, ELIG.needs)
        return f"; needed: {needs}" if needs else ""

    def range(self, wanted: Range) -> str:
        """Write the range that was asked for."""
        parts = []
        unit = self.unit(wanted.attribute)
        if wanted.minimum is not None:
            sign = "at least" if wanted.minimum_inclusive else "more than"
            parts.append(f"{sign} {self.shown(wanted.minimum, wanted.attribute)}")
        if wanted.maximum is not None:
            sign = "at most" if wanted.maximum_inclusive else "less than"
            parts.append(f"{sign} {self.shown(wanted.maximum, wanted.attribute)}")
        return " and ".join(parts) + unit

    def kind(self, expression: Expression) -> str:
        """Write a kind expression."""
        match expression:
            case Kind(concept):
                return self.label(concept)
            case And(parts):
                wanted = [self.kind(part) for part in parts if not isinstance(part, Not)]
                barred = [self.kind(part.part) for part in parts if isinstance(part, Not)]
                other = f" other than {' or '.join(barred)}" if barred else ""
                return (" and ".join(wanted) or "anything") + other
            case Or(parts):
                return " or ".join(self.kind(part) for part in parts)
            case Not(part):
                return f"not {self.kind(part)}"
            case _:
                return "such"

    def subject(self, filler: Expression) -> str | None:
        """Name what a filler is about: the kind it asks for, if it asks for one."""
        match filler:
            case Attribute(filler=inner):
                return self.kind(inner)
            case And(parts):
                return next((name for part in parts if (name := self.subject(part))), None)
            case Or(parts):
                names = [name for part in parts if (name := self.subject(part))]
                return " or ".join(dict.fromkeys(names)) or None
            case _:
                return None

    def is_unmapped(self, concept: Node) -> bool:
        """Whether a concept stands for a code that no concept lists."""
        return str(concept).startswith(UNMAPPED)

    def name(self, fact: Node) -> str:
        """Say what a fact is."""
        concept = self._concept(fact)
        name = self.label(concept) if concept is not None else self._type(fact)
        if concept is not None and self.is_unmapped(concept):
            written = self.graph.value(fact, ELIG.note)
            return f"“{written}” ({name})" if written else name
        return name

    def facts(self, facts: Sequence[Node]) -> str:
        """Name facts that are alike."""
        if len(facts) == 1:
            return self.fact(facts[0])
        return f"{self.name(facts[0])}, {len(facts)} on record"

    def _concept(self, fact: Node) -> Node | None:
        return self.graph.value(fact, ELIG.code) or self.graph.value(fact, ELIG.agent)

    def fact(self, fact: Node) -> str:
        """Name a fact: what it is, its dates, its value and where it stands in the source."""
        value = self.graph.value
        concept = self._concept(fact)
        parts = [self.name(fact)]
        result = value(fact, ELIG.result)
        if result is not None:
            parts.append(self.label(result))
        quantity = Bounds(
            _decimal(value(fact, URIRef(f"{ELIG.measuredValue}.low"))),
            _decimal(value(fact, URIRef(f"{ELIG.measuredValue}.high"))),
        )
        if quantity.known:
            parts.append(self._quantity(quantity, concept))
        written = value(fact, ELIG.asWritten)
        if written is not None and not quantity.known:
            parts.append(str(written))
        text = " ".join(parts)
        when = self.when(fact)
        where = value(fact, ELIG.sourceReference)
        return text + (f" ({when})" if when else "") + (f" [{where}]" if where else "")

    def _quantity(self, quantity: Bounds, concept: Node | None) -> str:
        preferred = None
        if isinstance(concept, URIRef):
            preferred = self.ontology.iri(concept, ELIG.preferredUnit)
        symbol = self.ontology.text(preferred, ELIG.symbol) if preferred else None
        return self.bounds(quantity, ELIG.measuredValue) + (f" {symbol}" if symbol else "")

    def when(self, fact: Node) -> str:
        """Return the dates of a fact."""
        dates = {p: str(d)[:10] for p in DATES if (d := self.graph.value(fact, p)) is not None}
        if ELIG.date in dates:
            return dates[ELIG.date]
        start, end = dates.get(ELIG.startDate), dates.get(ELIG.endDate)
        if start and end:
            return start if start == end else f"{start} to {end}"
        return f"since {start}" if start else (f"until {end}" if end else "")

    def _type(self, fact: Node) -> str:
        relation = next((p for _, p in self.graph.subject_predicates(fact)), None)
        text = self.ontology.label(relation) if relation is not None else "fact"
        return text.removeprefix("has ")

    def attribute(self, expression: HasValue | Range | Attribute) -> str:
        """Name an attribute or measure."""
        text = self.ontology.graph.value(expression.attribute, RDFS.label)
        return str(text) if text else self.ontology.short(expression.attribute)


def _decimal(value: Node | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
