"""The outcome of screening: frozen, typed, independent of any engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from eligo.evaluate.truth import Status
from eligo.records.model import DataProblem, Dates
from eligo.trial.model import Advisory, Criterion, Polarity
from eligo.vocabulary.mappings import MappingFolder


class Verdict(StrEnum):
    """The outcome for a patient."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not eligible"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Evidence:
    """Something in the record that bears on a criterion.

    Attributes:
        text: The evidence in words: value, unit, date, threshold.
        sources: IRIs of the facts and measurements it rests on.
    """

    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Missing:
    """What would settle an unknown criterion.

    Attributes:
        text: What is missing, in words.
        sources: IRIs of the facts that leave it open, if any.
    """

    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class CriterionResult:
    """The status of one criterion with its reasons.

    Attributes:
        criterion: The criterion.
        status: Met, not met, unknown or in conflict.
        evidence: What decided it, or what speaks on either side.
        missing: What would settle it, where it is unknown.
        parts: Results of its sub-criteria.
    """

    criterion: Criterion
    status: Status
    evidence: tuple[Evidence, ...]
    missing: tuple[Missing, ...]
    parts: tuple[CriterionResult, ...]

    @property
    def against(self) -> bool:
        """Whether the criterion stands against the patient."""
        bad = Status.NOT_MET if self.criterion.polarity is Polarity.INCLUSION else Status.MET
        return self.status is bad

    @property
    def favourable(self) -> bool:
        """Whether the criterion is settled in the patient's favour."""
        good = Status.MET if self.criterion.polarity is Polarity.INCLUSION else Status.NOT_MET
        return self.status is good

    def walk(self) -> Iterator[CriterionResult]:
        """Yield the result and those of all sub-criteria, depth first."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class Assessment:
    """The outcome of one screening of one patient.

    Attributes:
        patient: IRI of the patient.
        trial: Registry number of the trial.
        verdict: The outcome.
        prescreen: The outcome with what only a person can attest assumed favourable.
        dates: The dates used.
        policy: The evidence policy applied.
        results: Results of the top-level criteria in the record's order.
        advisories: Remarks that apply; they never count.
        problems: What in the record cannot be trusted.
        version: Version of Eligo.
        mappings: Folders of code mappings that were used.
    """

    patient: str
    trial: str
    verdict: Verdict
    prescreen: Verdict
    dates: Dates
    policy: str
    results: tuple[CriterionResult, ...]
    advisories: tuple[Advisory, ...]
    problems: tuple[DataProblem, ...]
    version: str
    mappings: tuple[MappingFolder, ...] = ()

    def walk(self) -> Iterator[CriterionResult]:
        """Yield the results of all criteria and sub-criteria in order."""
        for result in self.results:
            yield from result.walk()

    def __getitem__(self, notation: str) -> CriterionResult:
        """Return the result of a criterion by its number in the record, such as ``E9``.

        Raises:
            KeyError: There is no such criterion.
        """
        for result in self.walk():
            if result.criterion.notation == notation:
                return result
        raise KeyError(notation)

    @property
    def statuses(self) -> dict[str, Status]:
        """Status of every criterion and sub-criterion by its number."""
        return {result.criterion.notation: result.status for result in self.walk()}
