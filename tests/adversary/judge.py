"""Decide many records at once: direct evaluation, and the record shapes where it would matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from rdflib import Graph, URIRef
from rdflib.term import Node

from case_loader import PATIENTS
from eligo.api import Trial
from eligo.assess.decide import decide
from eligo.derive.inputs import Run
from eligo.derive.run import derive
from eligo.errors import InputError
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.view import GraphView
from eligo.records.extract import extract
from eligo.records.records import Records
from eligo.services.record import RecordChecker

SCREENING = date(2026, 3, 2)


@dataclass(frozen=True)
class Outcome:
    """What became of a record.

    Attributes:
        verdict: The overall verdict.
        statuses: Status of each criterion by its number.
        problems: What the record checks found.
    """

    verdict: str
    statuses: Mapping[str, str]
    problems: tuple[str, ...]


@cache
def trial() -> Trial:
    """The trial, loaded once."""
    return Trial.load("NCT06150651")


def moved(graph: Graph, place: str) -> Graph:
    """Give a record a namespace of its own, so that many fit into one store."""
    copy = Graph()
    for triple in graph:
        s, p, o = (_moved(term, place) for term in triple)
        copy.add((s, p, o))
    return copy


def _moved(term: Node, place: str) -> Node:
    if isinstance(term, URIRef) and str(term).startswith(PATIENTS):
        return URIRef(f"{PATIENTS}{place}/{str(term).rpartition('/')[2]}")
    return term


def judge(graphs: Mapping[str, Graph], policy: str = "default") -> dict[str, Outcome]:
    """Decide the patient `patient` of every record; only would-be eligible records are checked.

    A record that no patient can be found in is "no patient".
    """
    loaded = trial()
    model = loaded.model
    records = Records()
    for name, graph in graphs.items():
        text = moved(graph, name).serialize(format="nt", encoding="utf-8")
        try:
            records.add_rdf(text, f"{name}.nt")
        except InputError as error:
            records.failures.append(error)
    evidence = extract(records.store, model.ontology.short)
    run = Run(SCREENING)
    chosen = loaded.policies[policy]
    derived = derive(
        evidence, model.vocabulary, model.asked, model.name, run, chosen, model.ontology
    )
    checker = RecordChecker(model.ontology)
    found = {}
    for name in graphs:
        patient = URIRef(f"{PATIENTS}{name}/patient")
        if patient not in derived.graphs:
            unread = tuple(str(failure) for failure in records.failures if name in str(failure))
            found[name] = Outcome("no patient", {}, unread)
            continue
        evaluator = Evaluator(GraphView(derived.graphs[patient]), patient, model.rules)
        statuses = {c.notation: evaluator.named(c.name).status for c in model.criteria}
        pairs = [(c.polarity, statuses[c.notation]) for c in model.criteria]
        problems = [problem.text for problem in derived.problems.get(patient, ())]
        verdict = str(decide(pairs, trusted=not problems))
        if verdict == "eligible":
            problems += [problem.text for problem in checker.problems(records, patient)]
            verdict = str(decide(pairs, trusted=not problems))
        words = {notation: str(status) for notation, status in statuses.items()}
        found[name] = Outcome(verdict, words, tuple(problems))
    return found
