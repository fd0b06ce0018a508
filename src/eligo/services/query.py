"""Run catalogue queries over the ontology, enriched graphs and assessments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from eligo.errors import InputError, UsageError
from eligo.report.answers import Answer
from eligo.resources import ontology_files, root, trials
from eligo.vocabulary.ontology import PREFIXES

FOLDERS = ("explore", "explain")
HEADER = re.compile(r"^#\+\s*(\w+):\s*(.*?)\s*$", re.MULTILINE)
PLACE = re.compile(r"error at (\d+):(\d+)")
# Strings, IRIs and comments, which may hold any word.
OPAQUE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\s]*>|#[^\n]*'
)


@dataclass(frozen=True)
class CatalogueQuery:
    """A query of the catalogue.

    Attributes:
        name: What it is called by.
        summary: What it answers.
        tags: Words to find it by.
        parameters: What can be set, by name, with its meaning.
        path: Its file.
    """

    name: str
    summary: str
    tags: str
    parameters: dict[str, str]
    path: Path


def catalogue() -> tuple[CatalogueQuery, ...]:
    """Return the queries that come with Eligo, by name."""
    found = []
    for folder in FOLDERS:
        for path in (root() / "queries" / folder).glob("*.rq"):
            text = path.read_text(encoding="utf-8")
            header = dict(HEADER.findall(text))
            found.append(
                CatalogueQuery(
                    path.stem,
                    header.get("summary", ""),
                    header.get("tags", ""),
                    parameters_of(text),
                    path,
                )
            )
    return tuple(sorted(found, key=lambda query: query.name))


def parameters_of(text: str) -> dict[str, str]:
    """Return the parameters that the header of a query names, with their meaning."""
    given = (value.partition(" - ") for key, value in HEADER.findall(text) if key == "parameter")
    return {name: meaning for name, _, meaning in given}


def set_parameters(text: str, values: Mapping[str, str], source: str) -> str:
    """Put values in the place of a query's `VALUES ?name { … }` lines.

    Args:
        text: The query.
        values: By parameter: a prefixed name, an IRI, a number, or a text.
        source: Names the query in messages.

    Raises:
        UsageError: The query has no such parameter.
    """
    for name, value in values.items():
        known = parameters_of(text)
        slot = re.compile(rf"(VALUES\s+\?{re.escape(name)}\s*\{{)[^}}]*\}}")
        if name not in known or not slot.search(text):
            listed = ", ".join(known) or "none"
            raise UsageError(f"{source} has no parameter {name!r}; it has {listed}")
        written = _term(value)
        text = slot.sub(lambda match, term=written: f"{match[1]} {term} }}", text)  # type: ignore[misc]
    return text


def _term(value: str) -> str:
    iri = value.strip("<>")
    prefix, colon, local = iri.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        iri = PREFIXES[prefix] + local
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", iri):
        return f"<{iri}>"
    if re.fullmatch(r"[+-]?\d+(\.\d+)?|UNDEF", value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def find_query(name: str) -> tuple[str, str]:
    """Return the text of a query and what to call it in messages.

    Args:
        name: A name of the catalogue, or the path of a file that ends in `.rq`.

    Raises:
        UsageError: There is no such query.
        InputError: The file cannot be read.
    """
    if name.endswith((".rq", ".sparql")):
        try:
            return Path(name).read_text(encoding="utf-8"), name
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot be read ({error}); check the path", source=name) from error
    for query in catalogue():
        if query.name == name:
            return query.path.read_text(encoding="utf-8"), str(query.path)
    raise UsageError(
        f"no query {name!r} in the catalogue; `eligo query --list` shows them, or name a .rq file"
    )


def build_store(graphs: Mapping[str, Graph], extra: Iterable[Path] = ()) -> ox.Store:
    """Return a store with the ontology in the default graph and the given graphs by name."""
    store = ox.Store()
    files = {path.resolve() for path in (*ontology_files(), *trials().values(), *extra)}
    for path in sorted(files):
        store.extend(
            ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        )
    for name, graph in graphs.items():
        place = ox.NamedNode(name)
        lines = graph.serialize(format="nt", encoding="utf-8")
        store.extend(
            ox.Quad(q.subject, q.predicate, q.object, place)
            for q in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True)
        )
    return store


def ask(store: ox.Store, text: str, source: str) -> Answer:
    """Run a query; the default graph is the union of all.

    Rows of a query without ORDER BY are sorted, so that an answer never depends on storage.

    Raises:
        UsageError: The query would call another server.
        InputError: The query is malformed.
    """
    bare = OPAQUE.sub(" ", text)
    if re.search(r"\bSERVICE\b", bare, re.IGNORECASE):
        raise UsageError(f"{source}: SERVICE is not allowed, as Eligo never calls a network")
    try:
        result = store.query(text, use_default_graph_as_union=True)
    except SyntaxError as error:
        place = PLACE.search(str(error))
        line, column = (int(n) for n in place.groups()) if place else (None, None)
        raise InputError(
            "not a SPARQL query; correct it there", source=source, line=line, column=column
        ) from error
    if isinstance(result, ox.QueryBoolean):
        return Answer(holds=bool(result))
    if isinstance(result, ox.QueryTriples):
        return Answer(graph=tuple(sorted(result, key=str)))
    header = tuple(variable.value for variable in result.variables)
    rows = [tuple(solution[name] for name in header) for solution in result]
    if not re.search(r"\bORDER\s+BY\b", bare, re.IGNORECASE):
        rows.sort(key=lambda row: [str(cell) for cell in row])
    return Answer(header, tuple(rows))
