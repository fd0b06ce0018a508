"""Write a registry record as the ontology of a trial, in Turtle."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from rdflib import RDF, RDFS, SKOS, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL

from eligo.compile.turtle import Pairs, Several
from eligo.registry.criteria import Draft, field_criteria
from eligo.registry.knowledge import Knowledge
from eligo.registry.model import Record
from eligo.registry.names import MODULE, POPULATION, Names, words
from eligo.registry.text_criteria import text_criteria
from eligo.registry.write_criteria import write_criteria
from eligo.registry.write_module import field_text, origin, write_module
from eligo.trial.model import Polarity
from eligo.vocabulary.terms import ELIG

WHOLE = URIRef("https://w3id.org/eligo/ontology/eligo")
ABOUT = (
    "The registry record of {} as it was imported: every field of its eligibility module, the "
    "criteria that the fields state, and the items of its text, which are not formalised."
)
TITLES = (DCTERMS.title, ELIG.officialTitle, DCTERMS.issued, DCTERMS.modified)


def write_trial(
    record: Record, knowledge: Knowledge | None = None, criteria: list[Draft] | None = None
) -> str:
    """Return the ontology of a trial as Turtle; the same record gives the same text.

    Args:
        record: The record.
        knowledge: How records are read; default what comes with Eligo.
        criteria: Its criteria; default all of the record.
    """
    knowledge = Knowledge.installed() if knowledge is None else knowledge
    names = Names(record.identifier)
    criteria = criteria_of(record, knowledge) if criteria is None else criteria
    return names.document(
        [
            _header(record, knowledge, names),
            _trial(record, knowledge, names),
            write_module(record, criteria, knowledge, names),
            *write_criteria(criteria, names),
        ]
    )


def criteria_of(record: Record, knowledge: Knowledge) -> list[Draft]:
    """Return the criteria of a record: those of its text, then those of its fields.

    Args:
        record: The record.
        knowledge: How records are read.
    """
    drafts = list(text_criteria(record.criteria_text))
    tops = [d for d in drafts if d.parent is None and d.polarity is Polarity.INCLUSION]
    stated = enumerate(field_criteria(record, knowledge), len(tops) + 1)
    return [*drafts, *(replace(draft, ordinal=place) for place, draft in stated)]


def _header(record: Record, knowledge: Knowledge, names: Names) -> str:
    version = hashlib.sha256(record.text.encode()).hexdigest()[:12]
    pairs: Pairs = [
        (RDF.type, OWL.Ontology),
        (RDFS.label, words(f"Eligibility of {record.identifier}")),
        (DCTERMS.description, words(ABOUT.format(record.identifier))),
        (DCTERMS.source, Literal(origin(record, knowledge))),
        (OWL.imports, WHOLE),
        (OWL.versionIRI, URIRef(f"{names.ontology}/{version}")),
    ]
    return names.block(URIRef(names.ontology), pairs)


def _trial(record: Record, knowledge: Knowledge, names: Names) -> str:
    pairs: Pairs = [
        (RDF.type, Several((OWL.NamedIndividual, ELIG.ClinicalTrial))),
        (RDFS.label, words(record.identifier)),
        (SKOS.definition, words("A registered study whose record was imported.")),
        (DCTERMS.identifier, Literal(record.identifier)),
    ]
    for term in TITLES:
        if text := field_text(record, term, knowledge):
            pairs.append((term, Literal(text)))
    pairs.append((ELIG.hasEligibilityModule, names.of(MODULE)))
    pairs.append((ELIG.hasPopulation, names.of(POPULATION)))
    return names.block(names.trial, pairs)
