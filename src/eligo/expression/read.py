"""Read OWL class expressions into the typed tree; anything outside it is a clear error."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import Enum

from rdflib import Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

from eligo.errors import ExpressionError
from eligo.expression.model import (
    And,
    Attribute,
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

PATIENT_CLASSES = (ELIG.Criterion, ELIG.SupportingClass, ELIG.Advisory, ELIG.TrialPopulation)
RELATIONS = (ELIG.FactRelation, ELIG.WindowedRelation, ELIG.DerivedRelation)
FACETS = (XSD.minInclusive, XSD.minExclusive, XSD.maxInclusive, XSD.maxExclusive)
NUMERIC = (XSD.decimal, XSD.integer, XSD.nonNegativeInteger)


class Level(Enum):
    """What a class expression speaks of."""

    PATIENT = "a patient"
    FACT = "a fact"
    CONCEPT = "a concept"


ALWAYS = {Level.PATIENT: ELIG.Patient, Level.FACT: ELIG.Fact}
"""What everything at a level is; in a definition it keeps reasoners from spreading complements."""


class Reader:
    """Reads the class expressions of one named class.

    Args:
        ontology: Where the expressions and the declarations of their terms are.
        owner: The named class that is being read; errors name it.
    """

    def __init__(self, ontology: Ontology, owner: URIRef) -> None:
        self._ontology = ontology
        self._graph = ontology.graph
        self._owner = owner

    def read(self, node: Node, level: Level = Level.PATIENT) -> Expression:
        """Read one class expression.

        Raises:
            ExpressionError: The expression is outside the fragment.
        """
        if node == OWL.Thing:
            return And(())
        if isinstance(node, URIRef):
            return self._named(node, level)
        for predicate, build in ((OWL.intersectionOf, And), (OWL.unionOf, Or)):
            head = self._graph.value(node, predicate)
            if head is not None:
                return _simplest(build, [self.read(part, level) for part in self._members(head)])
        part = self._graph.value(node, OWL.complementOf)
        if part is not None:
            return Not(self.read(part, level))
        if (node, RDF.type, OWL.Restriction) in self._graph:
            return self._restriction(node, level)
        raise self._fault(
            "has a class expression that is no boolean combination and no restriction"
        )

    def _named(self, name: URIRef, level: Level) -> Expression:
        if name == ALWAYS.get(level):
            return And(())
        types = set(self._graph.objects(name, RDF.type))
        if level is Level.CONCEPT:
            if self._ontology.is_concept(name):
                return Kind(name)
            raise self._fault(f"uses {self._short(name)} as a kind, but it is no declared concept")
        wanted = PATIENT_CLASSES if level is Level.PATIENT else (ELIG.FactClass,)
        if types & set(wanted):
            return Ref(name)
        if self._ontology.is_concept(name):
            raise self._fault(
                f"names the concept {self._short(name)} as a class of {level.value[2:]}s; write "
                f"`elig:code some {self._short(name)}` instead"
            )
        raise self._fault(
            f"names {self._short(name)}, which is no declared class of {level.value[2:]}s"
        )

    def _restriction(self, node: Node, level: Level) -> Expression:
        prop = self._graph.value(node, OWL.onProperty)
        if not isinstance(prop, URIRef):
            raise self._fault("has a restriction without a named owl:onProperty")
        types = set(self._graph.objects(prop, RDF.type))
        if level is Level.CONCEPT:
            raise self._fault(
                f"restricts {self._short(prop)} inside a kind; kinds are concepts only"
            )
        if types & set(RELATIONS):
            if level is not Level.PATIENT:
                raise self._fault(f"uses the fact relation {self._short(prop)} inside a fact")
            return self._relation(node, prop)
        wanted = ELIG.Measure if level is Level.PATIENT else ELIG.FactAttribute
        if wanted not in types:
            raise self._fault(
                f"uses {self._short(prop)}, which is not declared as {self._short(wanted)}; "
                f"only these describe {level.value}"
            )
        return self._attribute(node, prop)

    def _relation(self, node: Node, relation: URIRef) -> Expression:
        some = self._graph.value(node, OWL.someValuesFrom)
        if some is not None:
            return Some(relation, self.read(some, Level.FACT))
        only = self._graph.value(node, OWL.allValuesFrom)
        if only is not None:
            return Not(Some(relation, Not(self.read(only, Level.FACT))))
        for predicate in (
            OWL.minQualifiedCardinality,
            OWL.maxQualifiedCardinality,
            OWL.qualifiedCardinality,
        ):
            count = self._graph.value(node, predicate)
            if count is not None:
                return self._cardinality(node, relation, predicate, int(str(count)))
        raise self._fault(
            f"restricts the fact relation {self._short(relation)} in a way other than some, only, "
            "at least n or at most n (with owl:onClass)"
        )

    def _cardinality(
        self, node: Node, relation: URIRef, predicate: URIRef, count: int
    ) -> Expression:
        on_class = self._graph.value(node, OWL.onClass)
        if on_class is None or count < 0:
            raise self._fault(f"has a cardinality on {self._short(relation)} without owl:onClass")
        filler = self.read(on_class, Level.FACT)
        at_least: Expression = Some(relation, filler, count) if count else And(())
        at_most: Expression = Not(Some(relation, filler, count + 1))
        if predicate == OWL.minQualifiedCardinality:
            return at_least
        if predicate == OWL.maxQualifiedCardinality:
            return at_most
        return And((at_least, at_most))

    def _attribute(self, node: Node, attribute: URIRef) -> Expression:
        value = self._graph.value(node, OWL.hasValue)
        if isinstance(value, URIRef | Literal):
            return HasValue(attribute, value)
        filler = self._graph.value(node, OWL.someValuesFrom)
        if filler is None:
            raise self._fault(
                f"restricts {self._short(attribute)} in a way other than owl:someValuesFrom or "
                "owl:hasValue"
            )
        if (filler, RDF.type, RDFS.Datatype) in self._graph:
            return self._range(attribute, filler)
        members = self._graph.value(filler, OWL.oneOf)
        if members is not None:
            values = [v for v in self._members(members) if isinstance(v, URIRef | Literal)]
            return Or(tuple(HasValue(attribute, v) for v in values))
        return Attribute(attribute, self.read(filler, Level.CONCEPT))

    def _range(self, attribute: URIRef, datatype: Node) -> Expression:
        base = self._graph.value(datatype, OWL.onDatatype)
        head = self._graph.value(datatype, OWL.withRestrictions)
        if base not in NUMERIC or head is None:
            raise self._fault(
                f"restricts {self._short(attribute)} to a datatype that is no range of numbers "
                "(owl:onDatatype xsd:decimal with owl:withRestrictions)"
            )
        bounds: dict[Node, Decimal] = {}
        for facet in self._members(head):
            for predicate, value in self._graph.predicate_objects(facet):
                if predicate not in FACETS or predicate in bounds:
                    raise self._fault(
                        f"uses the facet {self._short(predicate)} on {self._short(attribute)} "
                        "twice or one that is no numeric bound"
                    )
                bounds[predicate] = self._number(value)
        low = [bounds[f] for f in FACETS[:2] if f in bounds]
        high = [bounds[f] for f in FACETS[2:] if f in bounds]
        if not bounds or len(low) > 1 or len(high) > 1:
            raise self._fault(
                f"needs one lower or upper bound (or one of each) on {self._short(attribute)}"
            )
        return Range(
            attribute,
            low[0] if low else None,
            high[0] if high else None,
            XSD.minExclusive not in bounds,
            XSD.maxExclusive not in bounds,
        )

    def _number(self, value: Node) -> Decimal:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise self._fault(f"has a bound that is no number: {value}") from None
        if not number.is_finite() or number != round(number, 9):
            raise self._fault(f"has a bound with more than nine decimal places: {value}")
        return number

    def _members(self, head: Node) -> list[Node]:
        return list(Collection(self._graph, head))

    def _short(self, term: Node) -> str:
        return self._ontology.short(term)

    def _fault(self, what: str) -> ExpressionError:
        owner = self._owner
        return ExpressionError(f"{self._ontology.where(owner)}: {self._short(owner)} {what}")


def _simplest(build: type[And] | type[Or], parts: list[Expression]) -> Expression:
    if build is And:
        parts = [part for part in parts if part != And(())]
        if len(parts) == 1:
            return parts[0]
    return build(tuple(parts))
