"""A folder of trials of every sort, four people, and what screening says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rdflib import Graph, URIRef

from docs.pages import ROOT, blocks
from eligo.api import Trial
from eligo.assess.match import PatientMatch, Standing
from eligo.assess.model import Assessment
from eligo.derive.inputs import Run
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Truth
from eligo.evaluate.view import GraphView
from eligo.match.judge import READING, Judge
from eligo.match.library import Library
from eligo.records.model import RecordFinding
from eligo.records.records import Records
from eligo.services.record import problems_of
from eligo.services.registry import as_turtle, read_registry
from eligo.trial.read import read_policies

HERE = Path(__file__).parent
RECORDS = HERE / "records.jsonl"
PEOPLE = HERE / "people.ttl"
DAY = date(2026, 3, 2)
WHOLE = "NCT05781750"
"""A trial with terms of its own, which stands beside others."""
APART = "NCT00000001"
"""A trial that describes a concept of its own, on which the kinds of codes rest."""


def write_trials(folder: Path) -> None:
    """Write trials as imports and authors would."""
    for record, text in as_turtle(read_registry([str(RECORDS)]).records.values()):
        (folder / f"{record.identifier}.ttl").write_text(text, encoding="utf-8")
    page = (ROOT / "docs" / "new-trial.md").read_text(encoding="utf-8")
    handwritten = next(block.text for block in blocks(page) if block.role == "file")
    concept = re.sub(r"concept:KidneyTransplantation", "nct:Graft", handwritten) + (
        "\nnct:Graft a owl:Class, owl:NamedIndividual, nct:Graft ;\n"
        '    rdfs:label "Graft"@en ; skos:definition "A kidney transplantation."@en ;\n'
        "    rdfs:subClassOf concept:KidneyTransplantation .\n"
    )
    (folder / f"{APART}.ttl").write_text(concept, encoding="utf-8")


def match_people(
    library: Library, records: Records, checked: Mapping[URIRef, tuple[RecordFinding, ...]]
) -> dict[str, PatientMatch]:
    """Match patients with trials, all of them explained."""
    judge = Judge(library, records, Run(DAY), read_policies(library.ontology)["default"])
    return {
        str(patient): judge.match(patient, problems_of(checked[patient]), None, None)
        for patient in judge.patients
    }


@dataclass(frozen=True)
class Direct:
    """The direct evaluator as an engine: that it agrees with validation is tested elsewhere."""

    trial: Trial

    def decide(self, data: Graph) -> Mapping[URIRef, Mapping[URIRef, Truth]]:
        (patient,) = {s for s in data.subjects() if str(s).startswith("https://example.org/people")}
        assert isinstance(patient, URIRef)
        evaluator = Evaluator(GraphView(data), patient, self.trial.model.rules)
        return {patient: {name: evaluator.named(name) for name in self.trial.model.judged}}


def screened(
    name: str, records: Records, checked: dict[URIRef, tuple[RecordFinding, ...]]
) -> Iterator[Assessment]:
    """Screen the patients for one trial as `eligo screen` does."""
    trial = Trial.load(name)
    prepared = trial.prepare(records, screening_date=DAY)
    screener = replace(prepared.screener, engine=Direct(trial))
    ours = replace(prepared, screener=screener, checked=checked)
    for item in ours.screen():
        yield item.assessment


def of_assessment(assessment: Assessment) -> tuple[object, ...]:
    """Return what a match must say of an assessment."""
    against = {
        r.criterion.notation: tuple(dict.fromkeys(e.text for e in r.evidence))
        for r in assessment.results
        if r.against
    }
    open_ = {
        r.criterion.notation: tuple(dict.fromkeys(m.text for m in r.missing))
        for r in assessment.results
        if not r.against and not r.favourable
    }
    bare = {r.criterion.notation for r in assessment.results if not r.criterion.formalised}
    told = {name: (READING,) if name in bare else texts for name, texts in open_.items()}
    return assessment.verdict, bool(assessment.problems), assessment.dates, against, told


def of_standing(standing: Standing) -> tuple[object, ...]:
    """Return the same of a standing."""
    open_ = (*standing.lacking, *standing.attested, *standing.unread)
    return (
        standing.verdict,
        not standing.trusted,
        standing.dates,
        {reason.item.notation: reason.texts for reason in standing.against},
        {reason.item.notation: reason.texts for reason in open_},
    )
