"""Patterns, their parameters, and uses of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rdflib import URIRef


class Form(StrEnum):
    """What a parameter takes; the local name of the ontology's value form."""

    CONCEPT = "ConceptForm"
    NUMBER = "NumberForm"
    WHOLE = "WholeNumberForm"
    UNIT = "UnitForm"
    DURATION = "DurationForm"
    BOOLEAN = "BooleanForm"
    TEXT = "TextForm"
    CHOICE = "ChoiceForm"
    CRITERION = "CriterionForm"
    MEASURE = "MeasureForm"


@dataclass(frozen=True)
class Parameter:
    """A parameter of a pattern.

    Attributes:
        name: The property that names it in a block.
        form: What it takes.
        meaning: What it is, in words.
        required: Whether it must be given.
        several: Whether it may have several values.
        below: Concepts of which its concepts are one, or lie below one; none: any.
        choices: The words that it takes, of a choice.
        default: Its value where none is given, as written in a row.
        unit_of: Of a unit, the parameter whose test it belongs to.
    """

    name: URIRef
    form: Form
    meaning: str
    required: bool
    several: bool
    below: tuple[URIRef, ...]
    choices: tuple[str, ...]
    default: str | None
    unit_of: str | None

    @property
    def local(self) -> str:
        """The name of its column in a row."""
        return local_name(self.name)


class Template(StrEnum):
    """A template of a pattern; the local name of its property."""

    CLASS = "classTemplate"
    REFUTATION = "refutationTemplate"
    BESIDE = "besideTemplate"
    LABEL = "labelTemplate"
    WORDS = "wordsTemplate"
    ASK = "askTemplate"
    REASON = "reasonTemplate"


@dataclass(frozen=True)
class Pattern:
    """A pattern.

    Attributes:
        name: Its IRI.
        label: A short name.
        definition: What its criteria say.
        note: What else its users should know.
        parameters: Its parameters by the name of their column.
        one_of: Parameters of which at least one must be given.
        templates: Its templates.
        attested: Whether only a person can settle its criteria.
        examples: Rows that show it.
    """

    name: URIRef
    label: str
    definition: str
    note: str | None
    parameters: Mapping[str, Parameter]
    one_of: tuple[str, ...]
    templates: Mapping[Template, str]
    attested: bool
    examples: tuple[str, ...]

    @property
    def local(self) -> str:
        """The name by which rows name it."""
        return local_name(self.name)


@dataclass(frozen=True)
class Fault:
    """Something wrong with a row, a block or what a pattern makes of it.

    Attributes:
        place: File, with line and column where it has them, or file and criterion.
        text: What is wrong, and how to mend it.
    """

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


@dataclass(frozen=True)
class Use:
    """A use of a pattern, as it is written.

    Attributes:
        criterion: The criterion.
        pattern: The pattern's name as written, an IRI.
        values: The values of each parameter, by the parameter's IRI, as a row writes them.
        negated: Whether the criterion says that it is not so.
        places: Where each value stands, by the parameter's IRI; of the whole under None.
    """

    criterion: URIRef
    pattern: URIRef
    values: Mapping[URIRef, tuple[str, ...]]
    negated: bool
    places: Mapping[URIRef | None, str]

    def place(self, parameter: URIRef | None = None) -> str:
        """Name the place of a value, else that of the whole use."""
        return self.places.get(parameter) or self.places[None]


def local_name(name: URIRef) -> str:
    """Return the last part of an IRI."""
    return name.rpartition("/")[2].rpartition("#")[2]
