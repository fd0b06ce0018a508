"""How the patients of files stand towards all candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rdflib import Graph, URIRef

from eligo.assess.decide import decide
from eligo.assess.match import Candidate, Item, PatientMatch, Reason, Standing
from eligo.derive.inputs import Run
from eligo.derive.run import Derived, derive
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Status
from eligo.evaluate.view import GraphView
from eligo.explain.explainer import Explainer
from eligo.explain.words import Words
from eligo.match.derived import mark, naming, shares
from eligo.match.group import Group
from eligo.match.library import Library
from eligo.records.extract import Evidence, extract
from eligo.records.model import DataProblem
from eligo.records.records import Records
from eligo.services.holders import graphs_of, unheld_facts
from eligo.services.record import in_order
from eligo.trial.model import Polarity, Policy

PLACES = ("against", "lacking", "attested", "unread")
READING = "needs a human reading"


@dataclass(frozen=True)
class Share:
    """Candidates with the evidence that was derived for them.

    Attributes:
        group: Their rules.
        candidates: The trials.
        derived: The evidence of all patients.
    """

    group: Group
    candidates: tuple[Candidate, ...]
    derived: Derived


@dataclass(frozen=True)
class Judge:
    """Decides candidates for patients by direct evaluation.

    Attributes:
        library: The candidates.
        records: What was read.
        run: The dates of the run.
        policy: The evidence policy.
    """

    library: Library
    records: Records
    run: Run
    policy: Policy

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """The evidence, derived as seldom as can be.

        Raises:
            EngineError: A derivation script failed.
        """
        return tuple(share for group in self.library.groups for share in self._derive(group))

    def _derive(self, group: Group) -> Iterator[Share]:
        ontology = group.ontology
        evidence = extract(self.records.store, ontology.short)
        for trial, candidates in shares(group.candidates, _named(evidence, naming(ontology))):
            derived = derive(
                evidence, group.vocabulary, group.asked, trial, self.run, self.policy, ontology
            )
            yield Share(group, candidates, derived)

    @cached_property
    def patients(self) -> tuple[URIRef, ...]:
        """All patients, in the order of their IRIs."""
        wanted = self.records.patients
        found = self.shares[0].derived.graphs if self.shares else {}
        return tuple(p for p in found if wanted is None or str(p) in wanted)

    @cached_property
    def unheld(self) -> Mapping[str, tuple[DataProblem, ...]]:
        """Facts without exactly one holder, by the graph they stand in."""
        return unheld_facts(self.records, self.library.ontology)

    def match(
        self, patient: URIRef, found: Sequence[DataProblem], name: str | None, most: int | None
    ) -> PatientMatch:
        """Return how a patient stands towards all candidates.

        Args:
            patient: The patient.
            found: What the record shapes find in the record.
            name: What the record calls the patient.
            most: How many candidates to explain; None: all.
        """
        shared = (
            *found,
            *self.records.doubts_of(str(patient)),
            *(
                problem
                for graph in sorted(graphs_of(self.records, patient))
                for problem in self.unheld.get(graph, ())
            ),
        )
        told: list[tuple[Standing, View]] = []
        problems: set[DataProblem] = set()
        for share in self.shares:
            own = (*shared, *share.derived.problems.get(patient, ()))
            problems |= set(own)
            view = View(share, patient, trusted=not own)
            told += [(view.standing(candidate), view) for candidate in share.candidates]
        told.sort(key=lambda pair: pair[0].place)
        return PatientMatch(
            str(patient),
            name,
            self.shares[0].derived.dates[patient],
            in_order(problems),
            Counter(standing.verdict for standing, _ in told),
            tuple(view.explained(standing) for standing, view in told[:most]),
        )


def _named(evidence: Evidence, properties: frozenset[str]) -> frozenset[str]:
    """Return the marks of the trials that facts name."""
    attributes = next(table for table in evidence.tables if table.name == "e_attribute")
    return frozenset(mark(str(row[2])) for row in attributes.rows if row[1] in properties)


class View:
    """One patient as candidates of one derivation see them.

    Args:
        share: The candidates.
        patient: The patient.
        trusted: Whether the record is free of data problems.
    """

    def __init__(self, share: Share, patient: URIRef, *, trusted: bool) -> None:
        self._patient = patient
        self._trusted = trusted
        self._dates = share.derived.dates[patient]
        self._graph: Graph = share.derived.graphs[patient]
        self._evaluator = Evaluator(GraphView(self._graph), patient, share.group.rules)
        self._explainer = Explainer(self._evaluator, Words(share.group.ontology, self._graph))
        self._said: dict[tuple[URIRef, Polarity | None], tuple[str, ...]] = {}

    def standing(self, candidate: Candidate) -> Standing:
        """Return how the patient stands towards a candidate, without words."""
        statuses = [(item, self._status(item)) for item in candidate.items]
        found: dict[str, list[Reason]] = {place: [] for place in PLACES}
        favourable = 0
        for item, status in statuses:
            place = _place(item, status)
            if place is None:
                favourable += 1
            else:
                found[place].append(Reason(item, status is Status.CONFLICT))
        verdict = decide(
            ((item.polarity, status) for item, status in statuses), trusted=self._trusted
        )
        reasons = {place: tuple(reasons) for place, reasons in found.items()}
        return Standing(
            candidate, verdict, self._trusted, self._dates, favourable=favourable, **reasons
        )

    def _status(self, item: Item) -> Status:
        return Status.UNKNOWN if item.judged is None else self._evaluator.named(item.judged).status

    def explained(self, standing: Standing) -> Standing:
        """Return a standing with its reasons in words."""
        return replace(
            standing,
            against=self._told(standing.against, against=True),
            lacking=self._told(standing.lacking),
            attested=self._told(standing.attested),
            unread=self._told(standing.unread),
        )

    def _told(self, reasons: Iterable[Reason], *, against: bool = False) -> tuple[Reason, ...]:
        return tuple(
            replace(reason, texts=self._texts(reason.item, against=against)) for reason in reasons
        )

    def _texts(self, item: Item, *, against: bool) -> tuple[str, ...]:
        if item.judged is None:
            return (READING,)
        key = (item.judged, item.polarity if against else None)
        if key not in self._said:
            self._said[key] = self._explain(item.judged, item.polarity, against=against)
        return self._said[key]

    def _explain(self, name: URIRef, polarity: Polarity, *, against: bool) -> tuple[str, ...]:
        if against:
            met = polarity is Polarity.EXCLUSION
            found = self._explainer.evidence(name, self._patient, met=met)
            return tuple(dict.fromkeys(evidence.text for evidence in found))
        truth = self._evaluator.named(name)
        if truth.met and truth.refuted:
            return ("the record says both",)
        missing = self._explainer.missing(name, self._patient)
        return tuple(dict.fromkeys(entry.text for entry in missing))


def _place(item: Item, status: Status) -> str | None:
    """Return where a standing lists a criterion; None: it is settled in the patient's favour."""
    if status is Status.CONFLICT:
        return "lacking"
    if status is Status.UNKNOWN:
        return "unread" if item.unread else "attested" if item.attested else "lacking"
    return None if (status is Status.MET) is (item.polarity is Polarity.INCLUSION) else "against"
