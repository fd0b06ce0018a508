"""Validation of compiled shapes, the direct evaluator and an oracle always agree."""

from __future__ import annotations

import os
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SH

from agreement.small_world import (
    AGENT,
    CLASSIFIER,
    CODE,
    EX,
    FLAG,
    KINDS,
    LEFT,
    LONE,
    M_CODE,
    M_FLAG,
    M_NUMBER,
    MAYBE,
    NUMBER,
    ODD,
    R1,
    R2,
    STATE,
    TOP,
    Bounds,
    Oracle,
    Person,
    Thing,
    graph_of,
    rules,
)
from eligo.compile.shapes import Compiler
from eligo.compile.turtle import write_subject
from eligo.engines.shacl import ShaclEngine
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Truth
from eligo.evaluate.view import GraphView
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
from eligo.vocabulary import naming

EXAMPLES = int(os.environ.get("ELIGO_EXAMPLES", "12"))
TRUE, FALSE = Literal(True), Literal(False)
numbers = st.integers(0, 4).map(Decimal)
kinds = st.sampled_from(KINDS)


def bounds() -> st.SearchStrategy[Bounds]:
    exact = numbers.map(lambda n: (n, n))
    between = st.tuples(numbers, numbers).map(lambda p: (min(p), max(p)))
    half = st.one_of(numbers.map(lambda n: (n, None)), numbers.map(lambda n: (None, n)))
    return st.one_of(exact, exact, between, half)


def some_values(*values: URIRef | Literal) -> st.SearchStrategy[tuple[URIRef | Literal, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


concepts = (*KINDS, ODD)
things = st.builds(
    Thing,
    values=st.fixed_dictionaries(
        {
            CODE: some_values(*concepts),
            AGENT: some_values(*concepts),
            FLAG: some_values(TRUE, FALSE),
            STATE: some_values(EX.on, EX.off),
        }
    ),
    numbers=st.dictionaries(st.just(NUMBER), bounds()),
)
completeness = st.dictionaries(
    st.sampled_from([R1, R2]),
    st.frozensets(st.one_of(st.none(), kinds), min_size=1, max_size=2),
)
people = st.builds(
    Person,
    values=st.fixed_dictionaries(
        {M_FLAG: some_values(TRUE, FALSE), M_CODE: some_values(*concepts)}
    ),
    numbers=st.dictionaries(st.just(M_NUMBER), bounds()),
    facts=st.fixed_dictionaries({r: st.lists(things, max_size=3).map(tuple) for r in (R1, R2)}),
    complete=completeness,
)


def ranges(attribute: URIRef) -> st.SearchStrategy[Expression]:
    lower = st.builds(Range, st.just(attribute), minimum=numbers, minimum_inclusive=st.booleans())
    upper = st.builds(Range, st.just(attribute), maximum=numbers, maximum_inclusive=st.booleans())
    both = st.tuples(numbers, numbers, st.booleans(), st.booleans()).map(
        lambda t: Range(attribute, min(t[:2]), max(t[:2]), t[2], t[3])
    )
    return st.one_of(lower, upper, both)


def combine(leaves: st.SearchStrategy[Expression], size: int) -> st.SearchStrategy[Expression]:
    def grow(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(parts.map(And), parts.map(Or), inner.map(Not))

    return st.recursive(leaves, grow, max_leaves=size)


kind_expressions = combine(kinds.map(Kind), 3)
fact_leaves: st.SearchStrategy[Expression] = st.one_of(
    kind_expressions.map(lambda k: Attribute(CODE, k)),
    kind_expressions.map(lambda k: Attribute(AGENT, k)),
    st.sampled_from([TRUE, FALSE]).map(lambda v: HasValue(FLAG, v)),
    st.sampled_from([EX.on, EX.off]).map(lambda v: HasValue(STATE, v)),
    ranges(NUMBER),
    st.just(Ref(EX.FactClass)),
)
fact_expressions = combine(fact_leaves, 4)
plain_facts = combine(fact_leaves.filter(lambda e: not isinstance(e, Ref)), 3)
patient_leaves: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Some, st.sampled_from([R1, R2]), fact_expressions, st.integers(1, 3)),
    st.builds(Some, st.sampled_from([R1, R2]), fact_expressions),
    ranges(M_NUMBER),
    st.sampled_from([TRUE, FALSE]).map(lambda v: HasValue(M_FLAG, v)),
    kind_expressions.map(lambda k: Attribute(M_CODE, k)),
)
patient_expressions = combine(patient_leaves, 3)
closures = st.frozensets(
    st.tuples(st.sampled_from([R1, R2]), st.one_of(st.none(), st.sampled_from([TOP, LEFT, LONE]))),
    max_size=1,
)


@st.composite
def worlds(draw: st.DrawFn) -> dict[URIRef, Definition]:
    """Named classes: a class of facts, a refutation, and criteria that use both."""
    found = {EX.FactClass: Definition(EX.FactClass, draw(plain_facts))}
    found[EX.Refuter] = Definition(EX.Refuter, draw(patient_expressions), closed=draw(closures))
    for index in range(3):
        name = EX[f"Criterion{index}"]
        body = draw(patient_expressions)
        if index and draw(st.booleans()):
            pair = (body, Not(Ref(EX[f"Criterion{index - 1}"])))
            body = And(pair) if draw(st.booleans()) else Or(pair)
        found[name] = Definition(
            name, body, EX.Refuter if draw(st.booleans()) else None, draw(closures)
        )
    found[EX.Open] = Definition(EX.Open, None)
    return found


def shapes_of(definitions: dict[URIRef, Definition]) -> Graph:
    compiler = Compiler(rules(definitions))
    text = ""
    for name, definition in definitions.items():
        for shape, pairs in (
            (naming.met_shape(name), compiler.met(definition)),
            (naming.not_met_shape(name), compiler.not_met(definition)),
        ):
            text += write_subject(shape, [(RDF.type, SH.NodeShape), *pairs], lambda t: t.n3())
    return Graph().parse(data=text, format="turtle")


def answers(
    definitions: dict[URIRef, Definition], population: list[Person]
) -> tuple[dict[tuple[URIRef, URIRef], Truth], ...]:
    """Answers of validation, the direct evaluator and the oracle for each patient and criterion."""
    named = {EX[f"patient{i}"]: person for i, person in enumerate(population)}
    graph = graph_of(named)
    tested = [n for n in definitions if n != EX.FactClass]
    decided = ShaclEngine(shapes_of(definitions), tested).decide(graph)
    validated = {(p, n): truth for p, truths in decided.items() for n, truth in truths.items()}
    evaluated = {}
    expected = {}
    for name, person in named.items():
        evaluator = Evaluator(GraphView(graph), name, rules(definitions))
        oracle = Oracle(definitions, person)
        for criterion in tested:
            evaluated[name, criterion] = evaluator.named(criterion)
            expected[name, criterion] = Truth(*oracle.decide(criterion))
    return validated, evaluated, expected


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(worlds(), st.lists(people, min_size=3, max_size=6))
def test_validation_evaluation_and_oracle_agree(
    definitions: dict[URIRef, Definition], population: list[Person]
) -> None:
    validated, evaluated, expected = answers(definitions, population)
    assert validated == expected
    assert evaluated == expected


def test_the_small_world_exercises_every_construct() -> None:
    assert set(CLASSIFIER) == {R1, R2}
    assert MAYBE in KINDS
    assert ODD not in KINDS
