"""A trial's ontology holds its record whole: every field, criterion and word it quotes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, SH
from rdflib.term import Node

from case_loader import TRIALS, load_cases
from eligo.api import Trial
from eligo.expression.model import references
from eligo.resources import shapes
from eligo.trial.model import Criterion
from eligo.vocabulary import naming
from eligo.vocabulary.terms import ELIG
from trials.cohort import load_trial

DEPTH_OF_VALIDATORS = 14
SPOKEN_OF = (
    ELIG.genderBased,
    ELIG.genderDescription,
    ELIG.standardAgeGroup,
    ELIG.studyPopulation,
    ELIG.samplingMethod,
)


@dataclass(frozen=True)
class Record:
    """What the registry record of a trial has, as a person read it.

    `rest` matches what no criterion quotes: numbers, bullets and headings. `fields` are the lines
    behind the criteria text; a record that was imported has neither these nor a text file.
    """

    criteria: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]
    rest: str
    file: str | None
    fields: str | None
    maximum_age: str | None
    decisions: int


RECORDS = {
    "NCT00923156": Record(
        ("I1", "I2", "I-age", "I-other", *(f"E{n}" for n in range(1, 7)), "E-other"),
        {"I1": ("I1.a", "I1.b"), "E1": ("E1.a", "E1.b")},
        r"(?:\*|Inclusion Criteria: \*|Exclusion criteria: \*)",
        "other_trials/NCT00923156.txt",
        "Healthy Volunteers: False\nSex: ALL\nMinimum Age: 18 Years",
        None,
        16,
    ),
    "NCT03954834": Record(
        (*(f"I{n}" for n in range(1, 6)), "I-age", *(f"E{n}" for n in range(1, 9))),
        {"I2": ("I2.a", "I2.b", "I2.c"), "E3.c": ("E3.c.a", "E3.c.b")},
        r"(?:\*|Inclusion Criteria: \*|Exclusion Criteria: \*)",
        "other_trials/NCT03954834.txt",
        "Healthy Volunteers: False\nSex: ALL\nMinimum Age: 18 Years",
        None,
        22,
    ),
    "NCT00494585": Record(
        (*(f"I{n}" for n in range(1, 10)), *(f"E{n}" for n in range(1, 8))),
        {"I5": ("I5.1", "I5.2", "I5.3"), "E7": ("E7.1", "E7.2")},
        r"(?:-|(?:Inclusion|Exclusion) Criteria:\s+-)",
        None,
        None,
        "N/A",
        22,
    ),
    "NCT06150651": Record(
        (*(f"I{n}" for n in range(1, 6)), *(f"E{n}" for n in range(1, 12))),
        {"I3": ("I3.1", "I3.2", "I3.3"), "I3.1": ("I3.1-A", "I3.1-B", "I3.1-C")},
        r"(?:\d+(?:\.\d)?\.?|Inclusion Criteria: 1\.|Exclusion Criteria: 1\.)",
        "NCT06150651.txt",
        "Healthy Volunteers: False\nSex: ALL\nMinimum Age: 18 Years\nMaximum Age: 60 Years",
        "60 Years",
        51,
    ),
    "NCT05781750": Record(
        (
            *(f"I{n}" for n in range(1, 7)),
            "I-age",
            "I-other",
            *(f"E{n}" for n in range(1, 10)),
            "E-other",
        ),
        {"E5": ("E5-received", "E5-planned"), "E8": ("E8-HIV", "E8-HBV", "E8-HCV")},
        r"(?:\*|\* Current or medical history of: \*)",
        "other_trials/NCT05781750.txt",
        "Healthy Volunteers: False\nSex: ALL\nMinimum Age: 18 Years",
        None,
        26,
    ),
}


@pytest.fixture(params=TRIALS)
def name(request: pytest.FixtureRequest) -> str:
    """Each trial that has cases."""
    return str(request.param)


@pytest.fixture
def record(name: str) -> Record:
    return RECORDS[name]


@pytest.fixture
def trial(name: str) -> Trial:
    return load_trial(name)


def module(trial: Trial) -> Node:
    found = trial.model.ontology.graph.value(trial.model.name, ELIG.hasEligibilityModule)
    assert found is not None
    return found


def field(trial: Trial, predicate: URIRef) -> str | None:
    return trial.model.ontology.text(module(trial), predicate)


def quoted(trial: Trial, criterion: Criterion) -> URIRef:
    """The field that a criterion quotes."""
    return trial.model.ontology.iri(criterion.name, ELIG.quotesField) or ELIG.criteriaText


def every_criterion(trial: Trial) -> list[Criterion]:
    return [criterion for top in trial.criteria for criterion in top.walk()]


@cache
def shapes_of(name: str) -> Graph:
    return Graph().parse(data=load_trial(name).shapes, format="turtle")


def test_every_criterion_of_the_record_in_order(trial: Trial, record: Record) -> None:
    assert tuple(criterion.notation for criterion in trial.criteria) == record.criteria
    for notation, parts in record.parts.items():
        assert tuple(p.notation for p in trial.model.criterion(notation).parts) == parts


def test_quotes_are_exact_spans_of_what_they_quote(trial: Trial) -> None:
    for criterion in every_criterion(trial):
        text = field(trial, quoted(trial, criterion))
        assert text is not None
        assert criterion.quote
        assert criterion.span
        start, end = criterion.span
        assert text[start:end] == criterion.quote, criterion.notation


def test_quotes_cover_the_whole_text(trial: Trial, record: Record) -> None:
    text = field(trial, ELIG.criteriaText) or ""
    covered = [False] * len(text)
    for criterion in every_criterion(trial):
        if quoted(trial, criterion) == ELIG.criteriaText:
            assert criterion.span
            for index in range(*criterion.span):
                covered[index] = True
    rest = "".join(char if not known else "\0" for char, known in zip(text, covered, strict=True))
    left = [part.strip() for part in rest.split("\0") if part.strip()]
    assert all(re.fullmatch(record.rest, part) for part in left), left


def test_source_record_is_verbatim(trial: Trial, record: Record) -> None:
    if record.file is None:
        pytest.skip("the record was imported; tests of the import compare it with its source")
    folder = os.environ.get("ELIGO_DATA")
    path = Path(folder or "absent").parent / "clinical" / record.file
    if not path.is_file():
        pytest.skip("the registry record is not at hand: set ELIGO_DATA to the data beside it")
    text = path.read_text(encoding="utf-8")
    if text.startswith("SOURCE: "):
        text = text.partition("\n")[2].rstrip("\n")
    assert field(trial, ELIG.sourceRecord) == text


def test_criteria_text_stands_in_the_source_record(trial: Trial, record: Record) -> None:
    source, text = field(trial, ELIG.sourceRecord), field(trial, ELIG.criteriaText)
    assert source
    assert text
    if record.fields is None:
        assert json.loads(source)["eligibility"]["criteria"] == text
    else:
        assert f"Eligibility Criteria: {text}\n{record.fields}" in source


def test_every_field_of_the_module_is_stated_or_named_as_absent(
    trial: Trial, record: Record
) -> None:
    graph = trial.model.ontology.graph
    assert graph.value(module(trial), ELIG.healthyVolunteers) == Literal(False)
    assert graph.value(module(trial), ELIG.sexEligibility) == ELIG.AllSexes
    assert field(trial, ELIG.minimumAge) == "18 Years"
    assert field(trial, ELIG.maximumAge) == record.maximum_age
    absent = set(graph.objects(module(trial), ELIG.fieldNotProvided))
    more = set() if record.maximum_age else {ELIG.maximumAge}
    assert absent == {*SPOKEN_OF, *more}


def test_all_decisions_are_on_file_with_their_alternative(trial: Trial, record: Record) -> None:
    graph = trial.model.ontology.graph
    for number in range(1, record.decisions + 1):
        decision = URIRef(f"{trial.model.name}/D-{number:02d}")
        assert (decision, RDF.type, ELIG.Decision) in graph
        for predicate in (ELIG.adopted, ELIG.alternative, ELIG.rationale):
            assert trial.model.ontology.text(decision, predicate), (decision, predicate)


def test_every_criterion_is_formalised_and_has_shapes_and_a_case(trial: Trial, name: str) -> None:
    graph = shapes_of(name)
    named = {notation for case in load_cases(name) for notation in case.expected}
    for criterion in every_criterion(trial):
        assert criterion.formalised, criterion.notation
        for shape in (naming.met_shape(criterion.name), naming.not_met_shape(criterion.name)):
            assert (shape, RDF.type, SH.NodeShape) in graph
        if criterion in trial.criteria:
            assert criterion.notation in named


def test_population_asks_for_all_inclusions_and_no_exclusion(trial: Trial) -> None:
    population = URIRef(f"{trial.model.name}/EligiblePopulation")
    assert trial.model.ontology.graph.value(population, OWL.equivalentClass) is not None
    needed = trial.model.rules.definitions[population].expression
    assert needed is not None
    assert {c.name for c in trial.criteria} == references(needed)


def test_committed_shapes_equal_their_source(trial: Trial, name: str) -> None:
    committed = {path.stem: path for path in shapes("trials")}
    assert committed[name].read_text(encoding="utf-8") == trial.shapes


def test_shapes_nest_no_deeper_than_validators_allow_by_default(trial: Trial, name: str) -> None:
    graph = shapes_of(name)
    for criterion in trial.criteria:
        for shape in (naming.violation_shape(criterion.name), naming.open_shape(criterion.name)):
            assert depth(graph, shape) <= DEPTH_OF_VALIDATORS, shape


def depth(graph: Graph, shape: Node) -> int:
    nested = [graph.value(shape, predicate) for predicate in (SH.qualifiedValueShape,)] + [
        o for p in (SH.property, SH.node, SH["not"]) for o in graph.objects(shape, p)
    ]
    for predicate in (SH["or"], SH["and"]):
        for head in graph.objects(shape, predicate):
            nested += list(graph.items(head))
    return 1 + max((depth(graph, inner) for inner in nested if inner is not None), default=0)
