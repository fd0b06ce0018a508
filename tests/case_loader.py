"""Read the clinical cases: base patients in Turtle, changes and expected verdicts in YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml
from rdflib import BNode, Graph, Namespace, URIRef
from rdflib.term import Node

from eligo.vocabulary.ontology import to_rdflib

CASES = Path(__file__).parent / "cases"
BASES = "bases"
TRIALS = tuple(sorted(path.parent.name for path in CASES.glob(f"*/{BASES}.yaml")))
"""The trials that have cases: every folder of cases is named after its trial."""
LONG_RUN = frozenset({"NCT00494585", "NCT00923156", "NCT03954834", "NCT05781750"})
"""Trials whose costly tests, which look at a trial as a whole, are left to the long run."""
FILES = Path(__file__).parent.parent / "examples"
EXAMPLES = FILES / "patients"
PATIENTS = "https://example.org/patient/"
PREFIXES = {
    "concept": "https://w3id.org/eligo/concept/",
    "elig": "https://w3id.org/eligo/ns/",
    "measure": "https://w3id.org/eligo/measure/",
    "nct": "https://w3id.org/eligo/trial/NCT06150651/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "system": "https://w3id.org/eligo/system/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
KEYS = frozenset(
    {"id", "title", "base", "remove", "set", "replace", "expect", "because", "disputed", "policy"}
)


class CaseError(ValueError):
    """A case file that cannot be read as meant."""


@dataclass(frozen=True)
class Case:
    """One patient, as changes to a base patient, and what every criterion must say.

    `expected` maps each top-level criterion, `overall`, `prescreen` and every sub-criterion that
    the case names to its status. `disputed` gives a reason to doubt the expectation.
    """

    id: str
    title: str
    trial: str
    file: str
    base: str
    expected: Mapping[str, str]
    because: str
    remove: tuple[str, ...] = ()
    replace: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    added: str = ""
    disputed: str | None = None
    policy: str | None = None

    @property
    def name(self) -> str:
        """The name of the case among the cases of all trials."""
        return f"{self.trial}:{self.id}"

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the changes of this case are written with."""
        own = f"https://w3id.org/eligo/trial/{self.trial}/"
        return {**PREFIXES, "nct": own, "": str(self.namespace)}

    @property
    def namespace(self) -> Namespace:
        """The namespace of this case's patient and facts; no two cases share one."""
        return Namespace(f"{PATIENTS}{self.id.lower()}/")

    @property
    def patient(self) -> URIRef:
        """The IRI of the patient."""
        return self.namespace["patient"]

    def graph(self) -> Graph:
        """Return the patient's record: the base with the changes made.

        Raises:
            CaseError: if a change names something the base does not have.
        """
        graph = Graph()
        text = _base_text(self.trial, self.base)
        _parse(graph, text.replace(f"{PATIENTS}{self.base}/", str(self.namespace)), "base")
        for name in self.remove:
            self._drop(graph, self.namespace[name])
        extra = [self.added]
        for name, properties in self.replace.items():
            for term, values in properties.items():
                self._forget(graph, name, term)
                if values:
                    extra.append(f":{name} {term} {' , '.join(values)} .")
        head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in self.prefixes.items())
        _parse(graph, head + "\n".join(extra), "own")
        return graph

    def turtle(self) -> str:
        """Return the patient's record as Turtle."""
        return self.graph().serialize(format="turtle")

    def _drop(self, graph: Graph, node: Node) -> None:
        if (node, None, None) not in graph:
            raise CaseError(f"{self.file}: case {self.id} removes {node}, which is not there")
        _prune(graph, node)
        graph.remove((None, None, node))

    def _forget(self, graph: Graph, name: str, term: str) -> None:
        subject = self.namespace[name]
        if (subject, None, None) not in graph:
            raise CaseError(f"{self.file}: case {self.id} changes {subject}, which is not there")
        prefix, _, local = term.partition(":")
        predicate = URIRef(PREFIXES[prefix] + local)
        for value in list(graph.objects(subject, predicate)):
            graph.remove((subject, predicate, value))
            if isinstance(value, BNode):
                _prune(graph, value)


@dataclass(frozen=True)
class Example:
    """A bundled example patient and what every criterion must say."""

    path: Path
    trial: str
    expected: Mapping[str, str]


def _parse(graph: Graph, text: str, scope: str) -> None:
    """Add Turtle to a graph, by the parser that is fast; there are more than a thousand cases."""
    parser = ox.parse(text, format=ox.RdfFormat.TURTLE)
    for quad in parser:
        s, p, o = (to_rdflib(t, scope) for t in (quad.subject, quad.predicate, quad.object))
        graph.add((s, p, o))
    for prefix, namespace in parser.prefixes.items():
        graph.bind(prefix, namespace)


def _prune(graph: Graph, node: Node) -> None:
    """Remove what is said about a node, and the blank nodes that only it leads to."""
    for _, predicate, value in list(graph.triples((node, None, None))):
        graph.remove((node, predicate, value))
        if isinstance(value, BNode) and (None, None, value) not in graph:
            _prune(graph, value)


@cache
def _base_text(trial: str, base: str) -> str:
    return (CASES / trial / f"{base}.ttl").read_text(encoding="utf-8")


def _read(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    for entry in entries:
        unknown = set(entry) - KEYS
        missing = {"id", "title", "expect", "because"} - set(entry)
        if unknown or missing:
            raise CaseError(f"{path.name}: {entry.get('id')}: {unknown=}, {missing=}")
    return entries


def _replacements(entry: Mapping[str, Any]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        name: {
            term: tuple(values) if isinstance(values, list) else (str(values),)
            for term, values in properties.items()
        }
        for name, properties in entry.get("replace", {}).items()
    }


def _expected(base: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Join a case's own verdicts to those of its base; prescreen is as overall unless stated."""
    joined = {**base, **own}
    if "prescreen" not in own:
        joined["prescreen"] = joined["overall"]
    return joined


def _cases(trial: str) -> Iterator[Case]:
    bases = {entry["id"]: entry for entry in _read(CASES / trial / f"{BASES}.yaml")}
    for path in sorted((CASES / trial).glob("*.yaml")):
        for entry in _read(path):
            base = entry["id"] if path.stem == BASES else entry["base"]
            if base not in bases:
                raise CaseError(f"{path.name}: case {entry['id']} names no known base: {base}")
            yield Case(
                id=entry["id"],
                title=entry["title"],
                trial=trial,
                file=path.name,
                base=base,
                expected=_expected(bases[base]["expect"], entry["expect"]),
                because=entry["because"],
                remove=tuple(entry.get("remove", ())),
                replace=_replacements(entry),
                added=entry.get("set", ""),
                disputed=entry.get("disputed"),
                policy=entry.get("policy"),
            )


def load_cases(trial: str) -> list[Case]:
    """Return every case of a trial, base patients included, in a stable order.

    Raises:
        CaseError: if a file has a key it should not have, or lacks one it should.
    """
    return list(_cases(trial))


def load_examples(trial: str) -> list[Example]:
    """Return the bundled example patients with their expected verdicts."""
    entries = yaml.safe_load((CASES / "examples.yaml").read_text(encoding="utf-8"))[trial]
    usual = next(case.expected for case in load_cases(trial) if case.id == "base-a")
    return [
        Example(FILES / entry["file"], trial, _expected(usual, entry["expect"]))
        for entry in entries
    ]
