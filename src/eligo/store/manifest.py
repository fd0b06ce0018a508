"""The manifest of a store: what it was made from, and what it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from eligo.errors import InputError
from eligo.store.doubts import Doubt
from eligo.store.files import write_atomic
from eligo.store.layout import IMPORTING, MANIFEST, SCHEMA_VERSION


@dataclass(frozen=True)
class SourceEntry:
    """A source of a store.

    Attributes:
        number: Its number.
        name: What it was called when it was read.
        kind: `rdf`, `fhir` or `omop`.
        size: Bytes.
        sha256: Hash of its bytes.
        statements: How many statements it makes.
        kept: How many of them stand in patients' records.
        rejected: How many belong to no record.
        patients: How many patients it speaks of.
    """

    number: int
    name: str
    kind: str
    size: int
    sha256: str
    statements: int
    kept: int
    rejected: int
    patients: int


@dataclass(frozen=True)
class Rejected:
    """Something that is in no patient's record.

    Attributes:
        source: Name of the source.
        reason: Why.
        statements: How many statements are concerned; None: nobody can tell.
        examples: Some of what they are about.
    """

    source: str
    reason: str
    statements: int | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeCount:
    """A code that no concept lists.

    Attributes:
        system: Its code system, in its short form.
        notation: The code.
        display: The commonest wording.
        facts: How many facts carry it.
    """

    system: str | None
    notation: str | None
    display: str | None
    facts: int


@dataclass(frozen=True)
class PartEntry:
    """A part of a store.

    Attributes:
        number: Its number.
        rows: How many rows each of its tables has.
        sources: How many patients each source speaks of, by the source's number.
        codes: System, notation, wording and facts of each of its codes that no concept lists.
    """

    number: int
    rows: Mapping[str, int]
    sources: Mapping[int, int]
    codes: tuple[CodeCount, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """What a store was made from, and what it holds.

    Attributes:
        version: Version of Eligo that wrote it.
        written: When, ISO 8601.
        lexicon: Hash of what of the ontology the extraction rests on.
        generation: How many imports it has seen.
        sources: What was read.
        parts: What is there.
        unmapped: Codes that no concept lists, most frequent first.
        rejected: What is in no patient's record.
        doubts: What makes records doubtful.
        counts: How many FHIR resources or OMOP rows were read, ignored and rejected, by type.
        notes: What the readers left out.
    """

    version: str
    written: str
    lexicon: str
    generation: int
    sources: tuple[SourceEntry, ...] = ()
    parts: tuple[PartEntry, ...] = ()
    unmapped: tuple[CodeCount, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    counts: tuple[tuple[str, str, int], ...] = ()
    notes: tuple[str, ...] = ()
    schema: int = field(default=SCHEMA_VERSION)

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        totals: dict[str, int] = {}
        for part in self.parts:
            for table, number in part.rows.items():
                totals[table] = totals.get(table, 0) + number
        return totals

    @property
    def digests(self) -> frozenset[str]:
        """Hashes of the sources."""
        return frozenset(source.sha256 for source in self.sources)

    def save(self, store: Path) -> None:
        """Write the manifest at one stroke.

        Raises:
            EngineError: It cannot be written.
        """
        data = asdict(self)
        data["rows"] = self.rows
        write_atomic(store / MANIFEST, json.dumps(data, indent=1, ensure_ascii=False) + "\n")

    @staticmethod
    def load(store: Path) -> Manifest:
        """Read the manifest of a store.

        Raises:
            InputError: There is none, or it is damaged or of another schema version.
        """
        path = store / MANIFEST
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            unfinished = (store / IMPORTING).is_dir()
            reason = (
                "is an unfinished import; give the same `eligo import` again to finish it"
                if unfinished
                else f"is no store: it has no {MANIFEST}; write one with `eligo import`"
            )
            raise InputError(reason, source=str(store)) from error
        except (OSError, ValueError) as error:
            raise _damaged(path, error) from error
        found = data.get("schema") if isinstance(data, dict) else None
        if found != SCHEMA_VERSION:
            raise InputError(
                f"has schema version {found}, and this version of Eligo reads {SCHEMA_VERSION}; "
                "import the sources again into a new folder",
                source=str(store),
            )
        try:
            return _of(data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(
        f"is damaged ({error}); import the sources again into a new folder", source=str(path)
    )


def _of(data: dict[str, Any]) -> Manifest:
    del data["rows"]
    manifest = Manifest(**data)
    return replace(
        manifest,
        sources=tuple(SourceEntry(**item) for item in data["sources"]),
        parts=tuple(
            PartEntry(
                item["number"],
                item["rows"],
                {int(number): count for number, count in item["sources"].items()},
                tuple(CodeCount(**code) for code in item["codes"]),
            )
            for item in data["parts"]
        ),
        unmapped=tuple(CodeCount(**item) for item in data["unmapped"]),
        rejected=tuple(
            Rejected(**{**item, "examples": tuple(item["examples"])}) for item in data["rejected"]
        ),
        doubts=tuple(Doubt(**item) for item in data["doubts"]),
        counts=tuple((what, kind, number) for what, kind, number in data["counts"]),
        notes=tuple(data["notes"]),
    )
