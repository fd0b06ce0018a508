"""Candidates side by side in one ontology, so that a patient's evidence is derived once for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, SKOS
from rdflib.term import Node

from eligo.assess.match import Candidate, Item
from eligo.errors import InputError, ModelError
from eligo.expression.definitions import depends_on, read_definition
from eligo.expression.rules import Rules
from eligo.match.group import Group
from eligo.match.plain import (
    CLASSES,
    EQUIVALENT,
    EXCLUSION,
    IDENTIFIER,
    KIND,
    NOTATION,
    ORDINAL,
    TYPE,
    NotPlain,
    Plain,
    label_of,
)
from eligo.match.statements import Statements
from eligo.match.visit import Host
from eligo.trial.model import Criterion, Polarity
from eligo.trial.trial import TrialModel, load_trial
from eligo.vocabulary.ontology import Ontology, parse_turtle
from eligo.vocabulary.terms import ELIG

ATTESTATION = str(ELIG.attestationOnly)
ASK = str(ELIG.askFor)
TITLE = str(DCTERMS.title)
DEFINITION = str(SKOS.definition)
SHARING = frozenset(
    {
        *(OWL.Class, OWL.NamedIndividual, OWL.Ontology),
        *(OWL.ObjectProperty, OWL.DatatypeProperty, OWL.FunctionalProperty),
        *(ELIG.ClinicalTrial, ELIG.EligibilityModule, ELIG.Decision, ELIG.Ruling),
        *(ELIG.Criterion, ELIG.SupportingClass, ELIG.TrialPopulation, ELIG.Advisory),
        *(ELIG.FactClass, ELIG.FactRelation, ELIG.WindowedRelation, ELIG.DerivedRelation),
        *(ELIG.FactAttribute, ELIG.DerivedEvent, ELIG.Measure),
    }
)
"""What a trial may declare and still stand beside others: nothing that codes or kinds rest on."""


class Library:
    """Gathers candidates.

    Args:
        general: The general ontology, with the user's own mappings; it is added to.
        mappings: Folders of the user's own code mappings.
    """

    def __init__(self, general: Ontology, mappings: Sequence[str] = ()) -> None:
        self._general = frozenset(s for s in general.graph.subjects() if isinstance(s, URIRef))
        self._host = Host(mappings)
        self._shared = Group(general)
        self._apart: list[Group] = []
        self._read: dict[str, URIRef] = {}
        self._known: dict[URIRef, tuple[str, bytes]] = {}
        self.remarks: list[str] = []

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that have candidates."""
        return tuple(g for g in (self._shared, *self._apart) if g.candidates)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """All candidates."""
        return tuple(c for group in self.groups for c in group.candidates)

    @property
    def ontology(self) -> Ontology:
        """The ontology that most candidates share."""
        return self._shared.ontology

    def add(self, data: bytes, source: str, path: Path) -> None:
        """Add the trial of a file.

        Args:
            data: The file, Turtle.
            source: Its name.
            path: Where it can be loaded from, if it is more than plain.

        Raises:
            EligoError: It cannot be read, or is no well-formed trial.
        """
        statements = Statements.parse(data, source, path.resolve().as_uri())
        try:
            plain = Plain.of(statements)
            name = URIRef(plain.trial.value)
            if self._is_new(name, data, source):
                self._shared.candidates.append(self._plain(plain))
        except NotPlain:
            with self._host.visit(path) as model:
                name = model.name
                if self._is_new(name, data, source):
                    self._whole(model, path, source)
        self._known.setdefault(name, (source, data))

    def _is_new(self, name: URIRef, data: bytes, source: str) -> bool:
        if name not in self._known:
            return True
        first, known = self._known[name]
        number = str(name).rpartition("/")[2]
        if known != data:
            raise InputError(
                f"{number} was read before from {first} and differs; keep one of the two (the "
                "first was kept)",
                source=source,
            )
        self.remarks.append(f"{source}: {number} repeats {first}")
        return False

    def _plain(self, plain: Plain) -> Candidate:
        """Return a plain trial as a candidate; definitions that are new are read.

        Raises:
            NotPlain: A definition is not one that criteria may have.
        """
        statements = plain.statements
        found: list[tuple[bool, int, str, Item]] = []
        lengths = plain.lengths()
        for top in plain.tops:
            said = plain.said(top)
            unread = plain.unread(top)
            bare = unread and not statements.values(top, EQUIVALENT)
            if not bare and said not in self._read:
                self._read[said] = self._learn(plain, top)
            exclusion = EXCLUSION in statements.iris(top, KIND)
            item = Item(
                name=URIRef(top.value),
                notation=statements.text(top, NOTATION) or "",
                label=label_of(statements, top) or top.value,
                polarity=Polarity.EXCLUSION if exclusion else Polarity.INCLUSION,
                judged=None if bare else self._read[said],
                attested=statements.text(top, ATTESTATION) == "true",
                ask=statements.text(top, ASK),
                unread=unread,
                length=lengths[top],
            )
            ordinal = int(statements.text(top, ORDINAL) or 0)
            found.append((exclusion, ordinal, top.value, item))
        trial = plain.trial
        return Candidate(
            URIRef(trial.value),
            statements.text(trial, IDENTIFIER) or "",
            statements.text(trial, TITLE) or statements.text(trial, DEFINITION) or "",
            statements.source,
            tuple(entry[-1] for entry in sorted(found, key=lambda entry: entry[:3])),
        )

    def _learn(self, plain: Plain, top: ox.NamedNode) -> URIRef:
        """Take a definition, with what it stands on, into the shared ontology and read it."""
        ontology = self._shared.ontology
        added: list[tuple[Node, Node, Node]] = []
        names = []
        scope = f"{len(self._known)}_"
        for subject in plain.needed(top):
            if isinstance(subject, ox.NamedNode):
                names.append(URIRef(subject.value))
            elif not isinstance(subject, ox.BlankNode):
                raise NotPlain
            added += plain.statements.triples(subject, scope)
        for triple in added:
            ontology.graph.add(triple)
        try:
            for name in names:
                if CLASSES & plain.statements.iris(ox.NamedNode(str(name)), TYPE):
                    read_definition(ontology, name)
        except ModelError as error:
            for triple in added:
                ontology.graph.remove(triple)
            raise NotPlain from error
        return URIRef(top.value)

    def _whole(self, model: TrialModel, path: Path, source: str) -> None:
        """Take a trial that adds terms of its own: beside the others, or apart."""
        graph = model.ontology.graph
        candidate = Candidate(
            model.name,
            model.identifier,
            str(graph.value(model.name, DCTERMS.title) or graph.value(model.name, SKOS.definition)),
            source,
            tuple(_item(criterion, model.rules) for criterion in model.criteria),
        )
        own, _ = parse_turtle(path, model.expanded or None)
        if self._may_share(own):
            for triple in own:
                self._shared.ontology.graph.add(triple)
            self._shared.candidates.append(candidate)
        else:
            alone = load_trial(str(path), self._host.mappings)
            self._apart.append(Group(alone.ontology, [candidate]))

    def _may_share(self, triples: Iterable[tuple[Node, Node, Node]]) -> bool:
        """Tell whether statements change nothing of what other trials rest on.

        Terms that another trial has in the same words, such as those that patterns make, do not.
        """
        about: dict[Node, set[tuple[Node, Node]]] = {}
        for subject, predicate, value in triples:
            if isinstance(subject, URIRef):
                about.setdefault(subject, set()).add((predicate, value))
            if predicate == RDF.type and value not in SHARING and isinstance(subject, URIRef):
                return False
        taken = self._shared.ontology.graph
        for subject, said in about.items():
            known = set(taken.predicate_objects(subject))
            if subject in self._general or (known and known != said):
                return False
        return True


def _item(criterion: Criterion, rules: Rules) -> Item:
    waiting, seen = [criterion.name], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += depends_on(rules.definitions[name])
    return Item(
        criterion.name,
        criterion.notation,
        criterion.label,
        criterion.polarity,
        criterion.name,
        criterion.attested,
        criterion.ask,
        any(rules.definitions[name].expression is None for name in seen),
        sum(len(part.quote or "") for part in criterion.walk()),
    )
