"""No record becomes eligible because a fact that excludes was misspelt, cut short or mistyped."""

from __future__ import annotations

from functools import cache

import pytest
from rdflib import BNode, Graph, URIRef

from adversary.facts import EXCLUDING
from adversary.judge import judge, trial
from adversary.mutate import (
    Mutant,
    Triple,
    deletions,
    duplicates,
    misspellings,
    renamings,
    retypings,
)
from case_loader import Case

HARMLESS = {
    ("pregnancy", "deleted: x clinicalStatus Active"): "the negative hCG test refutes it",
    ("egfr", "code misspelt: [] notation 98979-8"): "an unlisted laboratory code may be anything",
    ("egfr", "deleted: [] inSystem LOINC"): "reported by the test of codings without a system",
}
"""Mutants that may stay eligible, and why."""

UNNEEDED = frozenset(
    {"rdf-schema#comment", "attestedBy", "acute-cutaneous", "ana-abnormal", "ana-titre"}
    | {"anti-dsdna", "joint-involvement", "low-c3", "low-c4", "eular-assertion", "weight"}
    | {"sledai", "pred", "flu-vaccine", "potential", "capacity", "breastfeeding", "other-trial"}
    | {"all-trials", "sexAtBirth", "enrolmentDate", "contraception", "hcq", "mmf"}
    | {"inSystem"}
)
"""What the verdict on the base patient does not rest on, or rests on twice."""

UNDATED = {"other-illness date 2026-03-02", "significant-disease date 2026-03-02"}
"""The only statement on a question counts, even without a date."""


def record(name: str, added: str = "") -> Case:
    return Case(
        id=f"adversary-{name}",
        title=name,
        trial="NCT06150651",
        file="test_mutants.py",
        base="base-a",
        expected={},
        because="",
        added=added,
    )


def statements(graph: Graph, fact: URIRef) -> list[Triple]:
    """The triples of a fact, of its link and of its blank nodes, in a stable order."""
    own = [triple for triple in graph if fact in (triple[0], triple[2])]
    blank = [node for node in graph.objects(fact) if isinstance(node, BNode)]
    inner = [triple for node in blank for triple in graph.triples((node, None, None))]
    return sorted({*own, *inner}, key=lambda triple: tuple(map(str, triple)))


def broken(name: str) -> list[Mutant]:
    case = record(name, EXCLUDING[name])
    graph = case.graph()
    fact = case.namespace["x"]
    triples = statements(graph, fact)
    link = (case.patient, None, fact)
    return [
        *(m for m in deletions(graph, triples) if next(m.graph.triples(link), None)),
        *misspellings(graph, triples),
        *retypings(graph, triples),
        *duplicates(graph, triples),
        *renamings(graph, {fact}),
    ]


@cache
def mutants() -> dict[str, tuple[str, Mutant]]:
    """Every mutant of every excluding fact, by a name that can be part of an IRI."""
    every = ((name, mutant) for name in EXCLUDING for mutant in broken(name))
    return {f"m{number}": pair for number, pair in enumerate(every)}


def test_each_fact_excludes() -> None:
    found = judge({name: record(name, text).graph() for name, text in EXCLUDING.items()})
    assert {name: outcome.verdict for name, outcome in found.items()} == dict.fromkeys(
        EXCLUDING, "not eligible"
    )


def wrongly_eligible(chosen: dict[str, tuple[str, Mutant]]) -> list[tuple[str, str]]:
    found = judge({name: mutant.graph for name, (_, mutant) in chosen.items()})
    eligible = {
        (chosen[name][0], chosen[name][1].name)
        for name, outcome in found.items()
        if outcome.verdict == "eligible"
    }
    return sorted(eligible - set(HARMLESS))


def test_some_mutants_of_excluding_facts_are_not_eligible() -> None:
    assert wrongly_eligible(dict(list(mutants().items())[::40])) == []


@pytest.mark.slow
def test_no_mutant_of_an_excluding_fact_is_eligible() -> None:
    assert wrongly_eligible(mutants()) == []


@pytest.mark.slow
def test_what_is_deleted_and_needed_is_missed() -> None:
    case = record("base")
    graph = case.graph()
    triples = sorted(graph, key=lambda triple: tuple(map(str, triple)))
    every = {f"d{n}": mutant for n, mutant in enumerate(deletions(graph, triples))}
    found = judge({name: mutant.graph for name, mutant in every.items()})
    eligible = {
        every[name].what for name, outcome in found.items() if outcome.verdict == "eligible"
    }
    needed = {what for what in eligible if not UNNEEDED & set(what.split())}
    assert needed == UNDATED


SAMPLE = ("m120",)


@pytest.mark.parametrize("name", SAMPLE)
def test_screening_says_the_same(name: str) -> None:
    _, mutant = mutants()[name]
    (quick,) = judge({name: mutant.graph}).values()
    verdicts = {str(assessment.verdict) for assessment in trial().screen(mutant.graph)}
    assert verdicts == ({quick.verdict} - {"no patient"})
