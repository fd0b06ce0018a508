"""The population of a trial: what is said of it, and what its rules tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

from eligo.resources import population_files
from eligo.synth.facts import fact_items
from eligo.synth.items import measure_item, read_items, recorded_by, replaced
from eligo.synth.limits import demands_of
from eligo.synth.model import Anchor, Day, Item, Population
from eligo.synth.values import Use, Values
from eligo.trial.trial import TrialModel
from eligo.vocabulary.ontology import load_ontology
from eligo.vocabulary.terms import ELIG


def population_of(model: TrialModel, files: Sequence[Path] = ()) -> Population:
    """Return the population of a trial: the general one, its own, and what its rules tell.

    Args:
        model: The trial.
        files: Populations of your own (Turtle), beside those that come with Eligo.

    Raises:
        InputError: A file is missing or is not Turtle.
        ModelError: A population is malformed.
    """
    source = load_ontology([*population_files(), *files])
    values = Values(source, model, demands_of(model))
    graph = source.graph
    everyone, own = [], []
    for name in sorted(graph.subjects(RDF.type, ELIG.Population), key=str):
        if not isinstance(name, URIRef):
            continue
        trials = list(graph.objects(name, ELIG.ofTrial))
        if not trials:
            everyone.append(name)
        elif model.name in trials:
            own.append(name)
    members = [*everyone, *own]
    stood_for = frozenset().union(*(replaced(values, name) for name in members))
    stated = [item for name in members for item in read_items(values, name)]
    measures = sorted(m for m in values.demands.measures if m not in stood_for)
    inferred = [item for m in measures if (item := measure_item(values, m)) is not None]
    inferred += fact_items(values, stood_for, recorded_by(inferred))
    shares = [text for name in members if (text := source.text(name, ELIG.candidateShare))]
    anchors = [a for name in members for a in _anchors(values, name)]
    odd = [item for name in members for item in read_items(values, name, awkward=True)]
    return Population(
        model.identifier,
        tuple(_named_once([*stated, *inferred])),
        tuple(odd),
        tuple(anchors),
        float(shares[-1]) if shares else 0.5,
    )


def relations_of(model: TrialModel) -> dict[URIRef, URIRef]:
    """Return the relation that links a patient to facts of each class."""
    graph = model.ontology.graph
    return {
        kind: relation
        for relation in sorted(graph.subjects(RDFS.domain, ELIG.Patient), key=str, reverse=True)
        if isinstance(relation, URIRef)
        for kind in graph.objects(relation, RDFS.range)
        if isinstance(kind, URIRef)
    }


def _named_once(items: list[Item]) -> list[Item]:
    """Number items that would have the same name."""
    counts: dict[str, int] = {}
    found = []
    for item in items:
        count = counts[item.name] = counts.get(item.name, 0) + 1
        found.append(item if count == 1 else replace(item, name=f"{item.name}-no{count}"))
    return found


def _anchors(values: Values, population: URIRef) -> list[Anchor]:
    found = []
    for node in values.listed(population, ELIG.hasAnchors):
        name = values.source.iri(node, ELIG.anchor)
        if name is None:
            raise values.error(node, "an anchor date needs its name (elig:anchor)")
        found.append(_anchor(values, node, name))
    return found


def _anchor(values: Values, node: Node, name: URIRef) -> Anchor:
    ends = values.listed(node, ELIG.between)
    if ends:
        days = [date.fromisoformat(str(end)) for end in ends if isinstance(end, Literal)]
        if len(days) != 2:
            raise values.error(node, "elig:between takes two dates")
        return Anchor(name, (days[0], days[1]), None)
    day = values.value(node, Use())
    if not isinstance(day, Day):
        raise values.error(node, "an anchor date is drawn between two days, or before another")
    return Anchor(name, None, day)
