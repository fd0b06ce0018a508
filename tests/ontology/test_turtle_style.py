"""How ontology files are written: what a parser forgives but a reader of a diff does not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS
from rdflib.term import Node

from eligo.vocabulary.ontology import PREFIXES
from ontology.ontology_library import FILES, TRIALS, relative

TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"'  # strings
    r"|<[^<>\s]*>"  # IRIs
    r"|#[^\n]*"  # comments
    r"|[][();,]"
    r'|[^\s\[\]();,"<]+'  # names, numbers, keywords, full stops
    r"|\s+",
    re.DOTALL,
)
PREFIX_LINE = re.compile(r"@prefix ([\w-]*): <([^>]*)> \.")
every_file = pytest.mark.parametrize("path", FILES, ids=relative)


def subjects(text: str) -> Iterator[tuple[str, int]]:
    """Yield the subject of every block that is not a directive, with its column."""
    starts = True
    directive = False
    for match in TOKEN.finditer(text):
        token = match[0]
        if token.isspace() or token.startswith("#"):
            continue
        if starts:
            directive = token.startswith("@") or token in ("PREFIX", "BASE")
            if not directive:
                yield token, match.start() - text.rfind("\n", 0, match.start()) - 1
        starts = token.endswith(".") and token[0] not in '"<'


@every_file
def test_header_says_what_the_file_is(path: Path) -> None:
    graph = Graph().parse(path, format="turtle")
    (ontology,) = graph.subjects(RDF.type, OWL.Ontology)
    needed = (RDFS.label, DCTERMS.description, DCTERMS.license, OWL.versionIRI)
    assert not [p for p in needed if (ontology, p, None) not in graph]
    assert str(graph.value(ontology, OWL.versionIRI)).startswith(f"{ontology}/")


@every_file
def test_prefixes_are_sorted_named_and_the_same_everywhere(path: Path) -> None:
    found = PREFIX_LINE.findall(path.read_text("utf-8"))
    assert found == sorted(found)
    assert not [prefix for prefix, _ in found if prefix == ""]
    assert not [p for p, iri in found if PREFIXES.get(p, iri) != iri]
    assert not [p for p, iri in found if p not in PREFIXES and iri in PREFIXES.values()]


@every_file
def test_prefixes_are_all_used(path: Path) -> None:
    text = path.read_text("utf-8")
    used = set(re.findall(r"(?<![\w<:/])([\w-]+):(?!//)", text))
    lines = dict(PREFIX_LINE.findall(text))
    body = PREFIX_LINE.sub("", text)
    assert not [p for p in lines if p not in used or not re.search(rf"(?<![\w-]){p}:", body)]


@every_file
def test_each_term_has_one_block_that_starts_a_line(path: Path) -> None:
    found = list(subjects(path.read_text("utf-8")))
    counts = Counter(name for name, _ in found)
    assert not [name for name, count in counts.items() if count > 1]
    assert not [name for name, column in found if column]


@every_file
def test_layout_is_stable_under_any_editor(path: Path) -> None:
    data = path.read_bytes()
    text = data.decode("utf-8")
    assert not data.startswith(b"\xef\xbb\xbf"), "byte order mark"
    assert b"\r" not in data, "carriage return"
    assert b"\t" not in data, "tab"
    assert not [i for i, line in enumerate(text.split("\n"), 1) if line != line.rstrip()]
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\n\n\n" not in text


@every_file
def test_no_comment_carries_what_a_serializer_would_drop(path: Path) -> None:
    tokens = (match[0] for match in TOKEN.finditer(path.read_text("utf-8")))
    assert not [token for token in tokens if token.startswith("#")]


def test_term_is_declared_in_one_file_only() -> None:
    """What patterns make for several trials is the same in each."""
    declared: dict[str, list[str]] = {}
    made: dict[str, set[frozenset[tuple[Node, Node]]]] = {}
    for path in FILES:
        graph = Graph().parse(path, format="turtle")
        for term in set(graph.subjects(SKOS.definition, None)):
            if path in TRIALS and str(term).startswith(PREFIXES["measure"]):
                made.setdefault(str(term), set()).add(frozenset(graph.predicate_objects(term)))
            else:
                declared.setdefault(str(term), []).append(relative(path))
    assert not {term: files for term, files in declared.items() if len(files) > 1}
    assert not [term for term, ways in made.items() if len(ways) > 1 or term in declared]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ex:a ex:p "x. y" ; ex:q 1.5 .\n\nex:b ex:p ( 1 2 ) .\n', ["ex:a", "ex:b"]),
        ('<i> ex:p """a\n"b" . """@en .\nex:I3.1-B1 ex:p [ ex:q ex:c ] .', ["<i>", "ex:I3.1-B1"]),
        ("@prefix ex: <https://example.org/> .\nex:a a ex:b .", ["ex:a"]),
        ("ex:a ex:p ex:b. # ex:no ex:p 1 .\nex:c ex:p true .", ["ex:a", "ex:c"]),
    ],
)
def test_blocks_are_told_apart(text: str, expected: list[str]) -> None:
    assert [name for name, _ in subjects(text)] == expected
