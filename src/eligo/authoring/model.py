"""What is found in the file of a trial."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef
from rdflib.term import Node

from eligo.records.model import Severity

Triple = tuple[Node, Node, Node]


@dataclass(frozen=True)
class Finding:
    """Something in the file of a trial that should be mended, or that its author should know.

    Attributes:
        severity: A violation counts; a warning should be looked at; information is for the author.
        rule: Name of the check.
        place: The file.
        trial: Registry number.
        term: What it is about; None: the trial.
        what: What was found.
        mend: How to mend it; None: there is nothing to mend.
        line: Line of the file where the term stands, from 1; None: it was not found.
    """

    severity: Severity
    rule: str
    place: str
    trial: str
    term: URIRef | None
    what: str
    mend: str | None
    line: int | None = None

    @property
    def local(self) -> str | None:
        """The term without its namespace."""
        return None if self.term is None else self.term.rpartition("/")[2]


@dataclass(frozen=True)
class Coverage:
    """How much of a trial is put in logic.

    Attributes:
        trial: Registry number.
        formalised: Numbers of the top-level criteria that are.
        open: Numbers of those that are not.
        unquoted: Stretches of the criteria text that no criterion quotes: start, end and words.
    """

    trial: str
    formalised: tuple[str, ...]
    open: tuple[str, ...]
    unquoted: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class TrialFile:
    """The file of a trial as it stands, with what its patterns stand for.

    Attributes:
        path: The file.
        identifier: Registry number.
        trial: The trial.
        triples: What it states, its patterns expanded.
        written: What it states as it stands.
    """

    path: Path
    identifier: str
    trial: URIRef
    triples: tuple[Triple, ...]
    written: tuple[Triple, ...]


def parted(text: str) -> tuple[str, str | None]:
    """Part a message into what is wrong and how to mend it.

    Args:
        text: A message such as "the quotation ends before it begins; correct the offsets".
    """
    what, semicolon, mend = text.rpartition("; ")
    return (what, mend.removesuffix(".")) if semicolon else (text, None)
