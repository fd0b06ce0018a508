"""What is known of the registry's formats and words, read from the ontology."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache

from rdflib import RDF, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from eligo.errors import ModelError
from eligo.registry.terms import REGISTRY
from eligo.resources import importer_files, root
from eligo.vocabulary.ontology import load_ontology
from eligo.vocabulary.terms import ELIG

KNOWN = ("core.ttl", "units.ttl")
ELIGIBILITY = "protocolSection.eligibilityModule"


class Form(StrEnum):
    """What a field holds."""

    TEXT = "text"
    AGE = "age"
    BOOLEAN = "boolean"
    CODE = "code"
    CODES = "codes"


@dataclass(frozen=True)
class Field:
    """A field of a record.

    Attributes:
        term: The property that carries it in RDF.
        form: What it holds.
        api: Its path in API version 2.
        classic: Its path in the earlier JSON.
        xml: Its path in XML.
        label: Its name in a text of labels and values; None: it has none.
        row: Its name in a row with a study's number; None: it has none.
        values: Words of any format, in lower case → what they mean.
        words: What a value means → the word of API version 2.
        measure: What of a patient it is compared with; None: the unit of an age tells, or nothing.
    """

    term: URIRef
    form: Form
    api: tuple[str, ...]
    classic: tuple[str, ...]
    xml: tuple[str, ...]
    label: str | None
    row: str | None
    values: Mapping[str, Node]
    words: Mapping[Node, str]
    measure: URIRef | None

    @property
    def name(self) -> str:
        """Its path in API version 2 below its module."""
        return ".".join(self.api[2:])

    @property
    def of_eligibility(self) -> bool:
        """Whether it belongs to the eligibility module."""
        return ".".join(self.api[:-1]) == ELIGIBILITY

    def meaning(self, word: object) -> Node | None:
        """Return what a word of any format means; None: it is not known."""
        return self.values.get(str(word).strip().lower())


@dataclass(frozen=True)
class AgeUnit:
    """A unit in which the registry states ages.

    Attributes:
        unit: The unit.
        measure: The measure of a patient that such ages are compared with.
        size: How many units of that measure it is.
        days: How many days it is on average.
    """

    unit: URIRef
    measure: URIRef
    size: Fraction
    days: Fraction


@dataclass(frozen=True)
class Knowledge:
    """How records of the registry are read.

    Attributes:
        fields: The fields of a record.
        age_units: Words for units of age, in lower case.
        no_limit: Words for an age without limit, in lower case.
        groups: Standard age groups → first year and first year beyond; None: no end.
    """

    fields: tuple[Field, ...]
    age_units: Mapping[str, AgeUnit]
    no_limit: frozenset[str]
    groups: Mapping[Node, tuple[int, int | None]]

    def field(self, term: URIRef) -> Field:
        """Return the field that a property carries.

        Raises:
            ModelError: The ontology has none.
        """
        for field in self.fields:
            if field.term == term:
                return field
        raise ModelError(f"{term}: no importer:RegistryField has it as importer:fieldTerm")

    @property
    def eligibility(self) -> tuple[Field, ...]:
        """The fields of the eligibility module."""
        return tuple(field for field in self.fields if field.of_eligibility)

    @staticmethod
    def load(graph: Graph) -> Knowledge:
        """Return what a graph states.

        Args:
            graph: The importer's ontology with units and core terms.

        Raises:
            ModelError: A field lacks a path, or a unit its measure.
        """
        registry = REGISTRY.ClinicalTrialsGov
        fields = (_field(graph, node) for node in graph.subjects(RDF.type, REGISTRY.RegistryField))
        return Knowledge(
            tuple(sorted(fields, key=lambda field: field.api)),
            dict(_age_units(graph)),
            frozenset(str(word).lower() for word in graph.objects(registry, REGISTRY.noLimitWord)),
            dict(_groups(graph)),
        )

    @staticmethod
    @cache
    def installed() -> Knowledge:
        """Return what comes with Eligo."""
        return Knowledge.load(knowledge_graph())


@cache
def knowledge_graph() -> Graph:
    """Return the ontology that the registry's formats and layouts are described in."""
    files = [*importer_files(), *(root() / "ontology" / name for name in KNOWN)]
    return load_ontology(files).graph


def one(graph: Graph, subject: Node, predicate: URIRef) -> Node:
    """Return the only value of a property.

    Raises:
        ModelError: There is none, or there are several.
    """
    values = list(graph.objects(subject, predicate))
    if len(values) != 1:
        raise ModelError(f"{subject}: {len(values)} values of {predicate}, one is needed")
    return values[0]


def _iri(graph: Graph, subject: Node, predicate: URIRef) -> URIRef:
    return URIRef(str(one(graph, subject, predicate)))


def _field(graph: Graph, node: Node) -> Field:
    def path(predicate: URIRef, divider: str) -> tuple[str, ...]:
        return tuple(str(one(graph, node, predicate)).split(divider))

    def text(predicate: URIRef) -> str | None:
        value = graph.value(node, predicate)
        return None if value is None else str(value)

    measure = text(REGISTRY.comparedBy)
    values: dict[str, Node] = {}
    words: dict[Node, str] = {}
    for entry in graph.objects(node, REGISTRY.hasEntry):
        meaning = one(graph, entry, REGISTRY.toValue)
        word = str(one(graph, entry, ELIG.notation))
        words[meaning] = word
        for spelling in (word, *map(str, graph.objects(entry, SKOS.altLabel))):
            values[spelling.lower()] = meaning
    return Field(
        _iri(graph, node, REGISTRY.fieldTerm),
        Form(text(REGISTRY.fieldForm) or Form.TEXT),
        path(REGISTRY.apiPath, "."),
        path(REGISTRY.classicPath, "."),
        path(REGISTRY.xmlPath, "/"),
        text(REGISTRY.textLabel),
        text(REGISTRY.rowName),
        values,
        words,
        None if measure is None else URIRef(measure),
    )


def _age_units(graph: Graph) -> Iterator[tuple[str, AgeUnit]]:
    for entry in graph.objects(REGISTRY.ClinicalTrialsGov, REGISTRY.hasAgeUnit):
        unit = _iri(graph, entry, REGISTRY.ageUnit)
        measure = _iri(graph, entry, REGISTRY.comparedBy)
        found = AgeUnit(unit, measure, _fraction(graph, entry), _fraction(graph, unit))
        for word in graph.objects(unit, SKOS.altLabel):
            yield str(word).lower(), found


def _fraction(graph: Graph, node: Node) -> Fraction:
    numerator, denominator = (
        int(str(one(graph, node, part))) for part in (ELIG.numerator, ELIG.denominator)
    )
    return Fraction(numerator, denominator)


def _groups(graph: Graph) -> Iterator[tuple[Node, tuple[int, int | None]]]:
    for group, start in graph.subject_objects(ELIG.fromYears):
        end = graph.value(group, ELIG.belowYears)
        yield group, (int(str(start)), int(str(end)) if isinstance(end, Literal) else None)
