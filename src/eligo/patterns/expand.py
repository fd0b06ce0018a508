"""Expand the blocks of a trial's file into definitions, and keep everything else as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rdflib import Literal, URIRef
from rdflib.namespace import OWL, RDFS, SKOS

from eligo.compile.turtle import Several, Term, write_term
from eligo.errors import ModelError
from eligo.patterns.library import Library
from eligo.patterns.made import Made, Subject
from eligo.patterns.make import Maker
from eligo.patterns.model import Fault, Pattern, Use
from eligo.patterns.parts import favourable, fill_parts, is_inclusion, ring_faults
from eligo.patterns.render import renderer
from eligo.patterns.stale import mark_of, unneeded
from eligo.patterns.text import Editor, TrialText
from eligo.patterns.tree import Description, canonical, digest
from eligo.patterns.uses import Places, read_uses
from eligo.patterns.values import Checker
from eligo.patterns.vocabulary import Vocabulary
from eligo.registry.text_criteria import ASK, MEANING, item_label
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG


@dataclass(frozen=True)
class Expanded:
    """A file after expansion.

    Attributes:
        text: What the file should hold.
        faults: What is wrong; criteria with faults are as they were.
        changed: Criteria that were not up to date, in the order of the file.
    """

    text: str
    faults: tuple[Fault, ...]
    changed: tuple[URIRef, ...]


def expand_text(
    source: TrialText, general: Ontology, library: Library, places: Places | None = None
) -> Expanded:
    """Expand the blocks of a trial's file.

    Args:
        source: The file.
        general: The general ontology.
        library: The patterns.
        places: Where the values of criteria stand that rows wrote, for messages.

    Raises:
        ModelError: The macros of the patterns are not well formed.
    """
    return _Expansion(source, general, library).run(places or {})


@dataclass
class _Generated:
    """What all uses make together."""

    beside: dict[URIRef, Description] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)


class _Expansion:
    def __init__(self, source: TrialText, general: Ontology, library: Library) -> None:
        self.source = source
        self.library = library
        vocabulary = Vocabulary(general, source.graph, source.prefixes, source.trial)
        self.checker = Checker(vocabulary, source.criteria)
        self.maker = Maker(renderer(library.macros), vocabulary)
        self.editor = Editor(source)
        self.changed: list[URIRef] = []
        self.generated = _Generated()

    def run(self, places: Places) -> Expanded:
        uses, faults = read_uses(self.source, places)
        self.checker.faults.extend(faults)
        rings = ring_faults(self.source, uses)
        self.checker.faults.extend(rings)
        self.generated.known = {str(d) for d in self.source.graph.objects(None, ELIG.expandedTo)}
        for use in [] if rings else uses:
            self._use(use)
        self._tidy({use.criterion for use in uses})
        text = self.editor.done().text
        return Expanded(text, tuple(self.checker.faults), tuple(self.changed))

    def _use(self, use: Use) -> None:
        pattern = self.library.patterns.get(use.pattern)
        if pattern is None:
            self._fault(use, f"no pattern {self.source.short(use.pattern)}; see docs/patterns.md")
            return
        values = self.checker.check(use, pattern)
        if values is None:
            return
        try:
            made = self._make(use, pattern, values)
            before = len(self.editor.edits)
            self._write(use.criterion, made)
            if len(self.editor.edits) > before:
                self.changed.append(use.criterion)
        except ModelError as error:
            self._fault(use, f"pattern {pattern.local}: {error}")

    def _fault(self, use: Use, text: str) -> None:
        self.checker.faults.append(Fault(use.place(), text))

    def _make(self, use: Use, pattern: Pattern, values: dict[str, object]) -> Made:
        fill_parts(self.source, use.criterion, values)
        decisions = sorted(self.source.graph.objects(use.criterion, ELIG.adopts), key=str)
        subject = Subject(
            use.criterion,
            self.source.trial,
            tuple(d for d in decisions if isinstance(d, URIRef)),
            use.negated,
            is_inclusion(self.source, use.criterion),
            item_label(self.source.words(use.criterion, ELIG.quotes) or pattern.label),
            pattern.definition,
        )
        return self.maker.make(pattern, subject, values)

    def _write(self, name: URIRef, made: Made) -> None:
        source, known = self.source, self.generated.known
        written: set[str] = set()
        self._check_free(name, made)
        for predicate, text, untouched in (
            (RDFS.label, made.label, {item_label(source.words(name, ELIG.quotes) or "")}),
            (SKOS.definition, made.words, set(MEANING.values())),
            (ELIG.askFor, made.ask, {ASK}),
        ):
            old = source.words(name, predicate)
            mine = digest(f"{predicate} {old}") in known
            if text is not None and (old is None or old in untouched or mine):
                self.editor.put(name, predicate, self._written(Literal(text, lang="en")))
                written.add(digest(f"{predicate} {text}"))
            elif text is None and (mine or old in untouched):
                self.editor.drop(name, predicate)
        for predicate, term in self._logic(name, made):
            if term is None:
                self.editor.drop(name, predicate)
                continue
            same = self._existing(name, predicate)
            if same is None or canonical(same) != canonical(term):
                self.editor.put(name, predicate, self._written(term))
            if predicate in (OWL.equivalentClass, ELIG.refutedBy):
                written.add(digest(f"{predicate} {canonical(term)}"))
        written |= set(self._beside(name, made))
        marks: Term = Several(tuple(Literal(mark) for mark in sorted(written)))
        old_marks = {str(d) for d in source.graph.objects(name, ELIG.expandedTo)}
        if old_marks != written:
            self.editor.put(name, ELIG.expandedTo, self._written(marks))

    def _logic(self, name: URIRef, made: Made) -> Iterator[tuple[URIRef, Term | None]]:
        """Yield the properties that decide, each with its value or None where it must not be."""
        if made.attested:
            yield ELIG.attestationOnly, Literal(True)
            if self.source.named(name, ELIG.partOf) is not None:
                yield ELIG.favourable, favourable(self.source, name)
        reason = None if made.reason is None else Literal(made.reason, lang="en")
        yield ELIG.notFormalised, reason
        yield ELIG.refutedBy, made.refuted_by
        yield OWL.equivalentClass, made.definition

    def _check_free(self, name: URIRef, made: Made) -> None:
        """Make sure that nothing written by hand would be replaced.

        Raises:
            ModelError: A definition or a class was written by hand.
        """
        for predicate, new in (
            (ELIG.refutedBy, made.refuted_by),
            (OWL.equivalentClass, made.definition),
        ):
            old = self._existing(name, predicate)
            if old is not None and not self._is_mine(f"{predicate} {canonical(old)}", old, new):
                raise ModelError(
                    f"{self.source.short(predicate)} was written or edited by hand; to keep it "
                    "remove elig:byPattern, to have it written anew remove it"
                )
        for description in made.beside:
            there = self.source.descriptions.get(description.subject)
            if there is not None and not self._is_same(there, description):
                raise ModelError(
                    f"{self.source.short(description.subject)} was written or edited by hand; "
                    "rename it, or remove it to have it written anew"
                )

    def _is_mine(self, text: str, old: Term, new: Term | None) -> bool:
        equal = new is not None and canonical(old) == canonical(new)
        return equal or digest(text) in self.generated.known

    def _is_same(self, there: Description, new: Description) -> bool:
        return mark_of(there) == mark_of(new) or mark_of(there) in self.generated.known

    def _existing(self, name: URIRef, predicate: URIRef) -> Term | None:
        terms = self.source.descriptions[name].values(predicate)
        return terms[0] if terms else None

    def _beside(self, name: URIRef, made: Made) -> Iterator[str]:
        """Write what stands beside a criterion; yield the hash of each block."""
        source = self.source
        for description in made.beside:
            yield mark_of(description)
            if description.subject in self.generated.beside:
                continue
            self.generated.beside[description.subject] = description
            there = source.descriptions.get(description.subject)
            if there is not None and mark_of(there) == mark_of(description):
                continue
            block = description.written(source.short)
            if there is not None:
                self.editor.replace(description.subject, block)
            elif description.subject.startswith(f"{source.trial}/"):
                self.editor.follow(name, block)
            else:
                self.editor.append(block)

    def _tidy(self, used: set[URIRef]) -> None:
        """Remove blocks that patterns wrote and that nothing needs any more."""
        if not self.checker.faults:
            for subject in unneeded(
                self.source, used, set(self.generated.beside), self.generated.known
            ):
                self.editor.remove(subject)

    def _written(self, term: Term) -> str:
        return write_term(term, self.source.short)
