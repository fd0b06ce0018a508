"""A truth value as two independent answers: is it established, is it refuted.

Two booleans rather than one nullable boolean, because contradictory data can give both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The status of a criterion."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether the record establishes and whether it refutes something."""

    met: bool
    refuted: bool

    @property
    def status(self) -> Status:
        """The status these two answers amount to."""
        if self.met:
            return Status.CONFLICT if self.refuted else Status.MET
        return Status.NOT_MET if self.refuted else Status.UNKNOWN

    @staticmethod
    def of(status: Status) -> Truth:
        """Return the answers that a status stands for."""
        return Truth(
            status in (Status.MET, Status.CONFLICT), status in (Status.NOT_MET, Status.CONFLICT)
        )

    def __invert__(self) -> Truth:
        return Truth(self.refuted, self.met)


UNKNOWN = Truth(False, False)
