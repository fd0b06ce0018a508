"""Reads the cases of a shape set and reports what its shapes find in them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import yaml
from rdflib import RDF, SH, Graph, Node, URIRef

from eligo.vocabulary.ontology import load_ontology

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Finding:
    """One validation result: which node, which shape, how severe."""

    focus: str
    shape: str
    severity: str


@dataclass(frozen=True)
class ShapeCase:
    """A data graph and everything that the shapes report about it."""

    name: str
    data: Path
    expected: tuple[Finding, ...]


@dataclass(frozen=True)
class Manifest:
    """The cases of one shape set."""

    folder: Path
    shapes: Path
    vocabulary: tuple[Path, ...]
    cases: tuple[ShapeCase, ...]

    @classmethod
    def load(cls, name: str) -> Manifest:
        """Read ``cases/<name>/manifest.yaml``."""
        folder = CASES / name
        raw = yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))
        prefixes: dict[str, str] = raw["prefixes"]
        cases = tuple(
            ShapeCase(
                name=case["name"],
                data=folder / f"{case['name']}.ttl",
                expected=tuple(_finding(row, prefixes) for row in case["expected"]),
            )
            for case in raw["cases"]
        )
        vocabulary = tuple((folder / path).resolve() for path in raw["vocabulary"])
        return cls(folder, ROOT / "shapes" / raw["shapes"], vocabulary, cases)


def _finding(row: list[str], prefixes: dict[str, str]) -> Finding:
    focus, shape, severity = row
    return Finding(_expand(focus, prefixes), _expand(shape, prefixes), severity)


def _expand(name: str, prefixes: dict[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else name


def read_all(paths: Iterable[Path]) -> Graph:
    """Read Turtle files into one graph; literals keep the form they were written in."""
    return load_ontology(paths).graph


def read_folder(folder: Path) -> Graph:
    """Read every Turtle file of a folder into one graph."""
    return read_all(sorted(folder.glob("*.ttl")))


def findings(data: Graph, shapes: Graph, vocabulary: Graph) -> list[Finding]:
    """What the shapes report about the data, sorted; a duplicate stays a duplicate.

    The vocabulary is mixed in beforehand: with `ont_graph` pySHACL copies every individual deeply.
    """
    mixed = Graph()
    for triple in itertools.chain(data, vocabulary):
        mixed.add(triple)
    _, report, _ = pyshacl.validate(mixed, shacl_graph=shapes, inplace=True)
    assert isinstance(report, Graph)
    return sorted(
        (_read_result(report, result) for result in report.objects(None, SH.result)), key=repr
    )


def _read_result(report: Graph, result: Node) -> Finding:
    severity = report.value(result, SH.resultSeverity)
    return Finding(
        focus=str(report.value(result, SH.focusNode)),
        shape=str(report.value(result, SH.sourceShape)),
        severity=str(severity).removeprefix(str(SH)),
    )


def reporting_shapes(shapes: Graph) -> set[URIRef]:
    """The named shapes that can report: those with a severity of their own."""
    return {shape for shape in shapes.subjects(SH.severity, None) if isinstance(shape, URIRef)}


def named_shapes(shapes: Graph) -> set[URIRef]:
    """All shapes that have an IRI."""
    kinds = (SH.NodeShape, SH.PropertyShape)
    return {
        shape
        for kind in kinds
        for shape in shapes.subjects(RDF.type, kind)
        if isinstance(shape, URIRef)
    }


def terms_of(graph: Graph, namespace: str) -> set[URIRef]:
    """The IRIs of a namespace that a graph uses in any position."""
    return {
        term
        for triple in graph
        for term in triple
        if isinstance(term, URIRef) and term.startswith(namespace) and term != URIRef(namespace)
    }
