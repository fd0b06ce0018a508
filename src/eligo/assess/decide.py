"""From statuses to a verdict: a pure function."""

from __future__ import annotations

from collections.abc import Iterable

from eligo.assess.model import Verdict
from eligo.evaluate.truth import Status
from eligo.trial.model import Polarity


def decide(statuses: Iterable[tuple[Polarity, Status]], *, trusted: bool) -> Verdict:
    """Return the verdict for the statuses of all top-level criteria.

    A patient is eligible only if every criterion is settled in the patient's favour, nothing is in
    conflict and the record can be trusted.

    Args:
        statuses: Polarity and status of each top-level criterion.
        trusted: Whether the record is free of data problems.
    """
    pairs = list(statuses)
    against = {Polarity.INCLUSION: Status.NOT_MET, Polarity.EXCLUSION: Status.MET}
    if any(status is against[polarity] for polarity, status in pairs):
        return Verdict.NOT_ELIGIBLE
    undecided = (Status.UNKNOWN, Status.CONFLICT)
    if not pairs or not trusted or any(status in undecided for _, status in pairs):
        return Verdict.UNDETERMINED
    return Verdict.ELIGIBLE
