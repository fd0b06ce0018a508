"""A whole OMOP database is read, derived and decided; every row is accounted for."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from eligo.api import Trial
from eligo.assess.decide import decide
from eligo.assess.model import Verdict
from eligo.derive.inputs import Run
from eligo.derive.run import derive
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.view import GraphView
from eligo.records.extract import extract
from eligo.records.omop import read_omop
from eligo.records.records import Records
from records.omop_kit import expected, read

PERSONS = 2694
AT_ONCE = 150
SAMPLE = None if os.environ.get("ELIGO_ALL_CASES") else 4
FACTS = Path(__file__).parents[1] / "records" / "omop-eunomia.ttl"
HAS = b"> <https://w3id.org/eligo/ns/has"
COUNTED = (
    "person",
    "condition_occurrence",
    "drug_exposure",
    "procedure_occurrence",
    "measurement",
    "observation",
    "observation_period",
    "visit_occurrence",
)


@pytest.fixture(scope="module")
def eunomia(data: Path) -> Path:
    folder = data / "omop"
    if not (folder / "person.csv.gz").is_file():
        pytest.skip(f"{folder} is not at hand")
    return folder


def rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_every_row_of_every_table_is_accounted_for(eunomia: Path) -> None:
    facts = 0

    def count(_: str, lines: bytes) -> None:
        nonlocal facts
        facts += lines.count(HAS)

    result = read_omop(eunomia, count)
    tallies = {tally.table: tally for tally in result.tallies}
    for table in COUNTED:
        with gzip.open(eunomia / f"{table}.csv.gz", "rb") as file:
            lines = sum(1 for _ in file) - 1
        assert tallies[table].rows == lines, table
        assert not tallies[table].rejected
        assert not tallies[table].doubtful
    assert tallies["person"].read == PERSONS
    assert facts == sum(tally.read for tally in tallies.values()) - PERSONS


def test_facts_of_some_persons_are_those_of_the_tables(eunomia: Path) -> None:
    """Taken from the tables by hand."""
    facts = expected(FACTS)
    persons = {t.subject.value for t in facts if isinstance(t.subject, ox.NamedNode)}
    reading = read(eunomia, *(iri for iri in persons if ":person:" in iri))
    assert facts - reading.triples == set()


def test_no_person_is_eligible_and_nothing_fails(eunomia: Path, trial: Trial) -> None:
    """Derived and decided directly; nobody attests anything here, so nobody can be eligible."""
    model = trial.model
    persons = [row["PERSON_ID"] for row in rows(eunomia / "person.csv.gz")]
    assert len(persons) == PERSONS
    chosen = persons if SAMPLE is None else persons[:: PERSONS // SAMPLE][:SAMPLE]
    verdicts = []
    for start in range(0, len(chosen), AT_ONCE):
        records = Records()
        part = chosen[start : start + AT_ONCE]
        records.add_omop(eunomia, [f"urn:eligo:omop:person:{person}" for person in part])
        assert not records.failures
        evidence = extract(records.store, model.ontology.short)
        derived = derive(
            evidence,
            model.vocabulary,
            model.asked,
            model.name,
            Run(date(2019, 6, 1)),
            model.policies["default"],
            model.ontology,
        )
        for patient, graph in derived.graphs.items():
            evaluator = Evaluator(GraphView(graph), patient, model.rules)
            statuses = [(c.polarity, evaluator.named(c.name).status) for c in model.criteria]
            trusted = not derived.problems.get(patient)
            verdicts.append(decide(statuses, trusted=trusted))
    assert len(verdicts) == len(chosen)
    assert Verdict.ELIGIBLE not in verdicts
    assert Verdict.NOT_ELIGIBLE in verdicts
