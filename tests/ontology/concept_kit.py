"""The concepts, codes and units of the ontology, read with rdflib alone, for the house tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph, Namespace
from rdflib.term import Node

ONTOLOGY = Path(__file__).parents[2] / "ontology"
NAMES = (
    *("systems", "drugs", "conditions", "procedures", "vaccines", "tests"),
    *("other-conditions", "other-drugs", "other-procedures", "rxnorm-products"),
    *("attestations", "cardiometabolic", "oncology", "various"),
)
FILES = ("units.ttl", *(f"concepts/{file}.ttl" for file in NAMES))
HEADING_LENGTHS = {"ATC": (1, 3, 4, 5), "ICD10CM": tuple(range(3, 8))}


@cache
def graph() -> Graph:
    """Return the files under test as one graph."""
    merged = Graph(bind_namespaces="none")
    for name in FILES:
        merged.parse(ONTOLOGY / name, format="turtle")
    return merged


def space(prefix: str) -> Namespace:
    """Return the namespace that the files bind to a prefix."""
    return Namespace(dict(graph().namespaces())[prefix])


ELIG, CONCEPT, SYSTEM, UNIT = (space(p) for p in ("elig", "concept", "system", "unit"))


def name(term: Node) -> str:
    """Return a term without its namespace."""
    return str(term).rsplit("/", 1)[-1]


def declared(where: Namespace, kind: Node) -> set[Node]:
    """Return every term of a namespace that is declared to be of a kind."""
    return {s for s in graph().subjects(RDF.type, kind) if str(s).startswith(where)}


@cache
def concepts() -> frozenset[str]:
    """Return every declared concept."""
    return frozenset(map(name, declared(CONCEPT, OWL.Class)))


@cache
def above(concept: str) -> frozenset[str]:
    """Return a concept and everything it lies below."""
    found = graph().transitive_objects(CONCEPT[concept], RDFS.subClassOf)
    return frozenset(name(kind) for kind in found if kind is not None)


@cache
def codes() -> tuple[tuple[str, str, bool, str], ...]:
    """Return every code as (system, notation, is a prefix, concept)."""
    return tuple(
        (name(system), str(text), term == ELIG.notationPrefix, name(concept))
        for concept, node in graph().subject_objects(ELIG.hasCode)
        for system in graph().objects(node, ELIG.inSystem)
        for term in (ELIG.notation, ELIG.notationPrefix)
        for text in graph().objects(node, term)
    )


def resolve(system: str, code: str) -> str:
    """Return the concept of a code: an exact entry, or else the longest prefix."""
    hits = [
        (len(text) + (not prefix), concept)
        for in_system, text, prefix, concept in codes()
        if in_system == system and (code.startswith(text) if prefix else code == text)
    ]
    return max(hits)[1] if hits else ""


@cache
def can_be(concept: str, kind: str) -> bool:
    """Tell whether a concept, or one below it, is of a kind or may be of it."""
    below = {c for c in concepts() if concept in above(c)}
    said = {name(m) for c in below for m in graph().objects(CONCEPT[c], ELIG.mayBe)}
    return any(kind in above(c) for c in below | said)


def headings(system: str, code: str) -> set[str]:
    """Return the broader headings of a code in a system whose codes show their hierarchy."""
    cuts = {code[:n].rstrip(".") for n in HEADING_LENGTHS.get(system, ()) if n < len(code)}
    return cuts - {code}
