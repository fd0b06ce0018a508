"""What SQL says a class rests on: the value or fact, the threshold and how far it is."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from agreement.seen_tables import seen_tables
from agreement.small_world import (
    CODE,
    EX,
    LEFT,
    LONE,
    M_CODE,
    M_NUMBER,
    NUMBER,
    ODD,
    R1,
    R2,
    TOP,
    Bounds,
    Oracle,
    Person,
    Thing,
    graph_of,
    rules,
)
from agreement.test_engines_agree import EXAMPLES, kinds, people, ranges
from eligo.compile.sql import compile_sql, detail_steps
from eligo.database import Database
from eligo.engines.cohort import CohortEngine
from eligo.expression.model import (
    And,
    Attribute,
    Definition,
    Expression,
    Kind,
    Not,
    Or,
    Range,
    Ref,
    Some,
)

relaxed = settings(
    max_examples=max(EXAMPLES // 3, 1),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
Row = dict[str, Any]
COLUMNS = [
    *("patient", "criterion", "status", "relation", "attribute", "node", "low", "high", "value"),
    *("minimum", "maximum", "wanted", "unit", "leaf_met", "leaf_refuted"),
    *("distance_low", "distance_high", "supports"),
]
IS_LEFT = Attribute(CODE, Kind(LEFT))
AT_LEAST_2 = Range(M_NUMBER, Decimal(2))


def details(definitions: Collection[Definition], population: list[Person]) -> list[Row]:
    """What `detail` holds for patients named by their place."""
    book = rules({d.name: d for d in definitions})
    graphs = {EX[f"{i:02}"]: graph_of({EX[f"{i:02}"]: p}) for i, p in enumerate(population)}
    names = [d.name for d in definitions]
    script = compile_sql(book, names, {}, str)
    steps = detail_steps(script.needs, names, lambda attribute, _: f"unit of {attribute}")
    database = Database()
    try:
        for table in seen_tables(graphs, book, str):
            database.load(table)
        CohortEngine(script, steps).decide(database)
        rows = database.query(f"SELECT {', '.join(COLUMNS)} FROM detail ORDER BY ALL")
    finally:
        database.close()
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def inside(wanted: Range, number: Decimal | None) -> Decimal | None:
    """How far a number lies inside a range."""
    if number is None:
        return None
    sides = []
    if wanted.minimum is not None:
        sides.append(number - wanted.minimum)
    if wanted.maximum is not None:
        sides.append(wanted.maximum - number)
    return min(sides)


@relaxed
@given(ranges(M_NUMBER), st.lists(people, min_size=8, max_size=12))
def test_a_measure_has_its_distance(wanted: Expression, population: list[Person]) -> None:
    assert isinstance(wanted, Range)
    definition = Definition(EX.C, wanted)
    found = {row["patient"]: row for row in details([definition], population)}
    expected = {}
    for index, person in enumerate(population):
        low, high = person.numbers.get(M_NUMBER, (None, None))
        if low is not None or high is not None:
            met, refuted = Oracle({EX.C: definition}, person).decide(EX.C)
            numbers = (low, high, inside(wanted, low), inside(wanted, high))
            expected[str(EX[f"{index:02}"])] = (*numbers, met, refuted, met or refuted)
    columns = [
        "low",
        "high",
        "distance_low",
        "distance_high",
        "leaf_met",
        "leaf_refuted",
        "supports",
    ]
    assert {p: tuple(row[c] for c in columns) for p, row in found.items()} == expected
    for row in found.values():
        assert (row["minimum"], row["maximum"]) == (wanted.minimum, wanted.maximum)
        assert (row["node"], row["unit"]) == (row["patient"], f"unit of {M_NUMBER}")


@relaxed
@given(ranges(NUMBER), kinds, st.booleans(), st.lists(people, min_size=8, max_size=12))
def test_of_facts_the_one_that_decides_or_comes_nearest(
    wanted: Expression, kind: URIRef, within: bool, population: list[Person]
) -> None:
    assert isinstance(wanted, Range)
    is_kind = Attribute(CODE, Kind(kind))
    filler = And((is_kind, wanted if within else Not(wanted)))
    definitions = {EX.C: Definition(EX.C, Some(R1, filler))}
    parts = {EX.F: Definition(EX.F, filler), EX.K: Definition(EX.K, is_kind)}
    found = {row["patient"]: row for row in details(list(definitions.values()), population)}
    expected = {}
    for index, person in enumerate(population):
        patient, ranked = EX[f"{index:02}"], []
        for place, fact in enumerate(person.facts.get(R1, ())):
            oracle = Oracle(parts, person)
            met, refuted = oracle.decide(EX.F, fact)
            if not oracle.decide(EX.K, fact)[1]:
                low, high = fact.numbers.get(NUMBER, (None, None))
                sides = [d for n in (low, high) if (d := inside(wanted, n)) is not None]
                near = min(sides) * (1 if within else -1) if sides else Decimal("-Infinity")
                rank = 0 if met else 2 if refuted else 1
                name = f"{patient}/hasThing/{place}"
                ranked.append((rank, -near, name, low, high, met, refuted))
        if ranked:
            expected[str(patient)] = min(ranked, key=lambda r: r[:3])[2:]
    columns = ["node", "low", "high", "leaf_met", "leaf_refuted"]
    assert {p: tuple(row[c] for c in columns) for p, row in found.items()} == expected
    assert {row["relation"] for row in found.values()} <= {str(R1)}


def numbered(low: int | None, high: int | None) -> Bounds:
    """Bounds as decimals."""
    return (
        None if low is None else Decimal(low),
        None if high is None else Decimal(high),
    )


@pytest.mark.parametrize(
    ("expression", "bounds", "status", "supports"),
    [
        pytest.param(AT_LEAST_2, (3, 3), "met", True, id="met"),
        pytest.param(AT_LEAST_2, (1, 1), "not met", True, id="not met"),
        pytest.param(AT_LEAST_2, (1, 3), "unknown", False, id="open"),
        pytest.param(Not(AT_LEAST_2), (3, 3), "not met", True, id="negated and met"),
        pytest.param(Not(AT_LEAST_2), (1, 1), "met", True, id="negated and refuted"),
        pytest.param(Or((AT_LEAST_2, Not(Some(R2, IS_LEFT)))), (1, 1), "met", False, id="another"),
    ],
)
def test_support_says_whether_a_value_speaks_for_the_status(
    expression: Expression, bounds: tuple[int, int], status: str, supports: bool
) -> None:
    person = Person(numbers={M_NUMBER: numbered(*bounds)}, complete={R2: frozenset({None})})
    rows = details([Definition(EX.C, expression)], [person])
    (row,) = [row for row in rows if row["attribute"] == str(M_NUMBER)]
    assert (row["status"], row["supports"]) == (status, supports)


def test_a_refutation_of_its_own_speaks_against_only() -> None:
    refuter = Definition(EX.R, Range(M_NUMBER, maximum=Decimal(1)))
    criterion = Definition(EX.C, Attribute(M_CODE, Kind(LEFT)), EX.R)
    low = Person({M_CODE: (LONE,)}, {M_NUMBER: numbered(0, 0)})
    high = Person({M_CODE: (LEFT,)}, {M_NUMBER: numbered(3, 3)})
    rows = [r for r in details([criterion, refuter], [low, high]) if r["criterion"] == str(EX.C)]
    found = {(r["patient"][-2:], r["attribute"].rpartition("/")[2]): r["supports"] for r in rows}
    assert found == {
        ("00", "measuredCode"): False,
        ("00", "measuredNumber"): True,
        ("01", "measuredCode"): True,
        ("01", "measuredNumber"): False,
    }


def test_leaves_of_classes_that_are_referred_to_are_those_of_a_class() -> None:
    part = Definition(EX.Part, AT_LEAST_2)
    whole = Definition(EX.Whole, Not(Ref(EX.Part)))
    rows = details([part, whole], [Person(numbers={M_NUMBER: numbered(1, 1)})])
    assert [(r["criterion"], r["status"], r["supports"]) for r in rows] == [
        (str(EX.Part), "not met", True),
        (str(EX.Whole), "met", True),
    ]


def test_a_fact_without_a_number_is_shown_by_its_code() -> None:
    person = Person(
        facts={R1: (Thing({CODE: (LONE,)}), Thing({CODE: (TOP,)}), Thing({CODE: (ODD,)}))}
    )
    (row,) = details([Definition(EX.C, Some(R1, IS_LEFT))], [person])
    assert (row["node"][-1], row["value"], row["wanted"]) == ("1", str(TOP), str(LEFT))
    assert (row["status"], row["leaf_met"], row["leaf_refuted"]) == ("unknown", False, False)
