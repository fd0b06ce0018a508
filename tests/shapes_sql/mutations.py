"""Break records at random: drop, repeat, retype, misplace and misspell statements."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from eligo.vocabulary.terms import ELIG

Triple = tuple[Node, Node, Node]
DATATYPES = (
    *(XSD.string, XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth, XSD.boolean),
    *(XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.int, XSD.nonNegativeInteger),
)
FORMS = (
    *("", " ", "-1", "0", "00", "+5", "1.5", ".5", "5.", "1e5", "1E-400", "NaN", "INF", "-0.0"),
    *("24", "24.0", "24.00000000000000000000001", "23.99999999999999999999999", "1_000", "12 "),
    *("2026-02-30", "2026-02-28", "2024-02-29Z", "2026-1-1", "2026", "2026\n", "2026-13"),
    *("2026-01-01T10:00", "2026-01-01T25:00:00", "2026-01-01T10:00:00+02:00", "1889-01-01"),
    *("true", "TRUE", "1", "yes", "<=", "< ", "mg", "mg/d", "NCT06150651", "NCT 1", "a\tb"),
    *("\u0663", "\u00e4", "\u2003", '"', "'", "\\S", "elig:Active", "999999999999999999999999"),
)
LANGUAGES = ("en", "de-AT", "EN")


def mutated(graph: Graph, random: Random, times: int) -> Graph:
    """Return a copy of a record that was changed at random places."""
    copy = Graph()
    triples = sorted(graph, key=lambda triple: tuple(map(str, triple)))
    for triple in triples:
        copy.add(triple)
    for _ in range(times):
        change = random.choice(CHANGES)
        triples = sorted(copy, key=lambda triple: tuple(map(str, triple)))
        change(copy, random.choice(triples), triples, random)
    return copy


def _drop(graph: Graph, triple: Triple, _all: list[Triple], _random: Random) -> None:
    graph.remove(triple)


def _again(graph: Graph, triple: Triple, every: list[Triple], random: Random) -> None:
    same = [other for _, predicate, other in every if predicate == triple[1]]
    graph.add((triple[0], triple[1], random.choice(same)))


def _other_value(graph: Graph, triple: Triple, every: list[Triple], random: Random) -> None:
    graph.remove(triple)
    graph.add((triple[0], triple[1], random.choice(every)[2]))


def _other_property(graph: Graph, triple: Triple, every: list[Triple], random: Random) -> None:
    graph.add((triple[0], random.choice(every)[1], triple[2]))


def _other_subject(graph: Graph, triple: Triple, every: list[Triple], random: Random) -> None:
    graph.add((random.choice(every)[0], triple[1], triple[2]))


def _retyped(graph: Graph, triple: Triple, _all: list[Triple], random: Random) -> None:
    graph.remove(triple)
    datatype = random.choice(DATATYPES)
    graph.add((triple[0], triple[1], Literal(str(triple[2]), datatype=datatype, normalize=False)))


def _other_form(graph: Graph, triple: Triple, _all: list[Triple], random: Random) -> None:
    value = triple[2]
    datatype = value.datatype if isinstance(value, Literal) else random.choice(DATATYPES)
    form = Literal(random.choice(FORMS), datatype=datatype, normalize=False)
    graph.remove(triple)
    graph.add((triple[0], triple[1], form))


def _tongue(graph: Graph, triple: Triple, _all: list[Triple], random: Random) -> None:
    graph.remove(triple)
    graph.add((triple[0], triple[1], Literal(str(triple[2]), lang=random.choice(LANGUAGES))))


def _typed(graph: Graph, triple: Triple, every: list[Triple], random: Random) -> None:
    kinds = [value for _, predicate, value in every if predicate == RDF.type]
    subject = random.choice([triple[0], triple[2]])
    if kinds and isinstance(subject, URIRef):
        graph.add((subject, RDF.type, random.choice(kinds)))


def _misspelt(graph: Graph, triple: Triple, _all: list[Triple], random: Random) -> None:
    place = random.choice((1, 2))
    if isinstance(triple[place], URIRef):
        wrong = list(triple)
        wrong[place] = URIRef(f"{triple[place]}x")
        graph.remove(triple)
        graph.add((wrong[0], wrong[1], wrong[2]))


def _classified(graph: Graph, triple: Triple, every: list[Triple], random: Random) -> None:
    own = URIRef(f"{triple[0]}-class")
    kinds = [value for _, predicate, value in every if predicate == RDF.type]
    if kinds and isinstance(triple[0], URIRef):
        graph.add((own, RDFS.subClassOf, random.choice(kinds)))
        graph.add((triple[0], RDF.type, own))
        graph.add((triple[0], ELIG.note, own))


CHANGES: tuple[Callable[[Graph, Triple, list[Triple], Random], None], ...] = (
    *(_drop, _again, _other_value, _other_property, _other_subject, _retyped, _other_form),
    *(_other_form, _tongue, _typed, _misspelt, _classified),
)
