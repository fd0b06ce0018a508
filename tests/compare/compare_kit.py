"""Invented trials from a few words of YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from rdflib import Literal, URIRef

from eligo.compare import Reading, Side
from eligo.evaluate.truth import Status
from eligo.expression.model import (
    And,
    Attribute,
    Definition,
    Expression,
    HasValue,
    Kind,
    Not,
    Or,
    Range,
    Ref,
    Some,
)
from eligo.expression.rules import Rules, classifiers
from eligo.resources import ontology_files
from eligo.trial.model import Criterion, Polarity
from eligo.vocabulary.ontology import Ontology, load_ontology, subclasses

OPEN = URIRef("https://example.org/open")
BOUNDS = {">=": (0, True), ">": (0, False), "<=": (1, True), "<": (1, False)}


@cache
def ontology() -> Ontology:
    found = load_ontology([*ontology_files(), Path(__file__).with_name("terms.ttl")])
    found.prefixes["ex"] = "https://example.org/"
    return found


@cache
def known() -> tuple[dict[URIRef, URIRef], dict[URIRef, frozenset[URIRef]]]:
    return classifiers(ontology()), subclasses(ontology())


def expression(text: Any) -> Expression:
    """Read a patient-level expression."""
    if text == "open":
        return Ref(OPEN)
    if isinstance(text, str):
        return comparison(text)
    match text:
        case {"and": parts}:
            return And(tuple(map(expression, parts)))
        case {"or": parts}:
            return Or(tuple(map(expression, parts)))
        case {"not": part}:
            return Not(expression(part))
        case {"between": [name, low, high]}:
            return Range(iri(name), Decimal(str(low)), Decimal(str(high)))
        case {"value": pairs}:
            ((name, kind),) = pairs.items()
            return Attribute(iri(name), Kind(iri(kind)))
        case {"some": pairs}:
            ((name, kind),) = pairs.items()
            return Some(iri(name), fact(kind, known()[0][iri(name)]), text.get("count", 1))
    raise ValueError(text)


def fact(text: Any, classifier: URIRef) -> Expression:
    """Read what a fact must be."""
    match text:
        case str() if " " in text:
            return comparison(text)
        case str():
            return Attribute(classifier, Kind(iri(text)))
        case {"and": parts}:
            return And(tuple(fact(part, classifier) for part in parts))
        case {"not": part}:
            return Not(fact(part, classifier))
    raise ValueError(text)


def comparison(text: str) -> Expression:
    name, sign, value = text.split()
    if sign == "=":
        boolean = value in ("true", "false")
        return HasValue(iri(name), Literal(value == "true") if boolean else iri(value))
    place, included = BOUNDS[sign]
    bounds: list[Decimal | None] = [None, None]
    bounds[place] = Decimal(value)
    return Range(iri(name), bounds[0], bounds[1], *([included] * 2))


def iri(name: str) -> URIRef:
    return ontology().expand(name)


@dataclass
class Invented:
    """A trial with these criteria: `I1`, `I2` … and `E1`, `E2` …"""

    number: int
    texts: Iterable[Any]
    definitions: dict[URIRef, Definition] = field(default_factory=dict)

    def side(self, reading: Reading) -> Side:
        criteria = []
        counts = {Polarity.INCLUSION: 0, Polarity.EXCLUSION: 0}
        self.definitions[OPEN] = Definition(OPEN, None)
        for text in self.texts:
            excluded = isinstance(text, Mapping) and "exclusion" in text
            polarity = Polarity.EXCLUSION if excluded else Polarity.INCLUSION
            counts[polarity] += 1
            notation = f"{'E' if excluded else 'I'}{counts[polarity]}"
            body = text["exclusion"] if excluded else text
            criteria.append(self._criterion(notation, polarity, body))
        below = known()[1]
        rules = Rules(self.definitions, known()[0], below)
        name = URIRef(f"https://example.org/trial{self.number}")
        return reading.read(ontology(), rules, (name, f"T{self.number}"), criteria)

    def _criterion(self, notation: str, polarity: Polarity, body: Any) -> Criterion:
        name = URIRef(f"https://example.org/trial{self.number}/{notation}")
        formalised = body != "open"
        self.definitions[name] = Definition(name, expression(body) if formalised else None)
        return Criterion(
            name, notation, notation, "", polarity, None, None, (), None, False, Status.MET, (),
            formalised,
        )  # fmt: skip
