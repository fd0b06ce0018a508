"""Write graphs so that the same statements always give the same text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rdflib import BNode, Dataset, Graph, URIRef
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
    """Write named graphs as TriG or N-Quads (`nquads`, sorted)."""
    data = Dataset()
    _bind(data, prefixes)
    for name, graph in graphs.items():
        target = data.graph(name)
        for triple in graph:
            target.add(triple)
    text = data.serialize(format=format)
    if format == "nquads":
        return "".join(sorted(line for line in text.splitlines(keepends=True) if line.strip()))
    return _clean(text)


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
