"""Reads a scoring system from its Turtle and judges it for recorded findings, without SQL."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import RDFS

ONTOLOGY = Path(__file__).parents[1] / "ontology"
ELIG = Namespace("https://w3id.org/eligo/ns/")
CONCEPT = Namespace("https://w3id.org/eligo/concept/")
SCORE = Namespace("https://w3id.org/eligo/score/")


def load_scores() -> Graph:
    """Read the concepts and every scoring system."""
    graph = Graph()
    for folder in ("concepts", "scores"):
        for path in sorted((ONTOLOGY / folder).glob("*.ttl")):
            graph.parse(path)
    return graph


@dataclass(frozen=True)
class Item:
    """An item of a set as its file states it."""

    node: URIRef
    domain: str
    kind: str
    weight: int
    any_of: frozenset[str]
    all_of: frozenset[str]


@dataclass(frozen=True)
class Totals:
    """What a set comes to for one patient: points and present items by kind of domain."""

    low: int
    high: int
    present: Mapping[str, int]


def name(node: object) -> str:
    return str(node).rsplit("/", 1)[-1]


def names(graph: Graph, subject: URIRef, predicate: URIRef) -> frozenset[str]:
    return frozenset(name(o) for o in graph.objects(subject, predicate))


def items(graph: Graph, score: str) -> Iterator[Item]:
    for domain in graph.subjects(ELIG.partOfScore, SCORE[score]):
        assert isinstance(domain, URIRef)
        (kind,) = names(graph, domain, ELIG.domainKind)
        for node in graph.subjects(ELIG.inDomain, domain):
            assert isinstance(node, URIRef)
            (weight,) = graph.objects(node, ELIG.weight)
            yield Item(
                node,
                name(domain),
                kind,
                int(float(str(weight))),
                names(graph, node, ELIG.anyFinding),
                names(graph, node, ELIG.allFindings),
            )


def points(graph: Graph, score: str, kinds: set[str] | None = None) -> list[int]:
    return [i.weight for i in items(graph, score) if kinds is None or i.kind in kinds]


def above(graph: Graph, finding: str) -> set[str]:
    return {name(o) for o in graph.transitive_objects(CONCEPT[finding], RDFS.subClassOf)}


def judge(graph: Graph, recorded: Mapping[str, bool], finding: str) -> bool | None:
    """Present, absent or unassessed, by the rules that findings.ttl states."""
    if any(present and finding in above(graph, f) for f, present in recorded.items()):
        return True
    refuted = {f for f, present in recorded.items() if not present}
    if above(graph, finding) & refuted:
        return False
    cover = names(graph, CONCEPT[finding], ELIG.coveredBy)
    return False if cover and all(above(graph, f) & refuted for f in cover) else None


def judge_item(graph: Graph, recorded: Mapping[str, bool], item: Item) -> bool | None:
    decisive = bool(item.any_of)
    judged = [judge(graph, recorded, f) for f in item.any_of or item.all_of]
    if decisive in judged:
        return decisive
    return None if None in judged else not decisive


def total(graph: Graph, score: str, recorded: Mapping[str, bool], *, best: bool = False) -> Totals:
    groups: dict[str, list[tuple[int, bool | None]]] = {}
    present: dict[str, int] = {}
    for item in items(graph, score):
        status = judge_item(graph, recorded, item)
        groups.setdefault(item.domain if best else name(item.node), []).append(
            (item.weight, status)
        )
        present[item.kind] = present.get(item.kind, 0) + (status is True)
    low = [max((w for w, s in group if s), default=0) for group in groups.values()]
    high = [max((w for w, s in group if s is not False), default=0) for group in groups.values()]
    return Totals(sum(low), sum(high), present)
