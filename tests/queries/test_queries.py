"""Queries for readers answer right, alike on two engines, from no more than they say they need."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from queries.query_files import PARTS, queries
from queries.query_kit import Table, World, Worlds

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """What a query must answer.

    Attributes:
        query: Name of the query.
        set: Values of parameters.
        graph: A file to ask instead of the screened patients.
        columns: Columns that `rows` are cut to.
        rows: The whole answer in order, if stated.
        has: Rows that must be in the answer.
        lacks: Rows that must not be in it.
    """

    query: str
    set: dict[str, str] = field(default_factory=dict)
    graph: str | None = None
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] | None = None
    has: list[dict[str, str]] = field(default_factory=list)
    lacks: list[dict[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return queries()[self.query].given(self.set)

    @property
    def needs(self) -> frozenset[str]:
        return queries()[self.query].needs

    def world(self, worlds: Worlds, needs: frozenset[str]) -> World:
        if self.graph is not None:
            return worlds.seeing_file(HERE / self.graph, needs)
        return worlds.seeing(needs)


def read_cases() -> list[Case]:
    entries: list[dict[str, Any]] = yaml.safe_load((HERE / "cases.yaml").read_text("utf-8"))
    return [Case(**entry) for entry in entries]


CASES = read_cases()


def name_of(case: Case) -> str:
    return " ".join([case.query, *case.set.values(), case.graph or ""]).strip()


def is_in(table: Table, row: dict[str, str]) -> bool:
    return tuple(row.values()) in table.cut(row)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_answer_is_as_expected(case: Case, worlds: Worlds) -> None:
    answer = case.world(worlds, case.needs).ask_oxigraph(case.text)
    if case.rows is not None:
        assert answer.cut(case.columns) == [tuple(row) for row in case.rows]
    assert [row for row in case.has if not is_in(answer, row)] == []
    assert [row for row in case.lacks if is_in(answer, row)] == []


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_both_engines_give_the_same_answer(case: Case, worlds: Worlds) -> None:
    world = case.world(worlds, case.needs)
    assert world.ask_rdflib(case.text) == world.ask_oxigraph(case.text)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_what_a_query_does_not_ask_for_changes_nothing(case: Case, worlds: Worlds) -> None:
    whole = case.world(worlds, frozenset(PARTS)).ask_oxigraph(case.text)
    assert whole == case.world(worlds, case.needs).ask_oxigraph(case.text)


@pytest.mark.parametrize("name", queries())
def test_every_query_answers_something_in_a_case(name: str) -> None:
    cases = [case for case in CASES if case.query == name]
    assert any(case.rows or case.has for case in cases)
