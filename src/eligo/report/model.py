"""The outcome of a run as reports see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from eligo.assess.model import Assessment, CriterionResult, Verdict
from eligo.evaluate.truth import Status
from eligo.trial.model import Polarity
from eligo.vocabulary.mappings import MappingFolder

UNMAPPED = "urn:eligo:unmapped:"
READINGS = {
    (Polarity.INCLUSION, Status.MET): "met",
    (Polarity.INCLUSION, Status.NOT_MET): "not met",
    (Polarity.EXCLUSION, Status.MET): "excluded",
    (Polarity.EXCLUSION, Status.NOT_MET): "not excluded",
}


@dataclass(frozen=True)
class RunReport:
    """One run over one or more patients.

    Attributes:
        trial: Registry number of the trial.
        trial_iri: IRI of the trial.
        policy: Name of the evidence policy.
        policy_label: What the policy assumes, in a few words.
        version: Version of Eligo.
        assessments: One assessment a patient, in the order of their IRIs.
        names: What the record calls a patient, by IRI.
        undated: Patients screened as of `today`, as neither record nor user gave a date.
        today: The day of the run, where it was used as a screening date.
        warnings: What in a patient's record is left out or absent, by IRI.
        not_screened: Patients on whom an engine failed.
        failures: Sources that could not be read, with the reason.
        notes: What of the sources was left out, and why.
        unmapped: Codes that no concept lists, with how many facts carry each.
        mappings: Folders of code mappings that were used.
    """

    trial: str
    trial_iri: str
    policy: str
    policy_label: str
    version: str
    assessments: tuple[Assessment, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    undated: tuple[str, ...] = ()
    today: date | None = None
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_screened: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unmapped: Mapping[str, int] = field(default_factory=dict)
    mappings: tuple[MappingFolder, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """Return how many patients have a verdict."""
        return sum(a.verdict is verdict for a in self.assessments)

    @property
    def with_problems(self) -> int:
        """How many patients have a data problem."""
        return sum(bool(a.problems) for a in self.assessments)


def reading(result: CriterionResult) -> str:
    """Say what a status means for the patient, so that a met exclusion is not read as good news."""
    return READINGS.get((result.criterion.polarity, result.status), result.status.value)


def wording(result: CriterionResult) -> str:
    """Name the status of a criterion for a reader."""
    if result.criterion.polarity is Polarity.EXCLUSION and result.status is Status.MET:
        return "excluded (met)"
    if result.criterion.polarity is Polarity.EXCLUSION and result.status is Status.NOT_MET:
        return "not excluded (not met)"
    if result.status is Status.CONFLICT:
        return "conflict (the record says both)"
    return reading(result)


def split_code(unmapped: str) -> tuple[str, str]:
    """Split the name of an unmapped code into system and code."""
    system, _, code = unmapped.removeprefix(UNMAPPED).partition(":")
    return system, code
