"""Ontology files as one graph that remembers which file a term came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from eligo.errors import InputError, ModelError
from eligo.vocabulary.terms import ELIG

PREFIXES = {
    "concept": "https://w3id.org/eligo/concept/",
    "dcterms": "http://purl.org/dc/terms/",
    "elig": "https://w3id.org/eligo/ns/",
    "measure": "https://w3id.org/eligo/measure/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pattern": "https://w3id.org/eligo/pattern/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "score": "https://w3id.org/eligo/score/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "system": "https://w3id.org/eligo/system/",
    "unit": "https://w3id.org/eligo/unit/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefixes of every artefact; a trial adds one of its own."""


@dataclass
class Ontology:
    """A merged ontology.

    Attributes:
        graph: All statements.
        origin: The file each subject was first described in.
        prefixes: Prefixes to write IRIs with.
        declared_prefixes: Prefixes that each file declares.
    """

    graph: Graph
    origin: dict[Node, Path] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=lambda: dict(PREFIXES))
    declared_prefixes: dict[Path, dict[str, str]] = field(default_factory=dict)

    def add_file(self, path: Path, data: bytes | None = None) -> None:
        """Parse one Turtle file into the ontology.

        Args:
            path: The file.
            data: What it stands for, where that is not what it holds.

        Raises:
            InputError: The file is missing or is not Turtle; the message names line and column.
        """
        triples, self.declared_prefixes[path] = parse_turtle(path, data)
        for triple in triples:
            self.graph.add(triple)
            self.origin.setdefault(triple[0], path)

    def where(self, term: Node) -> str:
        """Name the file a term is described in, for messages."""
        path = self.origin.get(term)
        return str(path) if path else "the ontology"

    def label(self, term: Node) -> str:
        """Return a term's label, or its short form when it has none."""
        return str(self.graph.value(term, RDFS.label) or self.short(term))

    def definition(self, term: Node) -> str | None:
        """Return a term's definition in words."""
        text = self.graph.value(term, SKOS.definition)
        return None if text is None else str(text)

    def short(self, term: Node | str) -> str:
        """Write an IRI with its prefix where one fits, otherwise in full."""
        iri = str(term)
        fitting = [(len(n), p) for p, n in self.prefixes.items() if iri.startswith(n)]
        if not fitting:
            return iri
        length, prefix = max(fitting)
        return f"{prefix}:{iri[length:]}"

    def expand(self, name: str) -> URIRef:
        """Turn a short form back into an IRI; full IRIs pass through."""
        prefix, colon, local = name.partition(":")
        if colon and prefix in self.prefixes:
            return URIRef(self.prefixes[prefix] + local)
        return URIRef(name)

    def iri(self, subject: Node, predicate: URIRef) -> URIRef | None:
        """Return the one IRI value of a property, None when it is absent.

        Raises:
            ModelError: There are several values or the value is not an IRI.
        """
        values = list(self.graph.objects(subject, predicate))
        if not values:
            return None
        if len(values) > 1 or not isinstance(values[0], URIRef):
            raise ModelError(
                f"{self.where(subject)}: {self.short(subject)} needs exactly one IRI as "
                f"{self.short(predicate)}, found {len(values)} values"
            )
        return values[0]

    def text(self, subject: Node, predicate: URIRef) -> str | None:
        """Return a literal's lexical form, None when it is absent."""
        value = self.graph.value(subject, predicate)
        return None if value is None else str(value)

    def is_concept(self, term: Node) -> bool:
        """Tell whether a class is a clinical concept: concepts are their own individuals."""
        return (term, RDF.type, term) in self.graph

    def is_declared(self, term: Node) -> bool:
        """Tell whether anything declares a type for a term."""
        return (term, RDF.type, None) in self.graph


def parse_turtle(
    path: Path, data: bytes | None = None
) -> tuple[list[tuple[Node, Node, Node]], dict[str, str]]:
    """Parse a Turtle file; return its statements and the prefixes it declares.

    Args:
        path: The file.
        data: What it holds; None: it is read.

    Raises:
        InputError: The file is missing or malformed.
    """
    try:
        data = path.read_bytes() if data is None else data
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", source=str(path)) from error
    try:
        parser = ox.parse(data, format=ox.RdfFormat.TURTLE, base_iri=path.resolve().as_uri())
        quads = list(parser)
    except SyntaxError as error:
        raise InputError(
            f"not valid Turtle: {error.msg}",
            source=str(path),
            line=error.lineno,
            column=error.offset,
        ) from error
    return _triples(quads, f"{path.parent.name}_{path.stem}_"), dict(parser.prefixes)


def turtle_graph(text: str) -> Graph:
    """Return the graph of a Turtle text that Eligo itself wrote."""
    graph = Graph(bind_namespaces="none")
    for triple in _triples(ox.parse(text, format=ox.RdfFormat.TURTLE)):
        graph.add(triple)
    return graph


def _triples(quads: Iterable[ox.Quad], scope: str = "") -> list[tuple[Node, Node, Node]]:
    return [
        (
            to_rdflib(quad.subject, scope),
            to_rdflib(quad.predicate, scope),
            to_rdflib(quad.object, scope),
        )
        for quad in quads
    ]


def to_rdflib(term: object, scope: str = "") -> Node:
    """Turn a pyoxigraph term into an rdflib term, keeping the lexical form as it was written."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(scope + term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = URIRef(term.datatype.value)
        if datatype == XSD.string:
            return Literal(term.value)
        return Literal(term.value, datatype=datatype, normalize=False)
    raise TypeError(f"not an RDF 1.1 term: {term}")


def load_ontology(paths: Iterable[Path]) -> Ontology:
    """Merge Turtle files into one ontology.

    Raises:
        InputError: A file is missing or malformed.
    """
    ontology = Ontology(Graph(bind_namespaces="none"))
    for path in paths:
        ontology.add_file(path)
    return ontology


def subclasses(ontology: Ontology) -> dict[URIRef, frozenset[URIRef]]:
    """Return, for every concept, the concepts it is at or below.

    Raises:
        ModelError: The hierarchy has a cycle.
    """
    parents: dict[URIRef, list[URIRef]] = {}
    for term in set(ontology.graph.subjects(RDF.type, OWL.Class)):
        if isinstance(term, URIRef) and ontology.is_concept(term):
            parents[term] = [
                p for p in ontology.graph.objects(term, RDFS.subClassOf) if isinstance(p, URIRef)
            ]
    done: dict[URIRef, frozenset[URIRef]] = {}

    def climb(term: URIRef, path: tuple[URIRef, ...]) -> frozenset[URIRef]:
        if term in path:
            chain = " → ".join(ontology.short(t) for t in (*path, term))
            raise ModelError(f"{ontology.where(term)}: subclass cycle {chain}; remove one step")
        if term not in done:
            above = [climb(parent, (*path, term)) for parent in parents.get(term, [])]
            done[term] = frozenset({term}).union(*above)
        return done[term]

    for term in parents:
        climb(term, ())
    return {term: done[term] & parents.keys() for term in parents}


def possible_kinds(
    ontology: Ontology, below: dict[URIRef, frozenset[URIRef]]
) -> dict[URIRef, frozenset[URIRef]]:
    """Return, for every concept, the kinds a fact of that concept cannot be excluded to be.

    A concept can be a kind if some concept lies below both, or if it or something below it says so
    with `elig:mayBe`.
    """
    reach: dict[URIRef, set[URIRef]] = {term: set() for term in below}
    for term, above in below.items():
        possible = set(above)
        for other in ontology.graph.objects(term, ELIG.mayBe):
            if not isinstance(other, URIRef) or other not in below:
                raise ModelError(
                    f"{ontology.where(term)}: {ontology.short(term)} may be "
                    f"{ontology.short(other)}, which is no declared concept"
                )
            possible |= below[other]
        for ancestor in above:
            reach[ancestor] |= possible
    return {term: frozenset(kinds) for term, kinds in reach.items()}
