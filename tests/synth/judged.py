"""A synthetic cohort, derived once and decided directly; and where its values lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from rdflib import Graph, URIRef

from eligo.api import Trial
from eligo.assess.decide import decide
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.view import GraphView
from eligo.expression.definitions import depends_on
from eligo.expression.model import Range
from eligo.records.records import Records
from eligo.synth.cohort import Cohort
from eligo.synth.limits import walk
from eligo.synth.population import population_of, relations_of
from eligo.synth.render import Writer
from eligo.trial.trial import TrialModel
from eligo.vocabulary import naming
from trials.cohort import derive_cases


@dataclass
class Judged:
    """What a cohort showed.

    Attributes:
        statuses: How many patients have each status, by criterion; `overall` is the verdict.
        sides: For each end of a range in the rules, which sides of it values lie on.
    """

    statuses: dict[str, Counter[str]] = field(default_factory=dict)
    sides: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)


def cohort_of(model: TrialModel, seed: int = 1, awkward: float = 0.0) -> Cohort:
    """Return a cohort of a trial in N-Triples."""
    return Cohort(population_of(model), Writer(relations_of(model), {}), seed, awkward)


def judge(trial: Trial, count: int, start: int = 0, size: int = 400) -> Judged:
    """Derive and decide a cohort, some patients at a time."""
    judged = Judged()
    cohort = cohort_of(trial.model)
    for first in range(start, start + count, size):
        number = min(size, start + count - first)
        records = Records()
        records.add_rdf("".join(cohort.patients(number, first)).encode(), "cohort.nt")
        assert not records.failures, records.failures
        derived = derive_cases(trial, records)
        for patient, graph in derived.graphs.items():
            note(judged, trial.model, graph, patient, bool(derived.problems.get(patient)))
    return judged


def note(judged: Judged, model: TrialModel, graph: Graph, patient: URIRef, troubled: bool) -> None:
    """Add one patient to what a cohort showed."""
    view = GraphView(graph)
    evaluator = Evaluator(view, patient, model.rules)
    for top in model.criteria:
        for criterion in top.walk():
            status = str(evaluator.named(criterion.name).status)
            judged.statuses.setdefault(criterion.notation, Counter())[status] += 1
    verdict = decide(
        [(c.polarity, evaluator.named(c.name).status) for c in model.criteria],
        trusted=not troubled,
    )
    judged.statuses.setdefault("overall", Counter())[str(verdict)] += 1
    if troubled:
        judged.statuses.setdefault("problems", Counter())["some"] += 1
    for attribute, end in ends(model):
        place = judged.sides.setdefault(
            (model.ontology.short(attribute), f"{end.normalize():f}"), Counter()
        )
        for low, high in bounds(graph, attribute):
            if low == high == end:
                place["on"] += 1
            elif high is not None and high < end:
                place["below"] += 1
            elif low is not None and low > end:
                place["above"] += 1


def ends(model: TrialModel) -> list[tuple[URIRef, Decimal]]:
    """Return every end of a range in the criteria of a trial, with its measure or attribute."""
    waiting = [criterion.name for criterion in model.criteria]
    seen: set[URIRef] = set()
    found: set[tuple[URIRef, Decimal]] = set()
    while waiting:
        name = waiting.pop()
        definition = model.rules.definitions[name]
        if name in seen or definition.expression is None:
            continue
        seen.add(name)
        waiting += depends_on(definition)
        for part in walk(definition.expression):
            if isinstance(part, Range):
                pair = (part.minimum, part.maximum)
                found |= {(part.attribute, end) for end in pair if end is not None}
    return sorted(found)


def bounds(graph: Graph, attribute: URIRef) -> Iterator[tuple[Decimal | None, Decimal | None]]:
    """Yield the lower and upper bounds of an attribute in an enriched graph."""
    lows, highs = (dict(graph.subject_objects(n(attribute))) for n in (naming.low, naming.high))
    for node in lows.keys() | highs.keys():
        low, high = (
            None if v is None else Decimal(str(v)) for v in (lows.get(node), highs.get(node))
        )
        yield low, high
