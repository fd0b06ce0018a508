"""Every pattern, on, at and past its limits and with data missing: what its criteria say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import Graph, URIRef

from eligo.api import Trial
from eligo.derive.inputs import Run
from eligo.derive.run import derive
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.view import GraphView
from eligo.patterns.library import installed
from eligo.records.extract import extract
from eligo.records.records import Records
from patterns.pattern_kit import expanded, records

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8")
)
JOINED = [
    {"criterion": "X1", "pattern": "Sex", "sex": "female", "quote": "x one"},
    {"criterion": "X2", "pattern": "Age", "minimum": "18", "quote": "x two"},
    {
        "criterion": "X3",
        "pattern": "Diagnosis",
        "condition": "Malignancy",
        "status": "ever",
        "quote": "x three",
    },
]
SCREENING = date(2026, 3, 2)


@dataclass(frozen=True)
class Decided:
    """The trial of all rows, and what it says of every patient."""

    trial: Trial
    statuses: dict[str, str]
    data: bytes


def rows() -> list[dict[str, str]]:
    """Return the rows of the cases as a table has them."""
    numbered = [
        {"criterion": f"I{n}", "quote": f"row {n}.", **{k: _cell(v) for k, v in c["row"].items()}}
        for n, c in enumerate(CASES, 1)
    ]
    return [*JOINED, *numbered]


def _cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def patients() -> dict[str, tuple[str, list[Any], str]]:
    """Return the patients: which criterion is asked, their facts, and what it must say."""
    return {
        f"I{n}-{name}": (f"I{n}", case["facts"], case["says"])
        for n, entry in enumerate(CASES, 1)
        for name, case in entry["patients"].items()
    }


PATIENTS = patients()


def decide(folder: Path) -> Decided:
    """Expand the rows, derive all patients at once and decide each by its criterion."""
    _, made = expanded(rows())
    assert made.faults == ()
    path = folder / "rows.ttl"
    path.write_text(made.text, encoding="utf-8")
    trial = Trial.load(str(path))
    model = trial.model
    everyone = {name: facts for name, (_, facts, _) in PATIENTS.items()}
    data = records(everyone)
    read = Records()
    read.add_rdf(data, "patients.ttl")
    assert not read.failures
    derived = derive(
        extract(read.store, model.ontology.short),
        model.vocabulary,
        model.asked,
        model.name,
        Run(SCREENING),
        model.policies["default"],
        model.ontology,
    )
    statuses = {}
    for name, (criterion, _, _) in PATIENTS.items():
        patient = URIRef(f"https://example.org/{name}")
        evaluator = Evaluator(GraphView(derived.graphs[patient]), patient, model.rules)
        statuses[name] = str(evaluator.named(model.criterion(criterion).name).status)
    return Decided(trial, statuses, data)


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    return decide(tmp_path_factory.mktemp("rows"))


@pytest.mark.parametrize("name", PATIENTS)
def test_criterion_says_what_it_must(name: str, decided: Decided) -> None:
    assert decided.statuses[name] == PATIENTS[name][2]


def test_shacl_says_the_same_of_a_full_record(decided: Decided) -> None:
    facts = [case["facts"] for e in CASES for case in [*e["patients"].values()][:1]]
    merged = {"full": [fact for several in facts for fact in several if fact[0] != "birth"]}
    graph = Graph().parse(data=records(merged), format="turtle")
    screening = decided.trial.screen(graph, screening_date=SCREENING)
    assert not screening.failures
    assert {str(s) for s in screening[0].statuses.values()} == {"met", "not met", "unknown"}


def test_every_pattern_has_cases_of_each_status() -> None:
    says: dict[str, set[str]] = {}
    for entry in CASES:
        found = {case["says"] for case in entry["patients"].values()}
        says.setdefault(entry["row"]["pattern"], set()).update(found)
    assert says.keys() == {p.local for p in installed().patterns.values()}
    few = {name for name, found in says.items() if found != {"met", "not met", "unknown"}}
    assert few == {"NotFormalised", "HealthyVolunteer"}
