"""The rule book of a trial: its named classes and what must be complete before one is refuted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import URIRef
from rdflib.namespace import RDF

from eligo.expression.definitions import read_definitions
from eligo.expression.model import Definition, Some
from eligo.expression.scope import Scope, close, scope_of
from eligo.vocabulary.ontology import Ontology, subclasses
from eligo.vocabulary.terms import ELIG


@dataclass(frozen=True)
class Rules:
    """What engines need to know of an ontology.

    Attributes:
        definitions: Every named class that expressions may refer to.
        classifiers: For each fact relation, the attribute whose kind says what its facts are.
        below: For each concept, the kinds it is at or below.
    """

    definitions: Mapping[URIRef, Definition]
    classifiers: Mapping[URIRef, URIRef]
    below: Mapping[URIRef, frozenset[URIRef]]

    def needed_scope(self, some: Some, owner: Definition) -> Scope | None:
        """Return what must be complete before the lack of such facts refutes; None: nothing."""
        scope = scope_of(some.filler, self.classifiers.get(some.relation), self.definitions)
        closed = frozenset(kind for relation, kind in owner.closed if relation == some.relation)
        return close(scope, closed, self.below) if closed else scope


def read_rules(ontology: Ontology) -> Rules:
    """Read the rule book from an ontology.

    Raises:
        ModelError: A definition or declaration is malformed; the message names file and term.
    """
    return Rules(read_definitions(ontology), classifiers(ontology), subclasses(ontology))


def classifiers(ontology: Ontology) -> dict[URIRef, URIRef]:
    """Return the classifying attribute of each relation; windows inherit that of their base."""
    found: dict[URIRef, URIRef] = {}
    for kind in (ELIG.FactRelation, ELIG.WindowedRelation, ELIG.DerivedRelation):
        for relation in ontology.graph.subjects(RDF.type, kind):
            if not isinstance(relation, URIRef):
                continue
            source: URIRef | None = relation
            attribute = ontology.iri(relation, ELIG.classifiedBy)
            if attribute is None and kind == ELIG.WindowedRelation:
                source = ontology.iri(relation, ELIG.baseRelation)
                attribute = ontology.iri(source, ELIG.classifiedBy) if source else None
            if attribute is not None:
                found[relation] = attribute
    return found
