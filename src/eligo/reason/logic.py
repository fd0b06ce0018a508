"""The logical part of an ontology, written so that classes and individuals cannot be confused.

Annotations, ontology headers and imports carry no logic and are left out. OWL 2 reads an IRI that
names both a class (or property) and an individual as two unrelated things (punning), but owlready2
keeps one kind per IRI and would drop what HermiT inferred about the class. Such individuals are
therefore renamed, which changes no entailment.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef
from rdflib.term import Node

_Triple: TypeAlias = tuple[Node, Node, Node]
_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty)
_NAMED_TWICE = (OWL.Class, RDFS.Datatype, *_PROPERTIES, OWL.AnnotationProperty)
_ANNOTATIONS = frozenset(
    {
        RDFS.label,
        RDFS.comment,
        RDFS.seeAlso,
        RDFS.isDefinedBy,
        OWL.versionInfo,
        OWL.deprecated,
        OWL.priorVersion,
        OWL.backwardCompatibleWith,
        OWL.incompatibleWith,
        OWL.annotatedSource,
        OWL.annotatedProperty,
        OWL.annotatedTarget,
    }
)
_NOT_LOGIC = frozenset({OWL.Ontology, OWL.Axiom, OWL.Annotation, OWL.AnnotationProperty})
_INDIVIDUAL_OBJECTS = frozenset(
    {OWL.hasValue, OWL.sameAs, OWL.differentFrom, OWL.sourceIndividual, OWL.targetIndividual}
)
_INDIVIDUAL_SUBJECTS = frozenset({OWL.sameAs, OWL.differentFrom})
_INDIVIDUAL_LISTS = (OWL.oneOf, OWL.distinctMembers)
_LANGUAGE = (str(OWL), str(RDF), str(RDFS), str(XSD))
_SUFFIX = "#individual"


def logical_part(graph: Graph) -> Graph:
    """Return the triples of an ontology that a reasoner needs.

    Left out are also individuals of which nothing is said but one class: there are a thousand, and
    all they say is that the class can have members, which `has_impossible_member` looks up.

    Args:
        graph: The ontology with everything it imports.
    """
    relations = {p for kind in _PROPERTIES for p in graph.subjects(RDF.type, kind)}
    twice = {term for kind in _NAMED_TWICE for term in graph.subjects(RDF.type, kind)}
    cells = _list_cells(graph)
    logic = Graph(bind_namespaces="none")
    for triple in graph:
        if _is_logic(graph, triple, relations):
            logic.add(_renamed(triple, relations, twice, cells))
    for individual in _plain_individuals(logic, relations):
        logic.remove((individual, None, None))
    return logic


def has_impossible_member(graph: Graph, unsatisfiable: Iterable[str]) -> bool:
    """Tell whether an ontology puts anything into a class that cannot have members."""
    return any((None, RDF.type, URIRef(term)) in graph for term in unsatisfiable)


def _plain_individuals(logic: Graph, relations: set[Node]) -> list[Node]:
    """Return individuals that have at most one class and that nothing else mentions."""
    classes: dict[Node, set[Node]] = {}
    for individual, _, kind in filter(_is_type_of_individual, logic):
        named = {kind} - {OWL.NamedIndividual, OWL.Thing}
        classes.setdefault(individual, set()).update(named)
    return [
        individual
        for individual, kinds in classes.items()
        if len(kinds) < 2
        and not any(
            p in relations or p in _INDIVIDUAL_SUBJECTS for p in logic.predicates(individual)
        )
        and (None, None, individual) not in logic
    ]


def _list_cells(graph: Graph) -> frozenset[Node]:
    """Return the cells of every list whose members are individuals."""
    heads = {head for predicate in _INDIVIDUAL_LISTS for head in graph.objects(None, predicate)}
    cells = {cell for head in heads for cell in graph.transitive_objects(head, RDF.rest)}
    return frozenset(cell for cell in cells if cell is not None)


def _is_logic(graph: Graph, triple: _Triple, relations: set[Node]) -> bool:
    subject, predicate, value = triple
    if predicate in _ANNOTATIONS or (subject, RDF.type, OWL.Ontology) in graph:
        return False
    if predicate == RDF.type:
        return value not in _NOT_LOGIC
    return predicate in relations or str(predicate).startswith(_LANGUAGE)


def _is_type_of_individual(triple: _Triple) -> bool:
    _, predicate, value = triple
    if predicate != RDF.type:
        return False
    return not str(value).startswith(_LANGUAGE) or value in (OWL.NamedIndividual, OWL.Thing)


def _is_about_individual(triple: _Triple, relations: set[Node]) -> bool:
    _, predicate, _ = triple
    return (
        _is_type_of_individual(triple)
        or predicate in relations
        or predicate in _INDIVIDUAL_SUBJECTS
    )


def _renamed(
    triple: _Triple, relations: set[Node], twice: set[Node], cells: frozenset[Node]
) -> _Triple:
    subject, predicate, value = triple
    if _is_about_individual(triple, relations) and subject in twice:
        subject = _individual(subject)
    in_place = (
        predicate in relations
        or predicate in _INDIVIDUAL_OBJECTS
        or (predicate == RDF.first and triple[0] in cells)
    )
    if in_place and value in twice:
        value = _individual(value)
    return subject, predicate, value


def _individual(term: Node) -> URIRef:
    return URIRef(f"{term}{_SUFFIX}")
