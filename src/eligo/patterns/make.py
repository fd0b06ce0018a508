"""Make what a pattern says of one criterion: definition, refutation, what stands beside, words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rdflib import Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from eligo.compile.turtle import Block, Sequence, Several, Term
from eligo.errors import ModelError
from eligo.patterns.document import statements
from eligo.patterns.made import Made, Subject
from eligo.patterns.model import Pattern, Template, local_name
from eligo.patterns.render import Renderer, in_turtle, in_words
from eligo.patterns.tree import Description, describe, rename
from eligo.patterns.vocabulary import Vocabulary, parameters_of
from eligo.vocabulary.ontology import PREFIXES
from eligo.vocabulary.terms import ELIG

NOTHING = URIRef("urn:eligo:expanded")
REFUTED, ASSERTED = "refuted", "asserted"
ALREADY = (RDF.type, RDFS.label, SKOS.definition)


class Maker:
    """Makes what uses of patterns say.

    Args:
        renderer: Fills the templates.
        vocabulary: The ontology; a generated term that it has already is used from there.
    """

    def __init__(self, renderer: Renderer, vocabulary: Vocabulary) -> None:
        self._renderer = renderer
        self._vocabulary = vocabulary

    def make(self, pattern: Pattern, subject: Subject, values: Mapping[str, Any]) -> Made:
        """Fill the templates of a pattern.

        Args:
            pattern: The pattern.
            subject: The criterion.
            values: Checked values by the name of their column.

        Raises:
            ModelError: A template is not well formed or makes what it may not.
        """
        turtle = {name: in_turtle(value, self._short) for name, value in values.items()}
        words = {name: in_words(value) for name, value in values.items()}
        turtle |= {
            "criterion": self._short(subject.name),
            "notation": local_name(subject.name),
            "helper": lambda local: self._short(subject.helper(local)),
            "inclusion": subject.inclusion,
        }
        label = _capital(self._words(pattern, Template.LABEL, words)) or subject.label
        meaning = self._words(pattern, Template.WORDS, words) or subject.meaning
        ask = self._words(pattern, Template.ASK, words)
        reason = self._words(pattern, Template.REASON, words)
        if Template.REASON in pattern.templates:
            return Made(label, meaning, ask, reason, None, None, (), False)
        beside, names = self._beside(pattern, subject, turtle)
        definition = rename(self._class(pattern, Template.CLASS, turtle), names)
        refuted_by = None
        if self._filled(pattern, Template.REFUTATION, turtle).strip():
            refuted_by = subject.helper(REFUTED)
            refutation = rename(self._class(pattern, Template.REFUTATION, turtle), names)
            told = (f"{label}: ruled out", f"A patient for whom the record rules out: {label}.")
            beside.insert(0, self._supporting(subject, REFUTED, told, refutation, None))
        if subject.negated:
            told = (label, meaning)
            beside.insert(0, self._supporting(subject, ASSERTED, told, definition, refuted_by))
            opposite: Term = Block(
                ((RDF.type, OWL.Class), (OWL.complementOf, subject.helper(ASSERTED)))
            )
            definition = Block(
                (
                    (RDF.type, OWL.Class),
                    (OWL.intersectionOf, Sequence((ELIG.Patient, opposite))),
                )
            )
            refuted_by = None
            label, meaning = f"Not: {label}", f"Anyone but {meaning[:1].lower()}{meaning[1:]}"
        return Made(
            label, meaning, ask, None, definition, refuted_by, tuple(beside), pattern.attested
        )

    def _short(self, term: str) -> str:
        return f"<{term}>"

    def _filled(self, pattern: Pattern, template: Template, values: Mapping[str, Any]) -> str:
        text = pattern.templates.get(template)
        return "" if text is None else self._renderer.turtle(text, values)

    def _words(self, pattern: Pattern, template: Template, values: Mapping[str, Any]) -> str | None:
        text = pattern.templates.get(template)
        return None if text is None else self._renderer.words(text, values) or None

    def _class(self, pattern: Pattern, template: Template, values: Mapping[str, Any]) -> Term:
        text = self._filled(pattern, template, values)
        found = _read(f"<{NOTHING}> owl:equivalentClass\n{text} .", template)
        terms = found[0].values(OWL.equivalentClass) if len(found) == 1 else []
        if len(terms) != 1 or len(found[0].pairs) != 1 or isinstance(terms[0], Literal):
            raise ModelError(f"elig:{template} must make one class expression and nothing else")
        return terms[0]

    def _beside(
        self, pattern: Pattern, subject: Subject, values: Mapping[str, Any]
    ) -> tuple[list[Description], dict[URIRef, URIRef]]:
        text = self._filled(pattern, Template.BESIDE, values)
        found = _read(text, Template.BESIDE)
        names: dict[URIRef, URIRef] = {}
        kept: list[Description] = []
        for description in found:
            if not str(description.subject).startswith((f"{subject.name}-", PREFIXES["measure"])):
                raise ModelError(
                    f"elig:besideTemplate speaks of {description.subject}; it may describe "
                    "measures and helpers of the criterion only"
                )
            flat = [(p, v) for p, _ in description.pairs for v in description.values(p)]
            plain = [(p, v) for p, v in flat if isinstance(v, URIRef | Literal)]
            derived = any(p in (ELIG.family, ELIG.baseRelation) for p, _ in plain)
            same = self._vocabulary.same.get(parameters_of(plain)) if derived else None
            if same is not None:
                names[description.subject] = same
            else:
                kept.append(description)
        completed = [self._complete(description, subject) for description in kept]
        return [_renamed(description, names) for description in completed], names

    def _complete(self, description: Description, subject: Subject) -> Description:
        """Add to a class beside a criterion what each such class has."""
        types = description.values(RDF.type)
        kind = next((k for k in (ELIG.SupportingClass, ELIG.FactClass) if k in types), None)
        if kind is None:
            return description
        own = {predicate: term for predicate, term in description.pairs}
        rest = [(p, t) for p, t in description.pairs if p not in ALREADY]
        told = [(p, own[p]) for p in ALREADY[1:] if p in own]
        fixed = self._place(subject, description.subject, kind)
        return Description(description.subject, (fixed[0], *told, *fixed[1:], *rest))

    def _place(self, subject: Subject, name: URIRef, kind: URIRef) -> list[tuple[URIRef, Term]]:
        pairs: list[tuple[URIRef, Term]] = [
            (RDF.type, Several((OWL.Class, OWL.NamedIndividual, kind))),
            (SKOS.notation, Literal(local_name(name))),
            (ELIG.ofTrial, subject.trial),
        ]
        if kind == ELIG.SupportingClass:
            pairs.append((ELIG.partOf, subject.name))
        if subject.adopts:
            one = len(subject.adopts) == 1
            pairs.append((ELIG.adopts, subject.adopts[0] if one else Several(subject.adopts)))
        return pairs

    def _supporting(
        self,
        subject: Subject,
        local: str,
        told: tuple[str, str],
        expression: Term,
        refuted_by: URIRef | None,
    ) -> Description:
        name = subject.helper(local)
        fixed = self._place(subject, name, ELIG.SupportingClass)
        pairs: list[tuple[URIRef, Term]] = [
            fixed[0],
            (RDFS.label, Literal(told[0], lang="en")),
            (SKOS.definition, Literal(told[1], lang="en")),
            *fixed[1:],
        ]
        if refuted_by is not None:
            pairs.append((ELIG.refutedBy, refuted_by))
        return Description(name, (*pairs, (OWL.equivalentClass, expression)))


def _capital(label: str | None) -> str | None:
    """Begin a label with a capital letter, unless its word is written like eGFR."""
    if not label or label[1:2].isupper():
        return label
    return label[0].upper() + label[1:]


def _renamed(description: Description, names: Mapping[URIRef, URIRef]) -> Description:
    return replace(description, pairs=tuple((p, rename(o, names)) for p, o in description.pairs))


def _read(text: str, template: Template) -> list[Description]:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    try:
        found = describe(head + text)
    except SyntaxError as error:
        raise ModelError(f"elig:{template} makes no Turtle: {error.msg}") from error
    blocks = [s for s in statements(text)]
    if len(blocks) != len(found):
        raise ModelError(
            f"elig:{template} makes a block of statements without a name, or two of one"
        )
    return found
