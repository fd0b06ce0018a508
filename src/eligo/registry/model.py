"""A registry record in one form, whatever format it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class SourceFormat(StrEnum):
    """The format of a record."""

    API = "ClinicalTrials.gov API version 2, JSON"
    CLASSIC = "ClinicalTrials.gov classic API, JSON"
    XML = "ClinicalTrials.gov legacy XML"
    ROW = "row with a study's number and its eligibility fields, JSON"
    TEXT = "text of labels and values"


@dataclass(frozen=True)
class Source:
    """Where a record was read.

    Attributes:
        name: Name of the file; `-` is standard input.
        sha256: Of the file's bytes, in hexadecimal digits.
        row: Place in a file that holds several, counted from 1; None: it holds one.
        line: Whether `row` is a line of the file.
    """

    name: str
    sha256: str
    row: int | None = None
    line: bool = False

    @property
    def place(self) -> str:
        """The file and, where it holds several, the place in it."""
        if self.row is None:
            return self.name
        return f"{self.name}:{self.row}" if self.line else f"{self.name}, record {self.row}"


@dataclass(frozen=True)
class Record:
    """A registry record.

    Attributes:
        identifier: Registry number.
        format: What it was read from.
        source: Where it was read.
        text: The record as it was read: JSON, XML or plain text.
        fields: Fields by their names in API version 2, with the values as the source writes them.
        others: Fields of the source's eligibility module that are not known.
    """

    identifier: str
    format: SourceFormat
    source: Source
    text: str = field(repr=False)
    fields: Mapping[str, Any]
    others: Mapping[str, Any]

    @property
    def criteria_text(self) -> str:
        """The criteria text, or nothing."""
        text = self.fields.get("eligibilityCriteria")
        return text if isinstance(text, str) else ""
