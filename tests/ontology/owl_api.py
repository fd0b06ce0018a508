"""The OWL API and HermiT, asked in this process: both are in the archive that owlready2 brings."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jpype  # type: ignore[import-untyped]
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.term import Node

from eligo.reason.java import java_home

MERGED = URIRef("urn:eligo:merged")
LIBRARY = {".so", ".dylib", ".dll"}
BUILT_IN = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo}


@cache
def java() -> Any:
    """Start Java once and return how to look up a class."""
    spec = find_spec("owlready2")
    assert spec is not None
    assert spec.origin is not None
    if not jpype.isJVMStarted():
        jpype.startJVM(
            str(next(p for p in java_home().rglob("*jvm.*") if p.suffix in LIBRARY)),
            "-Xmx1g",
            "-Xrs",
            "--enable-native-access=ALL-UNNAMED",
            classpath=[str(Path(spec.origin).parent / "hermit" / "HermiT.jar")],
            convertStrings=True,
        )
    return jpype.JClass


def owl_api(name: str) -> Any:
    """Return a class of the OWL API by its name below the common package."""
    return java()(f"org.semanticweb.owlapi.{name}")


def load(graph: Graph) -> Any:
    """Read a graph as one ontology."""
    source = owl_api("io.StreamDocumentSource")(
        java()("java.io.ByteArrayInputStream")(_document(graph).encode())
    )
    manager = owl_api("apibinding.OWLManager").createOWLOntologyManager()
    return manager.loadOntologyFromOntologyDocument(source)


def _document(graph: Graph) -> str:
    """Write a graph as one ontology in N-Triples, declarations first.

    The OWL API of that time reads a stream: an annotation property must be declared before it is
    used, and a blank node as the value of an annotation, legal in OWL 2, is not understood.
    """
    headers = set(graph.subjects(RDF.type, OWL.Ontology))
    annotations = BUILT_IN | set(graph.subjects(RDF.type, OWL.AnnotationProperty))
    names: dict[Node, Node] = dict.fromkeys(headers, MERGED)
    for _, predicate, value in graph:
        if predicate in annotations and isinstance(value, BNode):
            names[value] = URIRef(f"urn:anonymous:{value}")
    document = Graph(bind_namespaces="none")
    for subject, predicate, value in graph:
        if not (subject in headers and predicate in (OWL.imports, OWL.versionIRI)):
            document.add((names.get(subject, subject), predicate, names.get(value, value)))
    lines = document.serialize(format="nt").splitlines()
    declaration = f"<{RDF.type}> <{OWL}"
    return "\n".join(sorted(lines, key=lambda line: (declaration not in line, line)))
