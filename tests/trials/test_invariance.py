"""Order and duplication change nothing; known answers flip only where a rule says so."""

from __future__ import annotations

import random

import pytest
from rdflib import Graph, Literal
from rdflib.namespace import XSD

from case_loader import Case, load_cases
from eligo.api import Trial
from eligo.vocabulary.terms import ELIG
from trials.cohort import decided, derive_cases, load_trial, read_cases

CASES = {case.id: case for case in load_cases("NCT06150651")}
BASES = [CASES[name] for name in ("base-a", "base-b", "base-c", "base-e")]
BASES += [case for case in load_cases("NCT05781750") if case.id == "base-a"]

FLIPS = {
    "the newest sample decides (D-47)": ("base-a", "E9"),
    "a later negative result stands (latest result)": ("V35c", "E6"),
    "the latest attestation counts (ruling 10)": ("base-a", "E1"),
    "a complete list that turns out incomplete (D-04)": ("base-a", "E2"),
    "a met criterion outweighs its own refutation (D-21)": ("base-a", "E10"),
}
"""Rules by which one more fact may turn a known answer: a case and a criterion each."""

MORE = {
    "the newest sample decides (D-47)": """:new a elig:Observation ;
      elig:code concept:SerumCreatinine ; elig:date "2026-03-01"^^xsd:date ;
      elig:quantity [ elig:value 4.0 ; elig:unit "mg/dL" ] .
      :patient elig:hasObservation :new .""",
    "a later negative result stands (latest result)": """:new a elig:Observation ;
      elig:code concept:HbvDna ; elig:date "2026-03-02"^^xsd:date ; elig:result concept:Negative .
      :patient elig:hasObservation :new .""",
    "the latest attestation counts (ruling 10)": """:new a elig:Attestation ;
      elig:code concept:Breastfeeding ; elig:date "2026-03-02"^^xsd:date ; elig:answer true .
      :patient elig:hasAttestation :new .""",
    "a complete list that turns out incomplete (D-04)": """:new a elig:Condition ;
      elig:code concept:BreastCancer ; elig:clinicalStatus elig:Active .
      :patient elig:hasCondition :new .""",
    "a met criterion outweighs its own refutation (D-21)": """:new a elig:TrialParticipation ;
      elig:code concept:InterventionalStudy ; elig:studyIdentifier "NCT00000000" ;
      elig:eventStatus elig:Active . :patient elig:hasTrialParticipation :new .""",
}


def outcome(trial: Trial, case: Case, sources: dict[str, bytes]) -> dict[str, str]:
    records = read_cases([])
    for name, data in sources.items():
        records.add_rdf(data, name)
    assert not records.failures
    return decided(trial, derive_cases(trial, records), case)


def lines_of(case: Case) -> list[str]:
    return sorted(case.graph().serialize(format="nt").splitlines())


@pytest.mark.parametrize("case", BASES, ids=lambda case: case.name)
def test_order_duplication_and_splitting_change_nothing(case: Case) -> None:
    trial = load_trial(case.trial)
    lines = lines_of(case)
    expected = outcome(trial, case, {"whole.nt": "\n".join(lines).encode()})
    shuffled = random.Random(7).sample(lines, len(lines))
    assert outcome(trial, case, {"a.nt": "\n".join(shuffled).encode()}) == expected
    twice = {"a.nt": "\n".join(lines).encode(), "b.ttl": case.turtle().encode()}
    assert outcome(trial, case, twice) == expected


@pytest.mark.parametrize("rule", FLIPS)
def test_a_fact_more_flips_a_known_answer_only_by_a_listed_rule(rule: str, trial: Trial) -> None:
    name, criterion = FLIPS[rule]
    case = CASES[name]
    graph = case.graph()
    # An earlier day for the record's own statements, so that a later one can follow.
    for statement in list(graph.subjects(ELIG.answer)):
        graph.set((statement, ELIG.date, Literal("2026-03-01", datatype=XSD.date)))
    before = outcome(trial, case, {"a.nt": graph.serialize(format="nt").encode()})
    prefixes = (
        f"@prefix : <{case.namespace}> . @prefix elig: <https://w3id.org/eligo/ns/> . "
        "@prefix concept: <https://w3id.org/eligo/concept/> . "
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    )
    more = graph + Graph().parse(data=prefixes + MORE[rule], format="turtle")
    after = outcome(trial, case, {"a.nt": more.serialize(format="nt").encode()})
    flipped = {
        n for n in before if "unknown" not in (before[n], after[n]) and before[n] != after[n]
    }
    summary = {"overall", "prescreen"}
    assert criterion in flipped
    assert {n for n in flipped - summary if n.partition("-")[0] != criterion} == set()
