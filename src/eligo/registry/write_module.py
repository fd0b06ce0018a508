"""Write the eligibility module of a record: every field, as it is understood and as published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from rdflib import RDF, RDFS, SKOS, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL

from eligo.compile.turtle import Block, Pairs, Several, Term
from eligo.registry.ages import is_unlimited, read_age
from eligo.registry.criteria import Draft, published
from eligo.registry.knowledge import Field, Form, Knowledge
from eligo.registry.model import Record
from eligo.registry.names import MODULE, Names, words
from eligo.registry.write_criteria import adopted
from eligo.vocabulary.terms import ELIG

AGE_PARTS = {
    ELIG.minimumAge: (ELIG.minimumAgeValue, ELIG.minimumAgeUnit),
    ELIG.maximumAge: (ELIG.maximumAgeValue, ELIG.maximumAgeUnit),
}
Statements = Iterator[tuple[URIRef, Term]]


def write_module(
    record: Record, criteria: Sequence[Draft], knowledge: Knowledge, names: Names
) -> str:
    """Return the block of the eligibility module.

    Args:
        record: The record.
        criteria: Its criteria; the module adopts what they adopt.
        knowledge: How its fields are read.
        names: The names of the trial.
    """
    pairs: Pairs = [
        (RDF.type, Several((OWL.NamedIndividual, ELIG.EligibilityModule))),
        (RDFS.label, words(f"Eligibility module of {record.identifier}")),
        (SKOS.definition, words("The registry fields that say who may join, as published.")),
        (DCTERMS.source, Literal(origin(record, knowledge))),
        (ELIG.ofTrial, names.trial),
        *_fields(record, knowledge),
    ]
    if decisions := adopted(criteria):
        pairs.append((ELIG.adopts, Several(tuple(names.of(d.notation) for d in decisions))))
    pairs += _provenance(record, knowledge)
    return names.block(names.of(MODULE), pairs)


def origin(record: Record, knowledge: Knowledge) -> str:
    """Name where a record is from, in words."""
    version = field_text(record, ELIG.retrieved, knowledge)
    when = f"; {version}" if version else ""
    return f"ClinicalTrials.gov, {record.identifier}, {record.format}{when}"


def field_text(record: Record, term: URIRef, knowledge: Knowledge) -> str | None:
    """Return a field that is text; None: the record does not state it."""
    value = record.fields.get(knowledge.field(term).name)
    return value if isinstance(value, str) and value.strip() else None


def _fields(record: Record, knowledge: Knowledge) -> Statements:
    missing: list[URIRef] = []
    for field in knowledge.eligibility:
        value = record.fields.get(field.name)
        stated = [] if value is None else list(_stated(field, value, knowledge))
        yield from stated
        if not stated:
            missing.append(field.term)
        if value is not None and not _is_plain(field, value):
            about = ((ELIG.aboutField, field.term), (ELIG.publishedAs, Literal(published(value))))
            yield ELIG.publishedField, Block(about)
    for key, value in record.others.items():
        whole = Literal(json.dumps(value, ensure_ascii=False))
        yield (
            ELIG.publishedField,
            Block(((ELIG.fieldName, Literal(key)), (ELIG.publishedAs, whole))),
        )
    if missing:
        yield ELIG.fieldNotProvided, Several(tuple(missing))


def _is_plain(field: Field, value: Any) -> bool:
    """Tell whether a value is text that its property carries as it is."""
    return field.form in (Form.TEXT, Form.AGE) and isinstance(value, str)


def _stated(field: Field, value: Any, knowledge: Knowledge) -> Statements:
    """Yield a field's value in the terms of the ontology, as far as it is understood."""
    if field.form in (Form.TEXT, Form.AGE):
        if isinstance(value, str):
            yield field.term, Literal(value)
        if isinstance(value, str) and field.form is Form.AGE:
            yield from _age(field, value, knowledge)
        return
    values = value if isinstance(value, list) else [value]
    meanings = [field.meaning(word) for word in values]
    known = tuple(m for m in meanings if isinstance(m, URIRef | Literal))
    if known:
        yield field.term, Several(known)


def _age(field: Field, text: str, knowledge: Knowledge) -> Statements:
    age = None if is_unlimited(text, knowledge) else read_age(text, knowledge)
    if age is not None:
        number, unit = AGE_PARTS[field.term]
        yield number, Literal(age.number)
        yield unit, age.unit.unit


def _provenance(record: Record, knowledge: Knowledge) -> Statements:
    source = record.source
    yield ELIG.sourceFormat, Literal(str(record.format))
    yield ELIG.sourceFile, Literal(source.name)
    yield ELIG.sourceSha256, Literal(source.sha256)
    if source.row is not None:
        yield ELIG.sourceRow, Literal(source.row)
    if version := field_text(record, ELIG.retrieved, knowledge):
        yield ELIG.retrieved, Literal(version)
    yield ELIG.sourceRecord, Literal(record.text)
