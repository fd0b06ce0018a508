"""Break a patient record in one place at a time: delete, misspell, retype, duplicate, misplace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

ELIG = Namespace("https://w3id.org/eligo/ns/")
OWN = "https://w3id.org/eligo/"
Triple = tuple[Node, Node, Node]


@dataclass(frozen=True)
class Mutant:
    """A record that differs from a good one in one place.

    Attributes:
        kind: How it was broken.
        what: Which triple, in short.
        graph: The broken record.
    """

    kind: str
    what: str
    graph: Graph

    @property
    def name(self) -> str:
        """What was done, for messages."""
        return f"{self.kind}: {self.what}"


def misspelt(term: URIRef) -> URIRef:
    """Leave out a letter in the middle of the local name."""
    head, slash, local = str(term).rpartition("/")
    middle = len(local) // 2
    return URIRef(f"{head}{slash}{local[:middle]}{local[middle + 1 :]}")


def lower(term: URIRef) -> URIRef:
    """Write the local name in small letters."""
    head, slash, local = str(term).rpartition("/")
    return URIRef(f"{head}{slash}{local.lower()}")


def hashed(term: URIRef) -> URIRef:
    """Put the local name after a hash, as other vocabularies do."""
    head, _, local = str(term).rpartition("/")
    return URIRef(f"{head}#{local}")


def curie(term: URIRef) -> Literal:
    """Write an IRI as the text of its prefixed name."""
    head, _, local = str(term).rpartition("/")
    prefix = head.rpartition("/")[2]
    return Literal(f"{'elig' if prefix == 'ns' else prefix}:{local}")


def short(triple: Triple) -> str:
    """Show a triple by the local names of its terms."""
    return " ".join(_shown(term) for term in triple)


def _shown(term: Node) -> str:
    if isinstance(term, BNode):
        return "[]"
    return str(term) if isinstance(term, Literal) else str(term).rpartition("/")[2]


def own(term: Node) -> bool:
    """Tell whether a term belongs to the project's vocabulary."""
    return isinstance(term, URIRef) and str(term).startswith(OWN)


def _changed(graph: Graph, old: Triple, *new: Triple) -> Graph:
    copy = Graph()
    for triple in graph:
        if triple != old:
            copy.add(triple)
    for triple in new:
        copy.add(triple)
    return copy


def deletions(graph: Graph, triples: list[Triple]) -> Iterator[Mutant]:
    """Leave out each triple in turn."""
    for triple in triples:
        yield Mutant("deleted", short(triple), _changed(graph, triple))


def misspellings(graph: Graph, triples: list[Triple]) -> Iterator[Mutant]:
    """Misspell each property, concept, status and class in turn, in several ways."""
    for triple in triples:
        s, p, o = triple
        for way in (misspelt, lower, hashed):
            if isinstance(p, URIRef) and own(p) and way(p) != p:
                yield Mutant(f"property {way.__name__}", short(triple),
                             _changed(graph, triple, (s, way(p), o)))  # fmt: skip
            if isinstance(o, URIRef) and own(o) and way(o) != o:
                yield Mutant(f"value {way.__name__}", short(triple),
                             _changed(graph, triple, (s, p, way(o))))  # fmt: skip
        if isinstance(o, URIRef) and own(o):
            yield Mutant("value as text", short(triple), _changed(graph, triple, (s, p, curie(o))))
        if isinstance(o, URIRef) and not own(o):
            elsewhere = URIRef(f"{o}x")
            yield Mutant("fact elsewhere", short(triple),
                         _changed(graph, triple, (s, p, elsewhere)))  # fmt: skip
            yield Mutant("fact as text", short(triple),
                         _changed(graph, triple, (s, p, Literal(str(o)))))  # fmt: skip


def retypings(graph: Graph, triples: list[Triple]) -> Iterator[Mutant]:
    """Write each literal in turn in ways that people and exports write it."""
    for triple in triples:
        s, p, o = triple
        if not isinstance(o, Literal):
            continue
        text = str(o)
        others = {"as text with a language": Literal(text, lang="en")}
        if o.datatype in (XSD.date, XSD.gYearMonth, XSD.gYear):
            others["date as text"] = Literal(text)
            others["date turned round"] = Literal("/".join(reversed(text.split("-"))))
            others["impossible date"] = Literal("2026-02-30", datatype=XSD.date)
            others["empty date"] = Literal("", datatype=XSD.date)
        elif o.datatype == XSD.boolean:
            others["boolean as text"] = Literal("yes")
            others["boolean in capitals"] = Literal(text.upper(), datatype=XSD.boolean)
        elif o.datatype in (XSD.decimal, XSD.integer):
            others["number with a comma"] = Literal(text.replace(".", ","))
            others["number with its unit"] = Literal(f"{text} mg")
            others["not a number"] = Literal("NaN", datatype=XSD.double)
            others["number negated"] = Literal(f"-{text}", datatype=o.datatype)
        elif p == ELIG.unit:
            others["unit misspelt"] = Literal(f"{text}x")
            others["unit empty"] = Literal("")
        elif p == ELIG.notation:
            others["code misspelt"] = Literal(f"{text}~")
            others["code empty"] = Literal("")
        for kind, value in others.items():
            if value != o or value.datatype != o.datatype:
                yield Mutant(kind, short(triple), _changed(graph, triple, (s, p, value)))


def duplicates(graph: Graph, triples: list[Triple]) -> Iterator[Mutant]:
    """Add to each status, answer, result and date a second one that says something else."""
    second = {
        ELIG.clinicalStatus: ELIG.Resolved,
        ELIG.eventStatus: ELIG.NotDone,
        ELIG.verificationStatus: ELIG.Refuted,
        ELIG.severity: ELIG.Mild,
        ELIG.answer: Literal(False),
        ELIG.date: Literal("2001-01-01", datatype=XSD.date),
        ELIG.result: URIRef(f"{OWN}concept/Negative"),
        ELIG.value: Literal("90", datatype=XSD.decimal),
        ELIG.sexAtBirth: ELIG.Male,
        ELIG.birthDate: Literal("1999-01-01", datatype=XSD.date),
        RDF.type: ELIG.Finding,
    }
    for triple in triples:
        s, p, o = triple
        if isinstance(p, URIRef) and p in second and second[p] != o:
            yield Mutant(
                "said twice", short(triple), _changed(graph, triple, triple, (s, p, second[p]))
            )


def renamings(graph: Graph, nodes: set[URIRef]) -> Iterator[Mutant]:
    """Misspell the IRI of each fact in turn where the fact is described."""
    for node in sorted(nodes):
        apart = Graph()
        for s, p, o in graph:
            apart.add((URIRef(f"{node}x") if s == node else s, p, o))
        yield Mutant("described elsewhere", str(node).rpartition("/")[2], apart)
