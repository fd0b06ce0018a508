"""What a patient's record amounts to before anything is judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
