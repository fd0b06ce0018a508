"""From the definitions of a trial to forms that compare."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, XSD

from eligo.compare.forms import (
    All,
    Any,
    Exactly,
    Facts,
    Form,
    Interval,
    IsA,
    Named,
    Opaque,
    Value,
    Without,
)
from eligo.compare.terms import Quantity, Shared, Terms
from eligo.expression.model import (
    And,
    Attribute,
    Definition,
    Expression,
    HasValue,
    Kind,
    Not,
    Or,
    Range,
    Ref,
    Some,
)
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

NUMERIC = frozenset({XSD.decimal, XSD.integer, XSD.nonNegativeInteger})


class Forms:
    """Turns the definitions of one trial into forms.

    Args:
        ontology: The general ontology with that of the trial.
        definitions: The named classes of the trial.
        side: Tells the trial from others.
        shared: The names that all trials share.
    """

    def __init__(
        self,
        ontology: Ontology,
        definitions: dict[URIRef, Definition],
        side: str,
        shared: Shared,
    ) -> None:
        self._ontology = ontology
        self._terms = Terms(ontology, side, shared)
        self._definitions = definitions
        self._side = side
        self._named: dict[URIRef, Form] = {}

    def named(self, name: URIRef) -> Form:
        """Return the form of a named class."""
        if name not in self._named:
            expression = self._definitions[name].expression
            self._named[name] = (
                Opaque(self._side, name) if expression is None else Named(self.of(expression))
            )
        return self._named[name]

    def classes_of_patients(self) -> list[URIRef]:
        """Return the named classes of patients that have a definition."""
        graph = self._ontology.graph
        return sorted(
            name
            for name, definition in self._definitions.items()
            if definition.expression is not None
            and (name, RDF.type, ELIG.FactClass) not in graph
            and (name, RDF.type, ELIG.TrialPopulation) not in graph
        )

    def of(self, expression: Expression) -> Form:
        """Return the form of an expression."""
        match expression:
            case And(parts):
                return All(tuple(map(self.of, parts)))
            case Or(parts):
                return Any(tuple(map(self.of, parts)))
            case Not(part):
                return Without(self.of(part))
            case Ref(name):
                return self.named(name)
            case Kind(concept):
                return IsA(concept)
            case Some(relation, filler, count):
                return self._facts(relation, filler, count)
            case Attribute(attribute, filler):
                quantity = self._terms.quantity(attribute)
                return Value(quantity.name, self.of(filler), quantity.functional)
            case Range():
                return self._interval(expression)
            case HasValue(attribute, value):
                return self._exactly(attribute, value)

    def _facts(self, relation: URIRef, filler: Expression, count: int) -> Form:
        wide, window = self._terms.relation(relation)
        form = self.of(filler)
        return Facts(wide, form if window is None else All((form, window)), count)

    def _exactly(self, attribute: URIRef, value: URIRef | Literal) -> Form:
        if isinstance(value, Literal) and value.datatype in NUMERIC:
            same = Fraction(str(value))
            return _scaled(self._terms.quantity(attribute), same, same, (True, True))
        quantity = self._terms.quantity(attribute)
        return Exactly(quantity.name, value, quantity.functional)

    def _interval(self, asked: Range) -> Form:
        low, high = (
            None if bound is None else Fraction(bound) for bound in (asked.minimum, asked.maximum)
        )
        included = (asked.minimum_inclusive, asked.maximum_inclusive)
        return _scaled(self._terms.quantity(asked.attribute), low, high, included)


def _scaled(
    quantity: Quantity, low: Fraction | None, high: Fraction | None, included: tuple[bool, bool]
) -> Interval:
    """Put an interval on the scale that trials share; whole numbers begin at one and end below."""
    low_in, high_in = included
    if quantity.whole:
        if low is not None:
            low = Fraction(ceil(low) if low_in else floor(low) + 1)
        if high is not None:
            high = Fraction(floor(high) + 1 if high_in else ceil(high))
        low_in, high_in = True, False
    low, high = (None if bound is None else bound * quantity.factor for bound in (low, high))
    return Interval(
        quantity.name,
        low,
        high,
        low_in or low is None,
        high_in or high is None,
    )
