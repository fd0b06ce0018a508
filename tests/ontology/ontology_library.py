"""The ontology files under test, and graphs merged from them through the catalogue."""

from __future__ import annotations

from pathlib import Path

from rdflib import Graph

from eligo.vocabulary.catalog import import_closure, read_catalog
from eligo.vocabulary.ontology import PREFIXES, load_ontology

DIRECTORY = Path(__file__).parents[2] / "ontology"
FILES = tuple(sorted(DIRECTORY.rglob("*.ttl")))
TRIALS = tuple(sorted((DIRECTORY / "trials").glob("*.ttl")))


def relative(path: Path) -> str:
    """Name a file by its path inside the ontology folder, as test id and in messages."""
    return path.relative_to(DIRECTORY).as_posix()


def merged(*paths: Path) -> Graph:
    """Return one graph of files and everything they import."""
    catalog = read_catalog(DIRECTORY)
    closure = {file for path in paths for file in import_closure(path, catalog)}
    return load_ontology(sorted(closure)).graph


def turtle(text: str) -> Graph:
    """Return the graph of a few lines of Turtle with the usual prefixes and `ex:`."""
    prefixes = {**PREFIXES, "ex": "https://example.org/"}
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())
    return Graph().parse(data=head + text, format="turtle")
