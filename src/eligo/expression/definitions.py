"""The named classes of a trial and what defines them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rdflib import URIRef
from rdflib.namespace import OWL, RDF

from eligo.errors import ExpressionError, ModelError
from eligo.expression.model import Definition, references
from eligo.expression.read import PATIENT_CLASSES, Level, Reader
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG


def read_definitions(ontology: Ontology) -> dict[URIRef, Definition]:
    """Read every criterion, supporting class, advisory, population and class of facts.

    Raises:
        ExpressionError: A definition is missing, doubled, cyclic or outside the fragment.
    """
    definitions: dict[URIRef, Definition] = {}
    for kind in (*PATIENT_CLASSES, ELIG.FactClass):
        level = Level.FACT if kind == ELIG.FactClass else Level.PATIENT
        for name in sorted(ontology.graph.subjects(RDF.type, kind), key=str):
            if isinstance(name, URIRef):
                definitions[name] = read_definition(ontology, name, level)
    _refuse_unknown(ontology, definitions)
    in_dependency_order(definitions, definitions, ontology)
    return definitions


def read_definition(ontology: Ontology, name: URIRef, level: Level = Level.PATIENT) -> Definition:
    """Read the definition of one named class.

    Raises:
        ExpressionError: The definition is missing, doubled or outside the fragment.
    """
    graph = ontology.graph
    bodies = list(graph.objects(name, OWL.equivalentClass))
    if len(bodies) > 1:
        raise ExpressionError(
            f"{ontology.where(name)}: {ontology.short(name)} has {len(bodies)} definitions "
            "(owl:equivalentClass); keep one"
        )
    if not bodies and graph.value(name, ELIG.notFormalised) is None:
        raise ExpressionError(
            f"{ontology.where(name)}: {ontology.short(name)} has no definition; give it an "
            "owl:equivalentClass or say why not with elig:notFormalised"
        )
    expression = Reader(ontology, name).read(bodies[0], level) if bodies else None
    return Definition(
        name, expression, ontology.iri(name, ELIG.refutedBy), _closures(ontology, name)
    )


def _closures(ontology: Ontology, name: URIRef) -> frozenset[tuple[URIRef, URIRef | None]]:
    closed: set[tuple[URIRef, URIRef | None]] = set()
    for decision in ontology.graph.objects(name, ELIG.adopts):
        for closure in ontology.graph.objects(decision, ELIG.closes):
            relation = ontology.iri(closure, ELIG.aboutRelation)
            if relation is None:
                raise ModelError(
                    f"{ontology.where(decision)}: {ontology.short(decision)} closes nothing; name "
                    "the relation with elig:aboutRelation"
                )
            closed.add((relation, ontology.iri(closure, ELIG.forKind)))
    return frozenset(closed)


def _refuse_unknown(ontology: Ontology, definitions: Mapping[URIRef, Definition]) -> None:
    for definition in definitions.values():
        used = references(definition.expression) if definition.expression else frozenset()
        for name in used | ({definition.refuted_by} if definition.refuted_by else set()):
            if name not in definitions:
                raise ExpressionError(
                    f"{ontology.where(definition.name)}: {ontology.short(definition.name)} "
                    f"refers to {ontology.short(name)}, which has no definition"
                )


def depends_on(definition: Definition) -> frozenset[URIRef]:
    """Return the named classes a definition needs."""
    used = references(definition.expression) if definition.expression else frozenset()
    return used | ({definition.refuted_by} if definition.refuted_by else frozenset())


def in_dependency_order(
    names: Iterable[URIRef], definitions: Mapping[URIRef, Definition], ontology: Ontology
) -> list[URIRef]:
    """List named classes so that each comes after those it needs.

    Raises:
        ExpressionError: A class needs itself.
    """
    order: dict[URIRef, None] = {}

    def visit(name: URIRef, path: tuple[URIRef, ...]) -> None:
        if name in order:
            return
        if name in path:
            chain = " → ".join(ontology.short(n) for n in (*path[path.index(name) :], name))
            raise ExpressionError(
                f"{ontology.where(name)}: cyclic definition {chain}; remove a step"
            )
        for needed in sorted(depends_on(definitions[name])):
            visit(needed, (*path, name))
        order[name] = None

    for name in sorted(names):
        visit(name, ())
    return list(order)
