"""How patients stand towards many trials, and in which order that is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rdflib import URIRef

from eligo.assess.model import Verdict
from eligo.records.model import DataProblem, Dates
from eligo.trial.model import Polarity
from eligo.vocabulary.mappings import MappingFolder

USUAL_LENGTH = 80
"""Characters of a criterion: 77 on average in 5,778 items of ClinicalTrials.gov records."""

NOTHING_SAID = 1000
"""How many criteria words stand for that a record does not even publish: more than any has."""

ORDER = (Verdict.ELIGIBLE, Verdict.UNDETERMINED, Verdict.NOT_ELIGIBLE)


@dataclass(frozen=True)
class Item:
    """A top-level criterion of a candidate.

    Attributes:
        name: Its IRI.
        notation: Its number in the record.
        label: A short name.
        polarity: Inclusion or exclusion.
        judged: The class that decides it, which criteria that say the same share; None: nobody has
            put it in logic.
        attested: Whether only a person can settle it.
        ask: What to obtain when it is unknown.
        unread: Whether it, or a part of it, is not put in logic.
        length: Characters of the record that it and its parts quote.
    """

    name: URIRef
    notation: str
    label: str
    polarity: Polarity
    judged: URIRef | None
    attested: bool
    ask: str | None
    unread: bool
    length: int

    @property
    def weight(self) -> int:
        """How many criteria of the usual length its words amount to."""
        return -(-self.length // USUAL_LENGTH) or NOTHING_SAID


@dataclass(frozen=True)
class Candidate:
    """A trial that patients are matched with.

    Attributes:
        name: Its IRI.
        identifier: Registry number.
        title: Its title or label.
        source: The file it was read from.
        items: Its top-level criteria.
    """

    name: URIRef
    identifier: str
    title: str
    source: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Reason:
    """A criterion that decides a standing or leaves it open.

    Attributes:
        item: The criterion.
        conflict: Whether the record says both.
        texts: Why, in words.
    """

    item: Item
    conflict: bool = False
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How one patient stands towards one trial.

    Attributes:
        candidate: The trial.
        verdict: The outcome, that of screening for the trial.
        trusted: Whether the record is free of data problems.
        dates: The dates of the screening.
        against: Criteria that stand against the patient.
        lacking: Those that are unknown, or in conflict, and that data would settle.
        attested: Those that are unknown and that only a person can settle.
        unread: Those that are unknown and not, or not wholly, put in logic.
        favourable: How many are settled in the patient's favour.
    """

    candidate: Candidate
    verdict: Verdict
    trusted: bool
    dates: Dates
    against: tuple[Reason, ...]
    lacking: tuple[Reason, ...]
    attested: tuple[Reason, ...]
    unread: tuple[Reason, ...]
    favourable: int

    @property
    def open(self) -> int:
        """How many criteria are not settled."""
        return len(self.lacking) + len(self.attested) + len(self.unread)

    @property
    def near_miss(self) -> bool:
        """Whether a single criterion stands against the patient."""
        return len(self.against) == 1

    @property
    def place(self) -> tuple[object, ...]:
        """What standings are sorted by.

        Fewer criteria against, then fewer to be settled by data or by reading, where words count by
        their length; attestations, which are asked for in any case, count only between equals, and
        so do criteria that are not in logic; then whoever has more settled in favour.
        """
        return (
            ORDER.index(self.verdict),
            len(self.against),
            len(self.lacking) + sum(reason.item.weight for reason in self.unread),
            len(self.attested),
            len(self.unread),
            -self.favourable,
            self.candidate.identifier,
        )


@dataclass(frozen=True)
class PatientMatch:
    """How one patient stands towards all candidates.

    Attributes:
        patient: IRI of the patient.
        name: What the record calls the patient.
        dates: The dates, where the record states none for a single trial.
        problems: What in the record cannot be trusted.
        verdicts: How many candidates have each verdict.
        standings: The first candidates in their order.
    """

    patient: str
    name: str | None
    dates: Dates
    problems: tuple[DataProblem, ...]
    verdicts: Mapping[Verdict, int]
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class MatchRun:
    """Patients matched with trials.

    Attributes:
        version: Version of Eligo.
        policy: Name of the evidence policy.
        policy_iri: Its IRI.
        policy_label: What it assumes.
        mappings: Folders of code mappings that were used.
        today: The day that stands in for screening dates; None: one was given.
        candidates: The trials, as they were named.
        matches: One match a patient, in the order of their IRIs.
        failures: Trials and sources that could not be read, with the reason.
    """

    version: str
    policy: str
    policy_iri: URIRef
    policy_label: str
    mappings: tuple[MappingFolder, ...]
    today: date | None
    candidates: tuple[Candidate, ...]
    matches: tuple[PatientMatch, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """How the patients of a cohort stand towards one trial.

    Attributes:
        eligible: How many are eligible.
        undetermined: How many are undetermined.
        not_eligible: How many are not eligible.
        unread_only: Of the undetermined, how many lack nothing but criteria put in logic.
        near_miss: Of those who are not eligible, how many have a single criterion against them.
    """

    eligible: int
    undetermined: int
    not_eligible: int
    unread_only: int
    near_miss: int

    @property
    def place(self) -> tuple[int, ...]:
        """What trials are sorted by: those first that have, or may have, most patients."""
        return (-self.eligible, -self.unread_only, -self.undetermined, -self.near_miss)

    def __add__(self, other: Counts) -> Counts:
        """Return the counts of both cohorts together."""
        return Counts(
            self.eligible + other.eligible,
            self.undetermined + other.undetermined,
            self.not_eligible + other.not_eligible,
            self.unread_only + other.unread_only,
            self.near_miss + other.near_miss,
        )


@dataclass(frozen=True)
class CohortMatch:
    """A cohort matched with trials.

    Attributes:
        version: Version of Eligo.
        policy: Name of the evidence policy.
        screening: The screening date for records that state none.
        given: Whether the user gave it.
        patients: How many patients there are.
        trials: The candidates with their counts, most promising first.
        failures: Trials that could not be read, with the reason.
    """

    version: str
    policy: str
    screening: date
    given: bool
    patients: int
    trials: tuple[tuple[Candidate, Counts], ...]
    failures: tuple[str, ...]
