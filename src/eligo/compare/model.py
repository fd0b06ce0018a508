"""What a comparison found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eligo.compare.sides import Item, Side


class Relation(StrEnum):
    """How what one criterion asks lies to what another asks; each but the last is proved."""

    EQUAL = "equal"
    NARROWER = "narrower"
    WIDER = "wider"
    DISJOINT = "disjoint"
    INCOMPARABLE = "incomparable"


class How(StrEnum):
    """In which sense two criteria are compared."""

    INCLUSIONS = "inclusions"
    EXCLUSIONS = "exclusions"
    INCLUSION_EXCLUSION = "inclusion and negated exclusion"
    EXCLUSION_INCLUSION = "negated exclusion and inclusion"


class Inside(StrEnum):
    """Whether one population lies inside another."""

    YES = "inside"
    AS_FORMALISED = "inside as far as formalised"
    NOT_PROVED = "not proved"


@dataclass(frozen=True)
class Pair:
    """Two criteria of different trials.

    Attributes:
        first: The one.
        second: The other.
        relation: How the first lies to the second.
        how: What of them was compared.
    """

    first: Item
    second: Item
    relation: Relation
    how: How


class Defect(StrEnum):
    """What the criteria of one trial can be by themselves."""

    UNSATISFIABLE = "unsatisfiable"
    ALWAYS = "always true"
    CONTRADICTION = "contradiction"
    DEAD_ALTERNATIVE = "excluded alternative"
    REDUNDANT = "redundant"
    NOBODY = "nobody can join"


@dataclass(frozen=True)
class Remark:
    """Something about the criteria of one trial.

    Attributes:
        defect: What it is.
        item: The criterion; None: all of them together.
        others: Criteria that it comes from.
        way: Of an excluded alternative, its place among the alternatives, from 1.
    """

    defect: Defect
    item: Item | None
    others: tuple[Item, ...] = ()
    way: int | None = None


@dataclass(frozen=True)
class Containment:
    """Whether the population of one trial lies inside that of another.

    Attributes:
        inside: The answer.
        open: Criteria of the other trial that were not proved to hold of this one's population.
    """

    inside: Inside
    open: tuple[Item, ...]


@dataclass(frozen=True)
class Comparison:
    """How two trials compare.

    Attributes:
        first: The one.
        second: The other.
        pairs: Criteria that were compared, in order.
        first_inside: Whether the first population lies inside the second.
        second_inside: The reverse.
        apart: Whether nobody can join both.
        remarks: What was found within each trial.
    """

    first: Side
    second: Side
    pairs: tuple[Pair, ...]
    first_inside: Containment
    second_inside: Containment
    apart: bool
    remarks: tuple[tuple[Remark, ...], tuple[Remark, ...]]

    def of(self, item: Item) -> tuple[Pair, ...]:
        """Return the pairs of a criterion of either trial."""
        return tuple(pair for pair in self.pairs if item is pair.first or item is pair.second)


@dataclass(frozen=True)
class Source:
    """Where a trial of a comparison came from.

    Attributes:
        path: Its file.
        sha256: Of the file, in hexadecimal digits.
        digest: Of everything that decides: the general ontology, the trial and Eligo's version.
    """

    path: str
    sha256: str
    digest: str


@dataclass(frozen=True)
class Compared:
    """A comparison and what it was made from.

    Attributes:
        comparison: The answers.
        sources: Where the two trials came from.
        prefixes: Prefixes to write names with.
        version: Of Eligo.
        reasoner: The reasoner with its version.
        at: When the reasoner answered.
        questions: How many questions it was asked.
    """

    comparison: Comparison
    sources: tuple[Source, Source]
    prefixes: dict[str, str]
    version: str
    reasoner: str
    at: datetime
    questions: int
