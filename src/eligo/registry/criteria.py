"""The criteria of a record: those its fields state, and those its text holds, not formalised."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rdflib import Literal, URIRef
from rdflib.namespace import OWL, XSD

from eligo.errors import ModelError
from eligo.registry.ages import Limit, Range, is_unlimited, maximum, minimum, read_age, spans
from eligo.registry.classes import Expression, boolean, complement, has_value, in_range
from eligo.registry.knowledge import Field, Knowledge
from eligo.registry.model import Record
from eligo.trial.model import Polarity
from eligo.vocabulary.terms import ELIG

MONTHS_A_YEAR = 12
SEXES = {ELIG.FemaleOnly: ELIG.Female, ELIG.MaleOnly: ELIG.Male}
EVERYONE = ELIG.Patient


@dataclass(frozen=True)
class Draft:
    """A criterion to be written.

    Attributes:
        name: Its number, which is its local name as well.
        label: A short name.
        definition: What it means, in words.
        polarity: Whether it includes or excludes.
        ordinal: Its place among its siblings.
        quote: The words that it quotes; None: the record has none.
        start: Where they begin in the text or field.
        field: The field quoted; None: the criteria text.
        expression: Its definition as a class; None: it is not formalised.
        refuted: A class of its own for those who are refuted; None: all others are.
        reason: Why it is not formalised.
        ask: What to obtain when it is unknown.
        attested: Whether only a person can settle it.
        parent: The criterion that it is a part of.
        heading: The heading of the text that it stands under.
    """

    name: str
    label: str
    definition: str
    polarity: Polarity = Polarity.INCLUSION
    ordinal: int = 0
    quote: str | None = None
    start: int = 0
    field: URIRef | None = None
    expression: Expression | None = None
    refuted: Expression | None = None
    reason: str | None = None
    ask: str | None = None
    attested: bool = False
    parent: str | None = None
    heading: str | None = None


def published(value: Any) -> str:
    """Return a value as its source writes it: text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def field_criteria(record: Record, knowledge: Knowledge) -> Iterator[Draft]:
    """Yield the criteria that the fields of a record state.

    Args:
        record: The record.
        knowledge: What its words mean.
    """
    for term, build in (
        (ELIG.minimumAge, _age),
        (ELIG.maximumAge, _age),
        (ELIG.standardAgeGroup, _groups),
        (ELIG.sexEligibility, _sex),
        (ELIG.healthyVolunteers, _healthy),
    ):
        field = knowledge.field(term)
        value = record.fields.get(field.name)
        draft = build(field, value, record, knowledge)
        if draft is not None:
            quote = None if value is None else published(value)
            yield replace(draft, field=field.term if quote else None, quote=quote or None)


def _measure(field: Field) -> URIRef:
    if field.measure is None:
        raise ModelError(f"{field.term}: its field names no measure; add importer:comparedBy")
    return field.measure


def _unread(name: str, label: str, why: str) -> Draft:
    return Draft(
        name,
        label,
        "A patient for whom a person has read what the record means.",
        reason=why,
        ask="A person's reading of the record.",
    )


def _age(field: Field, value: Any, _: Record, knowledge: Knowledge) -> Draft | None:
    least = field.term == ELIG.minimumAge
    name, which = ("I-min-age", "minimum") if least else ("I-max-age", "maximum")
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    text = published(value)
    if is_unlimited(text, knowledge):
        words = f"No {which} age"
        return Draft(name, words, "Every patient: the record sets no limit.", expression=EVERYONE)
    age = read_age(text, knowledge)
    if age is None:
        why = f"The {which} age is no whole number with a known unit."
        return _unread(name, f"{which.capitalize()} age {text:.40}", why)
    limit = minimum(age) if least else maximum(age)
    words = f"At {'least' if least else 'most'} {text.strip().lower()} old"
    return Draft(
        name,
        words,
        f"A patient {_bounds(limit)} on the screening date.",
        expression=in_range(limit.measure, limit.met),
        refuted=None if limit.refuted is None else in_range(limit.measure, limit.refuted),
        ask="The date of birth (day, month and year).",
    )


def _bounds(limit: Limit) -> str:
    unit = "months" if limit.measure.endswith("Months") else "days"
    ((facet, bound),) = limit.met.items()
    words = {
        XSD.minInclusive: f"who has completed {bound} {unit} of age",
        XSD.maxExclusive: f"who has not yet completed {bound} {unit} of age",
        XSD.maxInclusive: f"who has completed {bound} {unit} of age at most",
    }
    return words[URIRef(facet)]


def _groups(field: Field, value: Any, _: Record, knowledge: Knowledge) -> Draft | None:
    if not value:
        return None
    words = value if isinstance(value, list) else [value]
    meanings = [field.meaning(word) for word in words]
    label = "Age group " + ", ".join(map(str, words)).lower().replace("_", " ")
    known = [knowledge.groups[m] for m in meanings if m is not None and m in knowledge.groups]
    if len(known) < len(words):
        return _unread("I-age-group", f"{label:.80}", "A standard age group is not known.")
    joined = spans(known)
    if joined == [(0, None)]:
        return Draft("I-age-group", label, "Every patient: all age groups.", expression=EVERYONE)
    ranges = [in_range(_measure(field), _months(start, end)) for start, end in joined]
    return Draft(
        "I-age-group",
        label,
        "A patient whose age on the screening date lies in one of the standard age groups.",
        expression=ranges[0] if len(ranges) == 1 else boolean(OWL.unionOf, *ranges),
        ask="The date of birth (day, month and year).",
    )


def _months(start: int, end: int | None) -> Range:
    facets: dict[URIRef, int] = {}
    if start or end is None:
        facets[XSD.minInclusive] = MONTHS_A_YEAR * start
    if end is not None:
        facets[XSD.maxExclusive] = MONTHS_A_YEAR * end
    return facets


def _sex(field: Field, value: Any, record: Record, knowledge: Knowledge) -> Draft:
    if value is None or not str(value).strip():
        return _unread("I-sex", "Sex not stated", "The record does not say who may join by sex.")
    meaning = field.meaning(value)
    label = f"Sex: {str(value).strip().lower():.40}"
    if meaning == ELIG.AllSexes:
        return Draft("I-sex", label, "Every patient: any sex may join.", expression=EVERYONE)
    if meaning not in SEXES:
        return _unread("I-sex", label, "The value of the field Sex is not known.")
    gender = knowledge.field(ELIG.genderBased)
    if gender.meaning(record.fields.get(gender.name)) == Literal(True):
        why = "Eligibility rests on self-represented gender, which records of patients do not hold."
        return _unread("I-sex", label, why)
    return Draft(
        "I-sex",
        label,
        "A patient whose recorded sex at birth is the one that may join.",
        expression=has_value(_measure(field), SEXES[URIRef(str(meaning))]),
        ask="The sex recorded at birth.",
    )


def _healthy(field: Field, value: Any, *_: object) -> Draft:
    meaning = None if value is None else field.meaning(value)
    if meaning is None:
        why = "The record does not say whether healthy volunteers may join."
        return _unread("I-healthy", "Healthy volunteers not stated", why)
    if meaning == Literal(True):
        words = "Every patient: healthy volunteers may join."
        return Draft("I-healthy", "Healthy volunteers may join", words, expression=EVERYONE)
    stated = has_value(_measure(field), Literal(True))
    return Draft(
        "I-healthy",
        "No healthy volunteer",
        "A patient who does not join as a healthy volunteer.",
        expression=boolean(
            OWL.intersectionOf,
            EVERYONE,
            complement(stated),
        ),
        ask="A statement for this trial whether the person joins as a healthy volunteer.",
        attested=True,
    )
