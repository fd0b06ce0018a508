"""Write graphs so that the same statements always give the same text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node


def turtle(graphs: Iterable[Graph], prefixes: Mapping[str, str]) -> str:
    """Merge graphs into one and write it as Turtle."""
    merged = Graph(bind_namespaces="none")
    _bind(merged, prefixes)
    for graph in graphs:
        for triple in graph:
            merged.add(triple)
    return _clean(merged.serialize(format="turtle"))


def dataset(
    graphs: Mapping[URIRef, Graph], prefixes: Mapping[str, str], *, format: str = "trig"
) -> str:
    """Write named graphs as TriG or N-Quads (`nquads`)."""
    quads: list[ox.Quad] = []
    for name, graph in sorted(graphs.items()):
        lines = graph.serialize(format="nt", encoding="utf-8")
        triples = sorted(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES), key=str)
        place = ox.NamedNode(str(name))
        quads += [ox.Quad(t.subject, t.predicate, t.object, place) for t in triples]
    rdf_format = {"trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS}[format]
    text = ox.serialize(quads, format=rdf_format, prefixes=dict(prefixes))
    return "" if text is None else text.decode()


def validation_report(report: Graph, prefixes: Mapping[str, str]) -> str:
    """Write a W3C validation report as Turtle, its results numbered by their content."""
    merged = Graph(bind_namespaces="none")
    _bind(merged, prefixes)
    names: dict[Node, Node] = {
        result: BNode(f"r{number:05d}")
        for number, result in enumerate(
            sorted(report.objects(None, SH.result), key=lambda node: _content(report, node)), 1
        )
    }
    for head in report.subjects(RDF.type, SH.ValidationReport):
        names[head] = BNode("r00000")
    for subject, predicate, value in report:
        merged.add((names.get(subject, subject), predicate, names.get(value, value)))
    return _clean(merged.serialize(format="turtle"))


def _content(graph: Graph, node: Node) -> list[tuple[str, str]]:
    return sorted(
        (str(predicate), "" if isinstance(value, BNode) else value.n3())
        for predicate, value in graph.predicate_objects(node)
    )


def _bind(graph: Graph, prefixes: Mapping[str, str]) -> None:
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace)


def _clean(text: str) -> str:
    return text.strip("\n") + "\n"
