"""Compiled SQL gives the same answers as direct evaluation: for cases, and in random worlds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from agreement.seen_tables import seen_tables, sql_answers
from agreement.small_world import (
    CODE,
    EX,
    FLAG,
    LEFT,
    LONE,
    M_FLAG,
    M_NUMBER,
    NUMBER,
    R1,
    R2,
    TOP,
    Oracle,
    Person,
    Thing,
    graph_of,
    rules,
)
from agreement.test_engines_agree import EXAMPLES, people, worlds
from case_loader import CASES, Case, load_cases
from eligo.assess.cohort import verdict_step
from eligo.assess.decide import decide
from eligo.compile.sql import Script, compile_sql
from eligo.compile.sql.text import Condition, Pair
from eligo.database import Database
from eligo.derive.inputs import Run
from eligo.derive.run import derived_tables
from eligo.engines.cohort import CohortEngine
from eligo.enrich.graph import COLUMNS, enriched_graphs
from eligo.errors import ExpressionError
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Truth
from eligo.evaluate.view import GraphView
from eligo.expression.model import And, Attribute, Definition, HasValue, Kind, Not, Range, Some
from eligo.records.extract import extract
from eligo.resources import trials
from eligo.services.compiled import cohort_engine
from eligo.trial.model import Polarity
from trials.cohort import SCREENING, load_trial, read_cases

STEP = 1 if os.environ.get("ELIGO_ALL_CASES") else 60
WITH_CASES = [name for name in trials() if (CASES / name).is_dir()]
relaxed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("name", WITH_CASES)
def test_cases_are_decided_as_directly(name: str) -> None:
    """Every class, verdict and prescreen of every case, whatever policy it is for."""
    cases = load_cases(name)[::STEP]
    for policy in {case.policy or "default" for case in cases}:
        same = [case for case in cases if (case.policy or "default") == policy]
        _compare(name, same, policy)


def _compare(name: str, cases: list[Case], policy: str) -> None:
    trial = load_trial(name)
    model = trial.model
    evidence = extract(read_cases(cases).store, model.ontology.short)
    chosen, run = model.policies[policy], Run(SCREENING)
    database = derived_tables(
        evidence, model.vocabulary, model.asked, model.name, run, chosen, model.ontology
    )
    engine = cohort_engine(model)
    database.execute(
        "CREATE TABLE untrusted AS SELECT patient FROM data_problem "
        "UNION SELECT patient FROM screening_problem"
    )
    engine.decide(database)
    patients = tuple(model.ontology.short(p) for p in evidence.patients)
    graphs = enriched_graphs(database.rows("enriched", COLUMNS), patients, model.ontology)
    expected = {
        (patient, named): Evaluator(GraphView(graph), patient, model.rules).named(named)
        for patient, graph in graphs.items()
        for named in model.patient_classes
    }
    found = engine.answers(database, model.ontology.expand)
    assert {k: t for k, t in found.items() if t != expected[k]} == {}
    assert found.keys() == expected.keys()
    assert len({t.status for t in found.values()}) > 2
    doubted = {model.ontology.expand(p) for (p,) in database.query("SELECT patient FROM untrusted")}
    for short, verdict, prescreen in database.query("SELECT * FROM verdict"):
        patient = model.ontology.expand(short)
        view = GraphView(graphs[patient])
        trusted = patient not in doubted
        assert [verdict, prescreen] == [
            decide(
                [
                    (c.polarity, Evaluator(view, patient, model.rules, given).named(c.name).status)
                    for c in model.criteria
                ],
                trusted=trusted,
            )
            for given in ({}, model.assumed)
        ]
    database.close()


@relaxed
@given(worlds(), st.lists(people, min_size=8, max_size=16), st.data())
def test_random_worlds_are_decided_as_by_the_oracle(
    definitions: dict[URIRef, Definition], population: list[Person], data: st.DataObject
) -> None:
    if data.draw(st.booleans()):
        fact_refuter = Definition(EX.FactRefuter, Attribute(CODE, Kind(LEFT)))
        definitions[EX.FactRefuter] = fact_refuter
        definitions[EX.FactClass] = replace(definitions[EX.FactClass], refuted_by=EX.FactRefuter)
    named = {EX[f"patient{i}"]: person for i, person in enumerate(population)}
    about_facts = (EX.FactClass, EX.FactRefuter)
    names = [name for name in definitions if name not in about_facts]
    graphs = {name: graph_of({name: person}) for name, person in named.items()}
    expected = {
        (patient, name): Truth(*Oracle(definitions, person).decide(name))
        for patient, person in named.items()
        for name in names
    }
    assert sql_answers(graphs, rules(definitions), names) == expected


@relaxed
@given(
    worlds(),
    st.lists(people, min_size=4, max_size=8),
    st.dictionaries(
        st.sampled_from([EX.Criterion0, EX.Criterion1, EX.Refuter, EX.Open]),
        st.builds(Truth, st.booleans(), st.booleans()),
        min_size=1,
    ),
)
def test_assumptions_reach_what_builds_on_them(
    definitions: dict[URIRef, Definition],
    population: list[Person],
    assumed: dict[URIRef, Truth],
) -> None:
    named = {EX[f"patient{i}"]: person for i, person in enumerate(population)}
    graphs = {name: graph_of({name: person}) for name, person in named.items()}
    names = [name for name in definitions if name != EX.FactClass]
    book = rules(definitions)
    script = compile_sql(book, names, assumed, str)
    columns = [c.sql for n in names for p in [script.favourable[n]] for c in (p.met, p.refuted)]
    with tables(graphs, definitions) as database:
        CohortEngine(script).decide(database)
        rows = database.query(f"SELECT patient, {', '.join(columns)} FROM cohort_patient")
    for patient, *found in rows:
        direct = Evaluator(GraphView(graphs[URIRef(patient)]), URIRef(patient), book, assumed)
        expected = [s for n in names for t in [direct.named(n)] for s in (t.met, t.refuted)]
        assert found == expected


@contextmanager
def tables(
    graphs: dict[URIRef, Graph], definitions: dict[URIRef, Definition]
) -> Iterator[Database]:
    """A database with what engines see of patients."""
    database = Database()
    for table in seen_tables(graphs, rules(definitions), str):
        database.load(table)
    yield database
    database.close()


def only(definition: Definition, person: Person) -> Truth:
    """What SQL says of one class for one person."""
    book = rules({EX.C: definition})
    ((_, truth),) = sql_answers({EX.one: graph_of({EX.one: person})}, book, [EX.C]).items()
    return truth


FACT = Thing({CODE: (LEFT,)}, {NUMBER: (Decimal(1), Decimal(3))})
IS_LEFT = Attribute(CODE, Kind(LEFT))


@pytest.mark.parametrize(
    ("fact", "complete", "expected"),
    [
        pytest.param(Thing(), {LEFT}, Truth(False, False), id="a fact without a code may be it"),
        pytest.param(Thing({CODE: (LONE,)}), {LEFT}, Truth(False, True), id="another kind"),
        pytest.param(Thing({CODE: (LONE,)}), {LONE}, Truth(False, False), id="not complete"),
        pytest.param(Thing({CODE: (TOP,)}), {LEFT}, Truth(False, False), id="a wider kind"),
        pytest.param(Thing({CODE: (LONE, TOP)}), {LEFT}, Truth(False, False), id="one of two open"),
        pytest.param(Thing({CODE: (LONE, LEFT)}), set(), Truth(True, False), id="one of two met"),
        pytest.param(Thing({CODE: (LEFT,)}), {LEFT}, Truth(True, False), id="met"),
    ],
)
def test_a_fact_counts_by_its_kind(fact: Thing, complete: set[URIRef], expected: Truth) -> None:
    person = Person(facts={R1: (fact,)}, complete={R1: frozenset(complete)})
    assert only(Definition(EX.C, Some(R1, IS_LEFT)), person) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("2", None), (None, "3")], Truth(True, False), id="sides apart"),
        pytest.param([("2", "3"), ("0", "2")], Truth(False, False), id="the widest counts"),
        pytest.param([("5", None)], Truth(False, True), id="no upper bound, above"),
        pytest.param([(None, "1")], Truth(False, True), id="no lower bound, below"),
        pytest.param([("2", None)], Truth(False, False), id="may be above"),
        pytest.param([], Truth(False, False), id="no value"),
    ],
)
def test_bounds_of_a_measure(rows: list[tuple[str | None, str | None]], expected: Truth) -> None:
    wanted = {EX.C: Definition(EX.C, Range(M_NUMBER, Decimal(2), Decimal(4)))}
    script = compile_sql(rules(wanted), [EX.C], {}, str)
    with tables({EX.one: graph_of({EX.one: Person()})}, wanted) as database:
        for low, high in rows:
            values = ", ".join("NULL" if side is None else side for side in (low, high))
            database.execute(
                f"INSERT INTO seen_bound VALUES ('{EX.one}', '{EX.one}', '{M_NUMBER}', {values})"
            )
        CohortEngine(script).decide(database)
        (found,) = database.query("SELECT criterion, met, refuted FROM answer")
    assert found == (str(EX.C), expected.met, expected.refuted)


def test_a_patient_of_whom_nothing_is_known_is_decided() -> None:
    definition = Definition(EX.C, Not(Some(R2, And((IS_LEFT, HasValue(FLAG, Literal(True)))))))
    assert only(definition, Person()) == Truth(False, False)
    assert only(definition, Person(complete={R2: frozenset({None})})) == Truth(True, False)


def test_a_value_that_sql_cannot_compare_is_refused() -> None:
    wanted = {EX.C: Definition(EX.C, HasValue(M_FLAG, Literal(5)))}
    with pytest.raises(ExpressionError, match="cannot be compiled to SQL"):
        compile_sql(rules(wanted), [EX.C], {}, str)


@pytest.mark.parametrize("name", WITH_CASES)
def test_compiled_text_is_stable_and_says_nothing_twice(name: str) -> None:
    first, second = (cohort_engine(load_trial(name).model).script.text for _ in range(2))
    assert first == second
    columns = [line.strip().rstrip(",") for line in first.splitlines() if " AS class_" in line]
    assert len(columns) == len(set(columns))


@pytest.mark.parametrize("polarity", Polarity)
def test_verdicts_are_those_of_the_rule(polarity: Polarity) -> None:
    """Two criteria in every combination of answers, of a record that is trusted or not."""
    top = load_trial("NCT06150651").model.criteria[0]
    criteria = [
        replace(top, name=EX.one, polarity=polarity),
        replace(top, name=EX.two, polarity=Polarity.EXCLUSION),
    ]
    pairs = {c.name: Pair(Condition(f"m{i}"), Condition(f"r{i}")) for i, c in enumerate(criteria)}
    needs = cohort_engine(load_trial("NCT06150651").model).script.needs
    step = verdict_step(Script((), pairs, pairs, needs), criteria)
    with closing(Database()) as database:
        database.execute(
            "CREATE TABLE cohort_patient (patient INT, m0 BOOL, r0 BOOL, m1 BOOL, r1 BOOL)"
        )
        database.execute("CREATE TABLE untrusted (patient INT)")
        expected = {}
        for number, (*sides, trusted) in enumerate(product([True, False], repeat=5)):
            database.execute(f"INSERT INTO cohort_patient VALUES ({number}, {str(sides)[1:-1]})")
            if not trusted:
                database.execute(f"INSERT INTO untrusted VALUES ({number}), ({number})")
            statuses = [Truth(*sides[:2]).status, Truth(*sides[2:]).status]
            kinds = [criterion.polarity for criterion in criteria]
            verdict = decide(zip(kinds, statuses, strict=True), trusted=trusted)
            expected[number] = (str(verdict), str(verdict))
        database.execute(step.statement)
        found = {p: tuple(rest) for p, *rest in database.query("SELECT * FROM verdict")}
    assert found == expected
