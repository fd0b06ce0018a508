"""Trials whose files say nothing but criteria: read without an ontology of their own.

Most candidates are imported records. Their few definitions repeat themselves from trial to trial,
so each is read once, under the name of the criterion that had it first. A file that is in any way
more, or not as expected, is no plain one and is loaded like any trial.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from eligo.match.statements import Statements, Subject, Term
from eligo.vocabulary.terms import ELIG

CLASSES = {str(t) for t in (ELIG.Criterion, ELIG.SupportingClass, ELIG.TrialPopulation)}
TYPES = CLASSES | {
    str(t)
    for t in (
        OWL.Class,
        OWL.NamedIndividual,
        ELIG.ClinicalTrial,
        ELIG.EligibilityModule,
        ELIG.Decision,
        ELIG.Ruling,
    )
}
TRIAL = str(ELIG.ClinicalTrial)
IDENTIFIER = str(DCTERMS.identifier)
KIND = str(ELIG.kind)
POPULATION = str(ELIG.TrialPopulation)
ONTOLOGY = str(OWL.Ontology)
CRITERION = str(ELIG.Criterion)
NOTATION = str(SKOS.notation)
ORDINAL = str(ELIG.ordinal)
QUOTES = str(ELIG.quotes)
DECISION = str(ELIG.Decision)
ADOPTED = str(ELIG.adopted)
ADOPTS = str(ELIG.adopts)
LABEL = str(RDFS.label)
TYPE, EQUIVALENT = str(RDF.type), str(OWL.equivalentClass)
OF_TRIAL, PART_OF, REFUTED_BY = str(ELIG.ofTrial), str(ELIG.partOf), str(ELIG.refutedBy)
UNREAD = str(ELIG.notFormalised)
BLOCK = str(ELIG.byPattern)
OUTSIDE = {str(ELIG.closes)}
COMBINING = {str(p) for p in (OWL.intersectionOf, OWL.unionOf, OWL.complementOf)}
COMBINING |= {str(p) for p in (RDF.type, RDF.first, RDF.rest)}
EXCLUSION = str(ELIG.Exclusion)
KINDS = {str(ELIG.Inclusion), EXCLUSION}


class NotPlain(Exception):
    """A file that is more than plain, or not as expected; loading it as a trial tells."""


@dataclass(frozen=True)
class Plain:
    """A plain trial.

    Attributes:
        statements: What its file states.
        trial: The trial.
        tops: Its top-level criteria.
    """

    statements: Statements
    trial: ox.NamedNode
    tops: tuple[ox.NamedNode, ...]
    _said: dict[Subject, str] = field(default_factory=dict)

    @staticmethod
    def of(statements: Statements) -> Plain:
        """Look at what a file states.

        Raises:
            NotPlain: It is more than a plain trial.
        """
        trials = [s for s in statements.about if _is(statements, s, TRIAL)]
        if len(trials) != 1 or not isinstance(trials[0], ox.NamedNode):
            raise NotPlain
        trial = trials[0]
        criteria = []
        for subject, said in statements.about.items():
            if not OUTSIDE.isdisjoint(said) or (BLOCK in said and EQUIVALENT not in said):
                raise NotPlain
            if isinstance(subject, ox.NamedNode) and _check(statements, subject, trial):
                criteria.append(subject)
        tops = tuple(
            c
            for c in criteria
            if trial.value in statements.iris(c, OF_TRIAL) and not statements.values(c, PART_OF)
        )
        plain = Plain(statements, trial, tops)
        plain.check()
        return plain

    def check(self) -> None:
        """Check that what is read later is there, once.

        Raises:
            NotPlain: It is not.
        """
        if not self.tops or self.statements.text(self.trial, IDENTIFIER) is None:
            raise NotPlain
        for top in self.tops:
            if len(kinds := self.statements.iris(top, KIND)) != 1 or kinds - KINDS:
                raise NotPlain
        for subject in self.statements.about:
            types = self.statements.iris(subject, TYPE)
            if not CLASSES.isdisjoint(types):
                self.said(subject)
            if POPULATION in types and not self.combines(subject):
                raise NotPlain

    def combines(self, name: Subject) -> bool:
        """Tell whether a definition only puts classes together."""
        waiting = list(self.statements.values(name, EQUIVALENT))
        while waiting:
            body = waiting.pop()
            if isinstance(body, ox.BlankNode):
                said = self.statements.about.get(body, {})
                if not said.keys() <= COMBINING:
                    return False
                waiting += [term for terms in said.values() for term in terms]
        return True

    def said(self, name: Subject, above: tuple[Subject, ...] = ()) -> str:
        """Return the definition of a class with nothing left to look up: equal texts mean equal.

        Raises:
            NotPlain: It has none, several, or needs itself.
        """
        if name not in self._said:
            if name in above:
                raise NotPlain
            self._said[name] = self._definition(name, (*above, name))
        return self._said[name]

    def _definition(self, name: Subject, above: tuple[Subject, ...]) -> str:
        bodies = self.statements.values(name, EQUIVALENT)
        reason = self.statements.text(name, UNREAD)
        if len(bodies) > 1 or (not bodies and reason is None):
            raise NotPlain
        refuted = self.statements.values(name, REFUTED_BY)
        parts = [self._text(term, above) for term in (*bodies, *refuted)]
        return f"({reason if not bodies else ''} {' / '.join(parts)})"

    def _text(self, term: Term, above: tuple[Subject, ...]) -> str:
        if isinstance(term, ox.BlankNode):
            said = self.statements.about.get(term, {})
            parts = (f"{p} {self._text(o, above)}" for p, found in said.items() for o in found)
            return f"[{' ; '.join(sorted(parts))}]"
        if isinstance(term, ox.NamedNode) and self.is_own(term):
            if CLASSES.isdisjoint(self.statements.iris(term, TYPE)):
                raise NotPlain
            return self.said(term, above)
        return str(term)

    def is_own(self, term: ox.NamedNode) -> bool:
        """Tell whether an IRI lies below that of the trial."""
        return term.value.startswith(f"{self.trial.value}/")

    def needed(self, name: Subject) -> Iterator[Subject]:
        """Yield a class and everything that its definition stands on, each once."""
        seen: dict[Subject, None] = {}
        waiting: list[Subject] = [name]
        while waiting:
            subject = waiting.pop()
            if subject in seen:
                continue
            seen[subject] = None
            inside = isinstance(subject, ox.BlankNode)
            for predicate, terms in self.statements.about.get(subject, {}).items():
                if inside or predicate in (EQUIVALENT, REFUTED_BY):
                    waiting += [
                        term
                        for term in terms
                        if isinstance(term, ox.BlankNode)
                        or (isinstance(term, ox.NamedNode) and self.is_own(term))
                    ]
        yield from seen

    def lengths(self) -> dict[Subject, int]:
        """Return how many characters each top-level criterion quotes with its parts."""
        found: dict[Subject, int] = dict.fromkeys(self.tops, 0)
        for subject in self.statements.about:
            top, seen = subject, set[Subject]()
            while top not in found and top not in seen:
                seen.add(top)
                above = self.statements.values(top, PART_OF)
                top = above[0] if above and not isinstance(above[0], ox.Literal) else top
            if top in found:
                found[top] += len(self.statements.text(subject, QUOTES) or "")
        return found

    def unread(self, name: Subject) -> bool:
        """Tell whether a class, or one that its definition stands on, is not put in logic."""
        return any(
            not CLASSES.isdisjoint(self.statements.iris(subject, TYPE))
            and not self.statements.values(subject, EQUIVALENT)
            for subject in self.needed(name)
        )


def _is(statements: Statements, subject: Subject, kind: str) -> bool:
    return kind in statements.iris(subject, TYPE)


def _check(statements: Statements, subject: ox.NamedNode, trial: ox.NamedNode) -> bool:
    """Check what a file says of a name; return whether it is a criterion.

    Raises:
        NotPlain: It is not what a plain trial says.
    """
    types = statements.iris(subject, TYPE)
    if ONTOLOGY in types:
        return False
    if not types or types - TYPES or not subject.value.startswith(trial.value):
        raise NotPlain
    needed: tuple[str, ...] = ()
    if CRITERION in types:
        needed = (NOTATION, ORDINAL)
        ordinal = statements.text(subject, ORDINAL)
        if ordinal is None or not ordinal.isdigit():
            raise NotPlain
    elif DECISION in types:
        needed = (NOTATION, ADOPTED)
    if any(len(statements.values(subject, p)) != 1 for p in needed):
        raise NotPlain
    for predicate in (ADOPTS, PART_OF):
        for other in statements.values(subject, predicate):
            if other not in statements.about:
                raise NotPlain
    return CRITERION in types


def label_of(statements: Statements, subject: Subject) -> str | None:
    """Return a subject's label."""
    return statements.text(subject, LABEL)
