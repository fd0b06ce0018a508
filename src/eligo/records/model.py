"""What a patient's record amounts to before anything is judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class Dates:
    """The dates of a screening.

    Attributes:
        screening: Date of consent and screening assessments.
        evaluation: Date of evaluation; later facts do not count, except planned ones.
        enrolment: Date on which eligibility is confirmed.
        intervention: Planned date of the intervention, None if not known.
    """

    screening: date
    evaluation: date
    enrolment: date
    intervention: date | None


@dataclass(frozen=True)
class DataProblem:
    """Something in a patient's record that cannot be trusted.

    Attributes:
        text: What is wrong and how to mend it.
        node: The fact or patient concerned.
        source: The file, with the line where it can be told.
    """

    text: str
    node: str
    source: str | None = None


class Severity(StrEnum):
    """How much a finding about a record weighs."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True)
class RecordFinding:
    """A validation result about a record.

    Attributes:
        severity: A violation means that the record cannot be trusted; a warning, that answers may
            stay unknown.
        node: The patient, fact or value concerned.
        path: The property concerned, in its short form.
        message: What is wrong and how to mend it.
        value: The offending value as it was written, or a short IRI.
        sources: Files that say something about the node.
    """

    severity: Severity
    node: str
    path: str | None
    message: str
    value: str | None
    sources: tuple[str, ...]

    @property
    def text(self) -> str:
        """The finding in one line."""
        where = f"{self.path}: " if self.path else ""
        detail = f" (found: {self.value})" if self.value is not None else ""
        return f"{where}{self.message}{detail}"
