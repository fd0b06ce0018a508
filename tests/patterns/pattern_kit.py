"""A trial made of rows, its expansion, and patients written in short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rdflib import RDF, SKOS, Literal, URIRef
from rdflib.namespace import OWL

from eligo.compile.turtle import Block, Pairs, Several, Term
from eligo.compile.turtle import Sequence as Members
from eligo.patterns.apply import apply_rows
from eligo.patterns.expand import Expanded, expand_text
from eligo.patterns.library import Library, installed
from eligo.patterns.rows import Row
from eligo.patterns.text import TrialText
from eligo.patterns.vocabulary import Vocabulary
from eligo.registry.names import MODULE, POPULATION, Names, words
from eligo.resources import ontology_files
from eligo.vocabulary.ontology import Ontology, load_ontology
from eligo.vocabulary.terms import ELIG

NUMBER = "NCT90000002"
NAMES = Names(NUMBER)
FACTS = {
    "Condition": "hasCondition",
    "MedicationUse": "hasMedicationUse",
    "Procedure": "hasProcedure",
    "Immunization": "hasImmunization",
    "Observation": "hasObservation",
    "Hospitalization": "hasHospitalization",
    "FamilyHistory": "hasFamilyHistory",
    "Attestation": "hasAttestation",
    "TrialParticipation": "hasTrialParticipation",
    "AdverseReaction": "hasAdverseReaction",
    "Contraindication": "hasContraindication",
}
Row_ = Mapping[str, str]


@cache
def general() -> Ontology:
    """The general ontology, read once."""
    return load_ontology(ontology_files())


def skeleton(rows: Sequence[Row_]) -> str:
    """Return a trial with one criterion that is not formalised for each row; parts have a dot."""
    text, places = "Inclusion Criteria:", {}
    for row in rows:
        places[row["criterion"]] = len(text) + 1
        text += f" {row.get('quote', '')}"
    tops = [row for row in rows if "." not in row["criterion"]]
    blocks = [_header(), _trial(), _module(text)]
    for place, row in enumerate(tops, 1):
        blocks.append(_criterion(row, places[row["criterion"]], place))
    members: list[Term] = [ELIG.Patient, *(NAMES.of(row["criterion"]) for row in tops)]
    whole = Block(((RDF.type, OWL.Class), (OWL.intersectionOf, Members(tuple(members)))))
    blocks.append(_class(POPULATION, ELIG.TrialPopulation, [(OWL.equivalentClass, whole)]))
    return NAMES.document(blocks)


def _header() -> str:
    pairs: Pairs = [(RDF.type, OWL.Ontology), (OWL.imports, URIRef(f"{NAMES.ontology}/whole"))]
    return NAMES.block(URIRef(NAMES.ontology), pairs)


def _trial() -> str:
    pairs: Pairs = [
        (RDF.type, Several((OWL.NamedIndividual, ELIG.ClinicalTrial))),
        (URIRef("http://purl.org/dc/terms/identifier"), Literal(NUMBER)),
        (ELIG.hasEligibilityModule, NAMES.of(MODULE)),
        (ELIG.hasPopulation, NAMES.of(POPULATION)),
    ]
    return NAMES.block(NAMES.trial, pairs)


def _module(text: str) -> str:
    pairs: Pairs = [
        (RDF.type, Several((OWL.NamedIndividual, ELIG.EligibilityModule))),
        (ELIG.criteriaText, Literal(text)),
    ]
    return NAMES.block(NAMES.of(MODULE), pairs)


def _class(name: str, kind: URIRef, more: Pairs) -> str:
    pairs: Pairs = [
        (RDF.type, Several((OWL.Class, OWL.NamedIndividual, kind))),
        (SKOS.notation, Literal(name)),
        (ELIG.ofTrial, NAMES.trial),
        *more,
    ]
    return NAMES.block(NAMES.of(name), pairs)


def _criterion(row: Row_, start: int, place: int) -> str:
    kind = ELIG.Exclusion if row["criterion"].startswith("E") else ELIG.Inclusion
    more: Pairs = [
        (ELIG.kind, kind),
        (ELIG.ordinal, Literal(place)),
        (ELIG.quotes, Literal(row["quote"])),
        (ELIG.quoteStart, Literal(start)),
        (ELIG.quoteEnd, Literal(start + len(row["quote"]))),
        (ELIG.notFormalised, words("not yet put in logic")),
    ]
    return _class(row["criterion"], ELIG.Criterion, more)


def expanded(rows: Sequence[Row_], library: Library | None = None) -> tuple[str, Expanded]:
    """Return the skeleton of rows, and what they expand to; all faults are among its faults."""
    text = skeleton(rows)
    library = library or installed()
    source = TrialText(text, Path("rows.ttl"))
    vocabulary = Vocabulary(general(), source.graph, source.prefixes, source.trial)
    written = [
        Row(Path("rows.tsv"), line, dict(row), {name: n for n, name in enumerate(row, 1)})
        for line, row in enumerate(rows, 2)
    ]
    applied = apply_rows(source, written, library, vocabulary)
    made = expand_text(applied.source, general(), library, applied.places)
    return text, Expanded(made.text, (*applied.faults, *made.faults), made.changed)


def patient(name: str, facts: Iterable[Any]) -> str:
    """Return the record of a patient as Turtle.

    Args:
        name: Its name.
        facts: Lists of a class, a code and properties; `complete`, `birth`, `sex` and `evaluated`
            for the rest.
    """
    lines = [f"ex:{name} a elig:Patient ."]
    for fact in facts:
        kind, *rest = fact if isinstance(fact, list) else [fact]
        match kind:
            case "complete":
                lines.append(_complete(name, rest))
            case "birth":
                lines.append(f"ex:{name} elig:birthDate {_value(rest[0])} .")
            case "evaluated":
                lines.append(_screening(name, rest[0]))
            case "sex":
                lines.append(f"ex:{name} elig:sexAtBirth elig:{rest[0]} .")
            case _:
                lines.append(_fact(name, kind, rest))
    return "\n".join(lines)


def _screening(name: str, evaluation: object) -> str:
    parts = [
        "a elig:Screening",
        f"elig:forTrial <{NAMES.trial}>",
        'elig:screeningDate "2026-03-02"^^xsd:date',
        f"elig:evaluationDate {_value(evaluation)}",
    ]
    return f"ex:{name} elig:hasScreening [ {' ; '.join(parts)} ] ."


def _complete(name: str, rest: Sequence[Any]) -> str:
    relation, *more = rest
    parts = [f"elig:aboutRelation elig:{relation}", 'elig:asOf "2026-03-02"^^xsd:date']
    for key, value in (more[0] if more else {}).items():
        parts.append(f"elig:{key} {_value(value)}")
    return (
        f"ex:{name} elig:hasCompleteness [ a elig:CompletenessStatement ; {' ; '.join(parts)} ] ."
    )


def _fact(name: str, kind: str, rest: Sequence[Any]) -> str:
    code, *more = rest
    by = "agent" if kind in ("AdverseReaction", "Contraindication") else "code"
    parts = [f"a elig:{kind}", f"elig:{by} {_value(f'concept:{code}')}"]
    for key, value in (more[0] if more else {}).items():
        parts.append(f"elig:{key} {_value(value)}")
    return f"ex:{name} elig:{FACTS[kind]} [ {' ; '.join(parts)} ] ."


def _value(value: Any) -> str:
    """Return a value as Turtle: dates, quantities such as `5 mg`, coded values, text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        number, unit = value
        return f'[ elig:value {number} ; elig:unit "{unit}" ]'
    text = str(value)
    if text.startswith("concept:"):
        return text
    forms = {10: "date", 7: "gYearMonth", 4: "gYear"}
    if text.replace("-", "").isdigit() and len(text) in forms:
        return f'"{text}"^^xsd:{forms[len(text)]}'
    return f"elig:{text}" if text[:1].isupper() and text.isalpha() else f'"{text}"'


def records(patients: Mapping[str, Iterable[Any]]) -> bytes:
    """Return the records of patients as N-Triples-compatible Turtle."""
    prefixes = {**NAMES.prefixes, "ex": "https://example.org/"}
    head = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in prefixes.items())
    return (head + "\n".join(patient(n, f) for n, f in patients.items())).encode()
