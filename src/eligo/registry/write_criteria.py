"""Write the criteria of a record, the population they make, and the decisions they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rdflib import RDF, RDFS, SKOS, Literal, URIRef
from rdflib.namespace import OWL

from eligo.compile.turtle import Block, Pairs, Several, Term
from eligo.compile.turtle import Sequence as Members
from eligo.registry.classes import complement
from eligo.registry.criteria import Draft
from eligo.registry.decisions import Standing, standing_decisions
from eligo.registry.names import POPULATION, Names, words
from eligo.trial.model import Polarity
from eligo.vocabulary.terms import ELIG

KIND = {Polarity.INCLUSION: ELIG.Inclusion, Polarity.EXCLUSION: ELIG.Exclusion}


def write_criteria(criteria: Sequence[Draft], names: Names) -> Iterator[str]:
    """Yield the blocks of criteria, of their population and of the decisions they adopt.

    Args:
        criteria: The criteria, each before its parts.
        names: The names of the trial.
    """
    for draft in criteria:
        yield names.block(names.of(draft.name), list(_criterion(draft, names)))
        if draft.refuted is not None:
            yield _refutation(draft, draft.refuted, names)
    yield _population(criteria, names)
    for decision in adopted(criteria):
        yield _decision(decision, names)


def adopted(criteria: Sequence[Draft]) -> list[Standing]:
    """Return the decisions that criteria rest on."""
    quoted = {draft.field for draft in criteria}
    return [decision for decision in standing_decisions() if decision.fields & quoted]


def _criterion(draft: Draft, names: Names) -> Iterator[tuple[URIRef, Term]]:
    yield RDF.type, Several((OWL.Class, OWL.NamedIndividual, ELIG.Criterion))
    yield RDFS.label, words(draft.label)
    yield SKOS.definition, words(draft.definition)
    yield SKOS.notation, Literal(draft.name)
    yield ELIG.ofTrial, names.trial
    if draft.parent is None:
        yield ELIG.kind, KIND[draft.polarity]
    else:
        yield ELIG.partOf, names.of(draft.parent)
    yield ELIG.ordinal, Literal(draft.ordinal)
    yield from _quotation(draft)
    if decisions := adopted([draft]):
        yield ELIG.adopts, Several(tuple(names.of(d.notation) for d in decisions))
    if draft.attested:
        yield ELIG.attestationOnly, Literal(True)
    if draft.refuted is not None:
        yield ELIG.refutedBy, names.of(_refuting(draft))
    if draft.ask is not None:
        yield ELIG.askFor, words(draft.ask)
    if draft.reason is not None:
        yield ELIG.notFormalised, words(draft.reason)
    if draft.expression is not None:
        yield OWL.equivalentClass, draft.expression


def _quotation(draft: Draft) -> Iterator[tuple[URIRef, Term]]:
    if draft.quote is not None:
        yield ELIG.quotes, Literal(draft.quote)
        if draft.field is not None:
            yield ELIG.quotesField, draft.field
        yield ELIG.quoteStart, Literal(draft.start)
        yield ELIG.quoteEnd, Literal(draft.start + len(draft.quote))
    if draft.heading is not None:
        yield ELIG.underHeading, Literal(draft.heading)


def _refuting(draft: Draft) -> str:
    return f"{draft.name}-refuted"


def _refutation(draft: Draft, refuted: Term, names: Names) -> str:
    pairs: Pairs = [
        (RDF.type, Several((OWL.Class, OWL.NamedIndividual, ELIG.SupportingClass))),
        (RDFS.label, words(f"{draft.label}: surely not")),
        (SKOS.definition, words("A patient beyond the limit at any time of day.")),
        (SKOS.notation, Literal(_refuting(draft))),
        (ELIG.ofTrial, names.trial),
        (ELIG.partOf, names.of(draft.name)),
        (OWL.equivalentClass, refuted),
    ]
    return names.block(names.of(_refuting(draft)), pairs)


def _population(criteria: Sequence[Draft], names: Names) -> str:
    members: list[Term] = [ELIG.Patient]
    for draft in criteria:
        if draft.parent is None:
            name = names.of(draft.name)
            members.append(complement(name) if draft.polarity is Polarity.EXCLUSION else name)
    whole = Block(((RDF.type, OWL.Class), (OWL.intersectionOf, Members(tuple(members)))))
    meaning = "Patients who meet every inclusion criterion and no exclusion criterion of the trial."
    pairs: Pairs = [
        (RDF.type, Several((OWL.Class, OWL.NamedIndividual, ELIG.TrialPopulation))),
        (RDFS.label, words(f"Eligible population of {names.identifier}")),
        (SKOS.definition, words(meaning)),
        (SKOS.notation, Literal(POPULATION)),
        (ELIG.ofTrial, names.trial),
        (OWL.equivalentClass, whole),
    ]
    return names.block(names.of(POPULATION), pairs)


def _decision(decision: Standing, names: Names) -> str:
    pairs: Pairs = [
        (RDF.type, Several((OWL.NamedIndividual, ELIG.Decision))),
        (RDFS.label, words(f"Decision {decision.notation}")),
        (SKOS.notation, Literal(decision.notation)),
        (SKOS.definition, words("How a field of the registry record is read.")),
        (ELIG.ofTrial, names.trial),
        (ELIG.adopted, words(decision.adopted)),
        (ELIG.alternative, words(decision.alternative)),
        (ELIG.rationale, words(decision.rationale)),
    ]
    return names.block(names.of(decision.notation), pairs)
