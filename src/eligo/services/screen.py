"""Screen patients for a trial: derive, validate, decide, explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from typing import Protocol

import pyoxigraph as ox
from rdflib import Graph, URIRef

from eligo.assess.decide import decide
from eligo.assess.model import Assessment, CriterionResult
from eligo.derive.inputs import Run
from eligo.derive.run import Derived, derive
from eligo.engines.shacl import ShaclEngine
from eligo.errors import EngineError
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Status, Truth
from eligo.evaluate.view import GraphView
from eligo.explain.explainer import Explainer
from eligo.explain.words import Words
from eligo.records.extract import extract
from eligo.records.model import DataProblem, Dates, RecordFinding
from eligo.records.records import Records
from eligo.services.holders import graphs_of, unheld_facts
from eligo.services.record import RecordChecker, in_order, problems_of
from eligo.trial.model import Criterion, Policy
from eligo.trial.trial import TrialModel
from eligo.vocabulary.terms import ELIG


class Engine(Protocol):
    """Decides the named classes of a trial for the patients of an enriched graph."""

    def decide(self, data: Graph) -> Mapping[URIRef, Mapping[URIRef, Truth]]:
        """Return, for each patient, the truth of each named class.

        Raises:
            EngineError: Nothing was checked, or the engine failed.
        """


@dataclass(frozen=True)
class Screened:
    """One screened patient.

    Attributes:
        assessment: The outcome.
        graph: The enriched graph it rests on.
    """

    assessment: Assessment
    graph: Graph


@dataclass(frozen=True)
class Screener:
    """Screens patients for one trial.

    Attributes:
        trial: The trial.
        engine: Decides the named classes.
        checker: Finds what in a record cannot be trusted.
    """

    trial: TrialModel
    engine: Engine
    checker: RecordChecker

    @staticmethod
    def of(trial: TrialModel) -> Screener:
        """Prepare screening by SHACL validation; shapes are read once."""
        engine = ShaclEngine(trial.shapes, trial.judged)
        return Screener(trial, engine, RecordChecker(trial.ontology))

    def prepare(self, records: Records, run: Run, policy: Policy) -> Prepared:
        """Derive what the criteria need for all patients of the records.

        Raises:
            EngineError: A derivation script failed.
        """
        ontology = self.trial.ontology
        evidence = extract(records.store, ontology.short)
        trial = self.trial
        derived = derive(evidence, trial.vocabulary, trial.asked, trial.name, run, policy, ontology)
        return Prepared(self, records, derived, run, policy)

    def screen(self, records: Records, run: Run, policy: Policy) -> Iterator[Screened]:
        """Screen every patient of the records, in the order of their IRIs.

        Raises:
            EngineError: An engine failed, or validation and direct evaluation disagree.
        """
        return self.prepare(records, run, policy).screen()

    def assess(
        self,
        patient: URIRef,
        graph: Graph,
        dates: Dates,
        policy: Policy,
        problems: tuple[DataProblem, ...],
    ) -> Assessment:
        """Judge one enriched graph.

        Raises:
            EngineError: An engine failed, or validation and direct evaluation disagree.
        """
        truths = self.engine.decide(graph)[patient]
        evaluator = Evaluator(GraphView(graph), patient, self.trial.rules)
        self._compare(patient, truths, evaluator)
        explainer = Explainer(evaluator, Words(self.trial.ontology, graph))
        results = tuple(self._result(c, patient, truths, explainer) for c in self.trial.criteria)
        tops = self.trial.criteria
        assumed = Evaluator(GraphView(graph), patient, self.trial.rules, self.trial.assumed)
        trusted = not problems
        return Assessment(
            patient=str(patient),
            trial=self.trial.identifier,
            verdict=decide(((r.criterion.polarity, r.status) for r in results), trusted=trusted),
            prescreen=decide(
                ((c.polarity, assumed.named(c.name).status) for c in tops), trusted=trusted
            ),
            dates=dates,
            policy=policy.notation,
            results=results,
            advisories=tuple(a for a in self.trial.advisories if truths[a.name].met),
            problems=problems,
            version=version("eligo"),
            mappings=self.trial.mappings,
        )

    def _compare(
        self, patient: URIRef, truths: Mapping[URIRef, Truth], evaluator: Evaluator
    ) -> None:
        for name, truth in truths.items():
            direct = evaluator.named(name)
            if direct != truth:
                short = self.trial.ontology.short(name)
                raise EngineError(
                    f"{patient}: validation says {short} is {truth.status}, direct evaluation says "
                    f"{direct.status}; please report this"
                )

    def _result(
        self,
        criterion: Criterion,
        patient: URIRef,
        truths: Mapping[URIRef, Truth],
        explainer: Explainer,
    ) -> CriterionResult:
        truth = truths[criterion.name]
        name = criterion.name
        evidence = (
            *(explainer.evidence(name, patient, met=True) if truth.met else ()),
            *(explainer.evidence(name, patient, met=False) if truth.refuted else ()),
        )
        unknown = truth.status is Status.UNKNOWN
        return CriterionResult(
            criterion,
            truth.status,
            tuple(dict.fromkeys(evidence)),
            explainer.missing(name, patient) if unknown else (),
            tuple(self._result(part, patient, truths, explainer) for part in criterion.parts),
        )


@dataclass(frozen=True)
class Prepared:
    """Patients whose evidence is derived and who are ready to be judged.

    Attributes:
        screener: Judges them.
        records: What was read.
        derived: Enriched graphs, dates and problems.
        run: The dates of the run.
        policy: The evidence policy.
        checked: Findings about the records checked so far.
    """

    screener: Screener
    records: Records
    derived: Derived
    run: Run
    policy: Policy
    checked: dict[URIRef, tuple[RecordFinding, ...]] = field(default_factory=dict, compare=False)

    @property
    def patients(self) -> tuple[URIRef, ...]:
        """All patients, in the order of their IRIs."""
        wanted = self.records.patients
        return tuple(p for p in self.derived.graphs if wanted is None or str(p) in wanted)

    @property
    def unmapped(self) -> dict[str, int]:
        """Codes that no concept lists, with how many facts carry each, most frequent first."""
        return self.derived.unmapped

    def findings(self, patient: URIRef) -> tuple[RecordFinding, ...]:
        """Return what the record shapes find in a patient's record, validated once.

        Raises:
            EngineError: Validation failed.
        """
        if patient not in self.checked:
            self.checked[patient] = self.screener.checker.check(self.records, patient)
        return self.checked[patient]

    def problems(self, patient: URIRef) -> tuple[DataProblem, ...]:
        """Return what in a patient's record cannot be trusted.

        Raises:
            EngineError: Validation failed.
        """
        astray = (
            problem
            for graph in sorted(graphs_of(self.records, patient))
            for problem in self.unheld.get(graph, ())
        )
        return in_order(
            (
                *problems_of(self.findings(patient)),
                *self.records.doubts_of(str(patient)),
                *astray,
                *self.derived.problems.get(patient, ()),
            )
        )

    @cached_property
    def unheld(self) -> dict[str, tuple[DataProblem, ...]]:
        """Facts without exactly one holder, by the graph they stand in."""
        return unheld_facts(self.records, self.screener.trial.ontology)

    def states_screening_date(self, patient: URIRef) -> bool:
        """Tell whether the record itself dates the screening for this trial."""
        store = self.records.store
        trial = ox.NamedNode(str(self.screener.trial.name))
        for link in store.quads_for_pattern(
            ox.NamedNode(str(patient)), ox.NamedNode(str(ELIG.hasScreening)), None
        ):
            if not isinstance(link.object, ox.NamedNode):
                continue
            facts = {
                quad.predicate.value: quad.object
                for quad in store.quads_for_pattern(link.object, None, None)
            }
            ours = facts.get(str(ELIG.forTrial), trial) == trial
            if ours and str(ELIG.screeningDate) in facts:
                return True
        return False

    def screen(self, patients: Iterable[URIRef] | None = None) -> Iterator[Screened]:
        """Screen the given patients, by default all, one by one.

        Raises:
            EngineError: An engine failed, or validation and direct evaluation disagree.
        """
        for patient in self.patients if patients is None else patients:
            graph = self.derived.graphs[patient]
            assessment = self.screener.assess(
                patient, graph, self.derived.dates[patient], self.policy, self.problems(patient)
            )
            yield Screened(assessment, graph)
