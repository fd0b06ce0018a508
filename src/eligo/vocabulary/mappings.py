"""A user's own code mappings: Turtle files read beside the ontology, checked before they count.

A mapping file gives codes to concepts, in either direction: a concept with `elig:hasCode`, or an
`elig:CodeMapping` that names the concept it `elig:standsFor` (one without is not filled in yet). It
may also describe concepts of its own below known ones, and code systems of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node

from eligo.errors import ModelError, UsageError
from eligo.vocabulary.ontology import Ontology, parse_turtle, subclasses
from eligo.vocabulary.terms import ELIG

OURS = ("concept", "elig", "system")
SAYABLE = frozenset({ELIG.hasCode, ELIG.mayBe})


@dataclass(frozen=True)
class MappingFolder:
    """A folder of mappings that a run used.

    Attributes:
        path: The folder as it was given.
        digest: SHA-256 over the names and contents of its files.
        codes: How many codes it gives to concepts.
        unfilled: How many codes wait in it for a concept.
    """

    path: str
    digest: str
    codes: int
    unfilled: int


@dataclass(frozen=True)
class Mapped:
    """A code that a file gives to a concept."""

    file: Path
    concept: URIRef
    system: URIRef
    text: str
    prefix: bool

    @property
    def key(self) -> str:
        """The code as codes are compared."""
        return _key(self.text)


def add_mappings(ontology: Ontology, folders: Sequence[str]) -> tuple[MappingFolder, ...]:
    """Add folders of mappings to an ontology.

    Raises:
        UsageError: A folder does not exist or holds no Turtle file.
        InputError: A file is no Turtle; the message names line and column.
        ModelError: A mapping names what is not declared, lacks a part or contradicts another one.
    """
    shipped = set(ontology.graph.subjects(RDF.type, None))
    own = tuple(_shipped_codes(ontology)) if folders else ()
    found: list[MappingFolder] = []
    mapped: list[Mapped] = []
    for folder in folders:
        files = _files(Path(folder))
        parts = {file: _add(ontology, file) for file in files}
        unfilled = 0
        for file, part in parts.items():
            check = _Check(ontology, shipped, file, part)
            check.terms()
            check.statements()
            mapped += check.codes()
            unfilled += sum(
                (node, ELIG.standsFor, None) not in part
                for node in part.subjects(RDF.type, ELIG.CodeMapping)
            )
        count = sum(entry.file in parts for entry in mapped)
        found.append(MappingFolder(folder, _digest(files), count, unfilled))
    if mapped:
        _check_agreement(ontology, mapped, own)
    return tuple(found)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder of mappings")
    files = sorted(folder.rglob("*.ttl"))
    if not files:
        raise UsageError(f"{folder}: holds no mapping; mappings are Turtle files (.ttl)")
    return files


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _add(ontology: Ontology, file: Path) -> Graph:
    part = Graph(bind_namespaces="none")
    for triple in parse_turtle(file)[0]:
        part.add(triple)
        ontology.graph.add(triple)
        ontology.origin.setdefault(triple[0], file)
    for node, concept in part.subject_objects(ELIG.standsFor):
        ontology.graph.add((concept, ELIG.hasCode, node))
    return part


@dataclass(frozen=True)
class _Check:
    """Checks one file of mappings, already merged into the ontology."""

    ontology: Ontology
    shipped: set[Node]
    file: Path
    part: Graph

    def terms(self) -> None:
        """Every term of Eligo that the file uses is declared."""
        used = {t for triple in self.part for t in triple if isinstance(t, URIRef)}
        for term in sorted(used):
            ours = self._name(term).partition(":")[0] in OURS
            if ours and not self.ontology.is_declared(term):
                raise self._error(
                    f"{self._name(term)} is not declared{self._nearest(term)}; mend its spelling, "
                    "or declare it"
                )

    def statements(self) -> None:
        """The file says of shipped terms only what a mapping may say, and places its own."""
        for subject, predicate, _ in sorted(self.part, key=str):
            if subject in self.shipped and predicate not in SAYABLE:
                raise self._error(
                    f"{self._name(subject)} belongs to Eligo: a mapping may add elig:hasCode and "
                    f"elig:mayBe to it, not {self._name(predicate)}; remove that statement"
                )
        for term in sorted(set(self.part.subjects(RDF.type, OWL.Class)), key=str):
            parents = list(self.part.objects(term, RDFS.subClassOf))
            if not isinstance(term, URIRef) or not self.ontology.is_concept(term):
                raise self._error(f"{self._name(term)} is no concept; add `a {self._name(term)}`")
            if not parents or not all(map(self.ontology.is_concept, parents)):
                raise self._error(
                    f"{self._name(term)} has no place; say below which concept it lies "
                    "(rdfs:subClassOf)"
                )
            if (term, RDFS.label, None) not in self.part:
                raise self._error(f"{self._name(term)} has no name; add rdfs:label")

    def codes(self) -> Iterator[Mapped]:
        """Yield the codes that the file gives to concepts."""
        given = [*self.part.subject_objects(ELIG.hasCode)]
        given += [(c, n) for n, c in self.part.subject_objects(ELIG.standsFor)]
        for concept, node in sorted(given, key=str):
            texts = [
                (text, predicate == ELIG.notationPrefix)
                for predicate in (ELIG.notation, ELIG.notationPrefix)
                for text in self.part.objects(node, predicate)
            ]
            named = " ".join(str(text) for text, _ in texts)
            what = f"the code {named} of {self._name(concept)}".replace("  ", " ")
            if not isinstance(concept, URIRef) or not self.ontology.is_concept(concept):
                raise self._error(f"{what}: {self._name(concept)} is no concept; name one")
            systems = list(self.part.objects(node, ELIG.inSystem))
            if len(systems) != 1 or not self._is_system(systems[0]):
                raise self._error(
                    f"{what} needs one elig:inSystem, a declared elig:CodeSystem such as "
                    "system:SNOMEDCT"
                )
            if len(texts) != 1 or not _plain(texts[0][0]):
                raise self._error(
                    f"{what} needs one elig:notation or one elig:notationPrefix, as plain text"
                )
            yield Mapped(self.file, concept, URIRef(str(systems[0])), str(texts[0][0]), texts[0][1])

    def _is_system(self, term: Node) -> bool:
        return (term, RDF.type, ELIG.CodeSystem) in self.ontology.graph

    def _nearest(self, term: URIRef) -> str:
        known = [self._name(t) for t in self.shipped if isinstance(t, URIRef)]
        near = get_close_matches(self._name(term), known, n=1, cutoff=0.8)
        return f" (did you mean {near[0]}?)" if near else ""

    def _name(self, term: Node) -> str:
        return self.ontology.short(term)

    def _error(self, text: str) -> ModelError:
        return ModelError(f"{self.file}: {text}")


def _shipped_codes(ontology: Ontology) -> Iterator[Mapped]:
    graph = ontology.graph
    for concept, node in graph.subject_objects(ELIG.hasCode):
        system = ontology.iri(node, ELIG.inSystem)
        for predicate in (ELIG.notation, ELIG.notationPrefix):
            for text in graph.objects(node, predicate):
                if system is not None and isinstance(concept, URIRef):
                    prefix = predicate == ELIG.notationPrefix
                    file = ontology.origin.get(concept, Path())
                    yield Mapped(file, concept, system, str(text), prefix)


def _check_agreement(
    ontology: Ontology, mapped: Sequence[Mapped], shipped: Sequence[Mapped]
) -> None:
    """A code stands for one concept, or for several that lie one below the other."""
    below = subclasses(ontology)
    for place, entry in enumerate(mapped):
        rivals = [m for m in mapped[:place] if _same(m, entry)]
        rivals += [m for m in shipped if m.system == entry.system and _covers(m, entry)]
        for rival in rivals:
            if entry.concept in below[rival.concept] or rival.concept in below[entry.concept]:
                continue
            raise ModelError(
                f"{entry.file}: the code {entry.text} of {ontology.short(entry.system)} stands for "
                f"{ontology.short(entry.concept)} here and for {ontology.short(rival.concept)} in "
                f"{rival.file}, and neither lies below the other; remove one of them"
            )


def _same(one: Mapped, other: Mapped) -> bool:
    return (one.system, one.key, one.prefix) == (other.system, other.key, other.prefix)


def _covers(shipped: Mapped, entry: Mapped) -> bool:
    if shipped.prefix:
        return entry.key.startswith(shipped.key)
    return not entry.prefix and shipped.key == entry.key


def _key(text: str) -> str:
    return text.strip().upper().replace(".", "")


def _plain(text: Node) -> bool:
    return isinstance(text, Literal) and text.language is None and bool(text.strip())
