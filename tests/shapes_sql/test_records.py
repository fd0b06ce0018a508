"""SQL finds in records exactly what the reference finds: good ones, bad ones, and broken ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest
from rdflib import Graph, URIRef
from rdflib.term import Node

from adversary.judge import moved
from adversary.test_mutants import mutants
from case_loader import TRIALS, Case, load_cases
from eligo.errors import InputError
from eligo.resources import root
from eligo.services.check import general_checker
from eligo.vocabulary.ontology import parse_turtle
from shapes_sql.kit import Compared, compared, read, record_check, run, statements
from shapes_sql.mutations import mutated

CASES = Path(__file__).parents[1] / "shapes" / "cases" / "record"
RANGES = {"elig:value", "elig:low", "elig:high"}
"""Properties whose values are compared; see the decision on record shapes as SQL."""


def renamed(graph: Graph, place: str) -> Graph:
    """Give a record names of its own, so that many fit into one store."""
    copy = Graph(bind_namespaces="none")
    for s, p, o in graph:
        copy.add((_renamed(s, place), p, _renamed(o, place)))
    return copy


def _renamed(term: Node, place: str) -> Node:
    own = isinstance(term, URIRef) and str(term).startswith("https://example.org/")
    return URIRef(f"{term}-{place}") if own else term


def turtle(path: Path) -> Graph:
    graph = Graph(bind_namespaces="none")
    for triple in parse_turtle(path)[0]:
        graph.add(triple)
    return graph


def shape_cases() -> dict[str, Graph]:
    return {path.stem: renamed(turtle(path), path.stem) for path in sorted(CASES.glob("*.ttl"))}


def examples() -> dict[str, Graph]:
    found = (root() / "examples").glob("*/*.ttl")
    paths = sorted(path for path in found if path.parent.name != "trials")
    return {f"example-{path.stem}": turtle(path) for path in paths}


def clinical_cases(trial: str) -> dict[str, Graph]:
    return {f"case-{case.id}": case.graph() for case in load_cases(trial)}


def adversary_mutants(step: int) -> dict[str, Graph]:
    chosen = list(mutants().items())[::step]
    return {name: moved(mutant.graph, name) for name, (_, mutant) in chosen}


@cache
def every_case() -> tuple[Case, ...]:
    return tuple(case for trial in TRIALS for case in load_cases(trial))


def broken_at_random(number: int, seed: int) -> dict[str, Graph]:
    random = Random(seed)
    found = {}
    for n in range(number):
        graph = moved(random.choice(every_case()).graph(), f"r{seed}-{n}")
        found[f"r{seed}-{n}"] = mutated(graph, random, random.randint(1, 6))
    return {name: graph for name, graph in found.items() if readable(name, graph)}


def readable(name: str, graph: Graph) -> bool:
    try:
        read({name: graph})
    except InputError:
        return False
    return True


def check(graphs: dict[str, Graph]) -> Compared:
    """Compare; what only SQL finds is in a range that the reference cannot compare."""
    result = compared(graphs)
    assert result.missing == {}
    beside = {f for found in result.extra.values() for f in found}
    assert {f for f in beside if (f.path or "").rpartition("/")[2] not in RANGES} == set()
    print(
        f"{result.records} records, {result.findings} findings, {len(beside)} beside, "
        f"{len(result.failed)} that the reference fails on"
    )
    return result


def test_bad_examples_and_broken_records_give_the_same_findings() -> None:
    graphs = shape_cases() | adversary_mutants(240) | broken_at_random(4, 1)
    result = check(graphs)
    assert result.findings > 200
    assert result.extra == {}


def test_names_may_be_short_or_full() -> None:
    records = read(shape_cases())
    short, full = (
        run(record_check(short=short), statements(records, short=short)) for short in (True, False)
    )
    assert short == full


def test_the_order_is_that_of_a_record_check() -> None:
    graph = shape_cases()["quantities"]
    records, checker = read({"quantities": graph}), general_checker()
    patient = next(s for s, _, o in graph if str(o).endswith("/Patient") and isinstance(s, URIRef))
    (found,) = run(record_check(), statements(records)).values()
    assert found == checker.check(records, patient)


@pytest.mark.slow
@pytest.mark.parametrize("trial", TRIALS)
def test_clinical_cases_give_the_same_findings(trial: str) -> None:
    assert check(clinical_cases(trial)).extra == {}


@pytest.mark.slow
def test_examples_give_the_same_findings() -> None:
    assert check(examples()).extra == {}


@pytest.mark.slow
def test_adversary_mutants_give_the_same_findings() -> None:
    check(adversary_mutants(1))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
def test_random_mutants_give_the_same_findings(seed: int) -> None:
    check(broken_at_random(100, seed))
