"""What a trial consists of, as read from its ontology."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rdflib import URIRef

from eligo.evaluate.truth import Status


class Polarity(StrEnum):
    """Whether a criterion must hold or must not hold."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"


@dataclass(frozen=True)
class Decision:
    """An interpretation decision or a ruling.

    Attributes:
        name: Its IRI.
        notation: Its number, such as `D-06`.
        adopted: The reading adopted.
        alternative: The reading set aside; None for a ruling.
        rationale: Why; None for a ruling.
    """

    name: URIRef
    notation: str
    adopted: str
    alternative: str | None
    rationale: str | None


@dataclass(frozen=True)
class Criterion:
    """A criterion or sub-criterion of the record.

    Attributes:
        name: Its IRI.
        notation: Its number in the record, such as `I3.1` or `E9`.
        label: A short name.
        definition: What it means, in words.
        polarity: Inherited by sub-criteria from their top-level criterion.
        quote: The exact words of the record it formalises.
        span: Where these words stand in the criteria text.
        decisions: Decisions and rulings it adopts.
        ask: What to obtain when it is unknown.
        attested: Whether only a person can settle it.
        favourable: The status assumed for prescreening where `attested`.
        parts: Sub-criteria in order.
        formalised: Whether it has a definition.
    """

    name: URIRef
    notation: str
    label: str
    definition: str
    polarity: Polarity
    quote: str | None
    span: tuple[int, int] | None
    decisions: tuple[Decision, ...]
    ask: str | None
    attested: bool
    favourable: Status
    parts: tuple[Criterion, ...]
    formalised: bool

    def walk(self) -> tuple[Criterion, ...]:
        """Return the criterion and all its sub-criteria, depth first."""
        return (self, *(inner for part in self.parts for inner in part.walk()))


@dataclass(frozen=True)
class Advisory:
    """Something a reader should be told; it never counts.

    Attributes:
        name: Its IRI.
        label: A short name.
        message: The sentence to show when it applies.
        advises: Notations of the criteria it comments on.
    """

    name: URIRef
    label: str
    message: str
    advises: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """An evidence policy.

    Attributes:
        name: Its IRI.
        notation: The name it is chosen by.
        label: A short name.
        definition: What it assumes, in words.
        assumes: Relations, with the kind each is limited to, that it treats as completely recorded.
    """

    name: URIRef
    notation: str
    label: str
    definition: str
    assumes: tuple[tuple[URIRef, URIRef | None], ...]
