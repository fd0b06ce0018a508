"""More facts may make the unknown known; known answers stand where nothing is closed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from agreement.small_world import CLASSIFIER, EX, R1, R2, Person, Thing, graph_of, rules
from agreement.test_engines_agree import EXAMPLES, kinds, people, things, worlds
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Truth
from eligo.evaluate.view import GraphView
from eligo.expression.model import Definition

relaxed = settings(
    max_examples=EXAMPLES * 2,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def truths(definitions: dict[URIRef, Definition], person: Person) -> dict[URIRef, Truth]:
    evaluator = Evaluator(GraphView(graph_of({EX.one: person})), EX.one, rules(definitions))
    return {name: evaluator.named(name) for name in definitions if name != EX.FactClass}


def open_world(definitions: dict[URIRef, Definition]) -> dict[URIRef, Definition]:
    """The same classes without closures and without refutations of their own."""
    return {
        name: replace(definition, refuted_by=None, closed=frozenset())
        for name, definition in definitions.items()
    }


def add_fact(person: Person, relation: URIRef, fact: Thing) -> Person:
    facts = {**person.facts, relation: (*person.facts.get(relation, ()), fact)}
    return replace(person, facts=facts)


@relaxed
@given(worlds(), people, st.sampled_from([R1, R2]), things)
def test_a_fact_more_keeps_known_answers_where_nothing_is_closed(
    definitions: dict[URIRef, Definition], person: Person, relation: URIRef, fact: Thing
) -> None:
    definitions = open_world(definitions)
    before = truths(definitions, replace(person, complete={}))
    after = truths(definitions, add_fact(replace(person, complete={}), relation, fact))
    for name, truth in before.items():
        assert after[name].met or not truth.met
        assert after[name].refuted or not truth.refuted


@relaxed
@given(worlds(), people, st.sampled_from([R1, R2]), st.one_of(st.none(), kinds))
def test_more_completeness_keeps_known_answers(
    definitions: dict[URIRef, Definition], person: Person, relation: URIRef, kind: URIRef | None
) -> None:
    definitions = open_world(definitions)
    known = person.complete.get(relation, frozenset())
    fuller = replace(person, complete={**person.complete, relation: known | {kind}})
    before, after = truths(definitions, person), truths(definitions, fuller)
    for name, truth in before.items():
        assert after[name].met or not truth.met
        assert after[name].refuted or not truth.refuted


@relaxed
@given(worlds(), people)
def test_the_order_of_facts_changes_nothing(
    definitions: dict[URIRef, Definition], person: Person
) -> None:
    turned = replace(person, facts={r: tuple(reversed(f)) for r, f in person.facts.items()})
    assert truths(definitions, person) == truths(definitions, turned)
    assert set(person.facts) == set(CLASSIFIER)
