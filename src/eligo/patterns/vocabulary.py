"""What the values of parameters name: concepts, units, measures, criteria of the trial."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cached_property

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SKOS
from rdflib.term import Node

from eligo.patterns.model import local_name
from eligo.vocabulary.ontology import PREFIXES, Ontology
from eligo.vocabulary.terms import ELIG

CLOSE = 3


class Vocabulary:
    """The general ontology together with what a trial's own file declares.

    Args:
        general: The general ontology.
        own: The statements of the trial's file.
        prefixes: The prefixes that the file declares.
        trial: The trial.
    """

    def __init__(
        self, general: Ontology, own: Graph, prefixes: dict[str, str], trial: URIRef
    ) -> None:
        self.general = general
        self.own = own
        self.prefixes = {**PREFIXES, **prefixes}
        self.trial = trial

    def expand(self, text: str, space: str) -> URIRef:
        """Return the IRI of a name: in full, with a prefix, or alone in a namespace."""
        bare = text.strip().removeprefix("<").removesuffix(">")
        if "://" in bare:
            return URIRef(bare)
        prefix, colon, local = bare.partition(":")
        if colon and prefix in self.prefixes:
            return URIRef(self.prefixes[prefix] + local)
        return URIRef(space + bare)

    def value(self, subject: Node, predicate: URIRef) -> Node | None:
        """Return a value of a property."""
        found = self.own.value(subject, predicate)
        return self.general.graph.value(subject, predicate) if found is None else found

    def has_type(self, term: Node, kind: URIRef) -> bool:
        """Tell whether a term is stated to be of a class."""
        statement = (term, RDF.type, kind)
        return statement in self.general.graph or statement in self.own

    def label(self, term: URIRef) -> str:
        """Return the label of a term, or its local name."""
        return str(self.value(term, RDFS.label) or local_name(term))

    def is_concept(self, term: URIRef) -> bool:
        """Tell whether a term is a clinical concept."""
        return self.has_type(term, term)

    def lies_below(self, concept: URIRef, kinds: Iterable[URIRef]) -> bool:
        """Tell whether a concept is one of some kinds, or lies below one."""
        return not self._above(concept).isdisjoint(kinds)

    def histories(self, concept: URIRef) -> tuple[URIRef, ...]:
        """Return concepts of a history of a condition, of one of its kinds, or of a wider one."""
        pairs = [
            p for g in (self.general.graph, self.own) for p in g.subject_objects(ELIG.historyOf)
        ]
        return tuple(
            sorted(
                history
                for history, past in pairs
                if isinstance(history, URIRef)
                and isinstance(past, URIRef)
                and (self.lies_below(past, [concept]) or self.lies_below(concept, [past]))
            )
        )

    def _above(self, concept: URIRef) -> set[URIRef]:
        seen: set[URIRef] = set()
        rest = [concept]
        while rest:
            term = rest.pop()
            if term in seen:
                continue
            seen.add(term)
            for graph in (self.general.graph, self.own):
                parents = graph.objects(term, RDFS.subClassOf)
                rest.extend(p for p in parents if isinstance(p, URIRef))
        return seen

    def converted_from(self, test: URIRef) -> list[Node]:
        """Return the units from which values of a test can be converted by a rule of its own."""
        graph = self.general.graph
        rules = graph.objects(test, ELIG.hasUnitConversion)
        return [unit for rule in rules for unit in graph.objects(rule, ELIG.fromUnit)]

    def like(self, term: URIRef, known: Iterable[URIRef]) -> str:
        """Return a hint with names that are written alike."""
        names = {local_name(k).lower(): local_name(k) for k in known}
        close = difflib.get_close_matches(local_name(term).lower(), names, CLOSE, 0.6)
        return f"; known and alike: {', '.join(names[c] for c in close)}" if close else ""

    @cached_property
    def concepts(self) -> tuple[URIRef, ...]:
        """Every concept."""
        graphs = (self.general.graph, self.own)
        pairs = (pair for graph in graphs for pair in graph.subject_objects(RDF.type))
        return tuple(sorted({s for s, o in pairs if s == o and isinstance(s, URIRef)}))

    @cached_property
    def measures(self) -> tuple[URIRef, ...]:
        """Every measure."""
        graphs = (self.general.graph, self.own)
        found = (s for graph in graphs for s in graph.subjects(RDF.type, ELIG.Measure))
        return tuple(sorted({s for s in found if isinstance(s, URIRef)}))

    @cached_property
    def units(self) -> dict[str, URIRef]:
        """Units by their code and other spellings."""
        graph = self.general.graph
        found: dict[str, URIRef] = {}
        for unit in graph.subjects(RDF.type, ELIG.Unit):
            for spelling in (SKOS.notation, SKOS.altLabel):
                for text in graph.objects(unit, spelling):
                    if isinstance(unit, URIRef):
                        found[str(text)] = unit
        return found

    @cached_property
    def same(self) -> dict[frozenset[tuple[Node, Node]], URIRef]:
        """Measures and windowed relations of the general ontology by their parameters."""
        graph = self.general.graph
        found = {}
        for kind in (ELIG.Measure, ELIG.WindowedRelation):
            for term in sorted(graph.subjects(RDF.type, kind), key=str, reverse=True):
                if isinstance(term, URIRef):
                    found[parameters_of(graph.predicate_objects(term))] = term
        return found


WORDS = frozenset(
    {
        RDF.type,
        RDFS.label,
        RDFS.range,
        RDFS.subPropertyOf,
        SKOS.definition,
        SKOS.scopeNote,
        ELIG.displayUnit,
        URIRef("http://purl.org/dc/terms/source"),
    }
)


def parameters_of(pairs: Iterable[tuple[Node, Node]]) -> frozenset[tuple[Node, Node]]:
    """Return what makes a measure or windowed relation what it is; words left aside.

    Args:
        pairs: Its properties and values.
    """
    found = {
        (p, Literal(str(o)) if isinstance(o, Literal) else o) for p, o in pairs if p not in WORDS
    }
    if not any(p == ELIG.anchor for p, _ in found):
        found.add((ELIG.anchor, ELIG.ScreeningDate))
    return frozenset(found)
