"""What machines read."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import PROV, RDF

from eligo.assess.model import Verdict
from eligo.cli.session import load_trial
from eligo.errors import UsageError
from eligo.evaluate.truth import Status
from eligo.records.model import DataProblem
from eligo.report.answers import Answer, answer_text
from eligo.report.csv import run_csv
from eligo.report.difference import difference
from eligo.report.json import run_json
from eligo.report.rdf import assessment_graph, assessment_iri, result_iri
from eligo.report.serialise import dataset, turtle
from eligo.trial.model import Polarity
from eligo.vocabulary.terms import ELIG
from report.outcomes import PATIENT, assessment, criterion, result, run

PART = criterion("E1-A", Polarity.EXCLUSION)
WHOLE = criterion("E1", Polarity.EXCLUSION, PART, ask="A test.")
PROBLEM = DataProblem("correct it", "https://example.org/fact", "a.ttl")
OUTCOME = assessment(
    result(criterion("I1", Polarity.INCLUSION), Status.MET, because=("age 30", "born 1996")),
    result(WHOLE, Status.UNKNOWN, result(PART, Status.UNKNOWN, missing=("a test",))),
    prescreen=Verdict.ELIGIBLE,
    problems=(PROBLEM,),
)


def test_json_nests_parts_and_names_everything() -> None:
    value = json.loads(run_json(run(OUTCOME, unmapped={"urn:eligo:unmapped:ATC:L04": 2})))
    assert value["unmapped"] == [{"system": "ATC", "code": "L04", "facts": 2}]
    (found,) = value["assessments"]
    assert found["prescreen"] == "eligible"
    assert found["dates"]["intervention"] is None
    assert found["problems"] == [
        {"node": "https://example.org/fact", "message": "correct it", "source": "a.ttl"}
    ]
    first, second = found["criteria"]
    assert first["evidence"][0] == {"text": "age 30", "restsOn": ["https://example.org/fact"]}
    assert second["parts"][0]["missing"] == [{"text": "a test", "restsOn": []}]


def test_csv_has_a_row_for_each_criterion() -> None:
    rows = list(csv.DictReader(io.StringIO(run_csv(run(OUTCOME)))))
    assert [(row["criterion"], row["part_of"]) for row in rows] == [
        ("I1", ""),
        ("E1", ""),
        ("E1-A", "E1"),
    ]
    assert rows[0]["evidence"] == "age 30 | born 1996"
    assert rows[0]["data_problems"] == "1"


def graph() -> Graph:
    """Return the assessment as RDF, in the vocabulary of the one trial there is."""
    return assessment_graph(OUTCOME, load_trial("NCT06150651").model)


def test_assessment_graph_says_it_in_the_vocabulary() -> None:
    found, name = graph(), assessment_iri(OUTCOME)
    assert found.value(name, ELIG.ofPatient) == URIRef(PATIENT)
    assert found.value(name, ELIG.verdict) == ELIG.Undetermined
    assert found.value(name, ELIG.prescreenVerdict) == ELIG.Eligible
    assert found.value(name, ELIG.underPolicy) == ELIG.DefaultPolicy
    assert found.value(name, ELIG.raises) == URIRef("urn:a")
    agent = found.value(name, PROV.wasAttributedTo)
    assert (agent, RDF.type, PROV.SoftwareAgent) in found
    inclusion = result_iri(OUTCOME, OUTCOME["I1"])
    assert set(found.objects(inclusion, ELIG.explanation)) == {
        Literal("age 30"),
        Literal("born 1996"),
    }
    assert found.value(inclusion, ELIG.restsOn) == URIRef("https://example.org/fact")
    missing = found.value(result_iri(OUTCOME, OUTCOME["E1-A"]), ELIG.misses)
    assert found.value(missing, ELIG.explanation) == Literal("a test")
    problem = found.value(name, ELIG.hasProblem)
    assert (problem, RDF.type, ELIG.DataProblem) in found


def test_graphs_are_written_the_same_every_time() -> None:
    prefixes = {"elig": str(ELIG)}
    assert turtle([graph()], prefixes) == turtle([graph()], prefixes)
    name = assessment_iri(OUTCOME)
    first, second = (dataset({name: graph()}, prefixes, format="nquads") for _ in range(2))
    assert first == second
    assert all(line.endswith(f"<{name}> .") for line in first.splitlines())


def test_another_policy_is_another_assessment() -> None:
    from dataclasses import replace

    assert assessment_iri(OUTCOME) != assessment_iri(replace(OUTCOME, policy="complete-lists"))


def test_differences_name_the_first_line() -> None:
    assert "from line 2 on: 1 lines go, 2 come" in difference("a\nb\nc\n", "a\nx\ny\nc\n")
    assert difference("a\n", "a\r\n") == "differs in its line endings"


def test_answers_keep_iris_whole_and_types() -> None:
    long = "https://example.org/" + "x" * 200
    answer = Answer(("a", "b"), ((ox.NamedNode(long), ox.Literal("1")), (None, ox.Literal(2))))
    assert long in answer_text(answer, None)
    assert "(2 rows)" in answer_text(answer, "table")
    rows = json.loads(answer_text(answer, "json"))["results"]["bindings"]
    assert rows[1] == {
        "b": {
            "type": "literal",
            "value": "2",
            "datatype": "http://www.w3.org/2001/XMLSchema#integer",
        }
    }
    assert answer_text(answer, "csv").splitlines() == ["a,b", f"{long},1", ",2"]
    with pytest.raises(UsageError, match="returns no statements"):
        answer_text(answer, "turtle")
    with pytest.raises(UsageError, match="--format turtle"):
        answer_text(Answer(graph=()), "csv")
