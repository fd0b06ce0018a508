"""What a folder of results holds: its tables, and the manifest that makes it whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from eligo.derive.inputs import Run
from eligo.errors import InputError

SCHEMA = 1
KIND = "eligo results"
MANIFEST = "manifest.json"
TRIAL_TABLES = ("criterion", "asking")
"""Tables of the trial: one file each."""
ANSWER_TABLES = ("patient", "answer", "advisory", "problem")
"""Tables of the patients that hold the answers: one file a batch."""
EVIDENCE_TABLES = (
    "detail",
    "name",
    "unmapped",
    "seen_link",
    "seen_value",
    "seen_bound",
    "seen_complete",
    "seen_source",
)
"""Tables of the patients that hold what the answers rest on: one file a batch."""
PATIENT_TABLES = (*ANSWER_TABLES, *EVIDENCE_TABLES)


@dataclass(frozen=True)
class RunDates:
    """The dates that a run was given; see `eligo.derive.run.Run`."""

    screening: str
    evaluation: str | None
    enrolment: str | None
    intervention: str | None
    forced: bool
    given: bool

    @staticmethod
    def of(run: Run, *, given: bool) -> RunDates:
        """Return the dates of a run as they are written.

        Args:
            run: The run.
            given: Whether the user gave the screening date.
        """
        evaluation, enrolment, intervention = (
            None if day is None else day.isoformat()
            for day in (run.evaluation, run.enrolment, run.intervention)
        )
        screening = run.screening.isoformat()
        return RunDates(screening, evaluation, enrolment, intervention, run.forced, given)


@dataclass(frozen=True)
class Manifest:
    """What a folder of results says of itself.

    Attributes:
        trial: Registry number.
        source: How the trial was named: registry number, or the path of its file.
        rules: Digest of the ontology and the trial that decided.
        version: Version of Eligo.
        policy: Evidence policy.
        dates: Dates that the run was given.
        store: The record store, and the digest of its manifest.
        mappings: Folders of the user's own code mappings.
        verdicts: How many patients have each verdict.
        rows: How many rows each file has, by its path in the folder.
        evidence: Whether the tables of evidence are there, so that patients can be explained.
        unmapped: Codes that no concept lists, with how many facts carry each.
        notes: What the readers of the store left out.
    """

    trial: str
    source: str
    rules: str
    version: str
    policy: str
    dates: RunDates
    store: Mapping[str, str]
    mappings: tuple[str, ...]
    verdicts: Mapping[str, int]
    rows: Mapping[str, int]
    evidence: bool
    unmapped: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    schema: int = SCHEMA
    kind: str = KIND

    @property
    def patients(self) -> int:
        """How many patients were screened."""
        return sum(self.verdicts.values())

    @property
    def day(self) -> date:
        """The screening date of patients whose record states none."""
        return date.fromisoformat(self.dates.screening)

    def text(self) -> str:
        """The manifest as it is written."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def is_results(folder: Path) -> bool:
    """Tell whether a path is a folder of results, by its manifest."""
    return _content(folder).get("kind") == KIND


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder of results.

    Raises:
        InputError: It is missing, damaged or of another schema version.
    """
    content = _content(folder)
    if content.get("kind") != KIND:
        raise InputError(
            f"is no folder of results: it has no {MANIFEST} of that kind, as when a run did not "
            "end; screen again",
            source=str(folder),
        )
    if content.get("schema") != SCHEMA:
        raise InputError(
            f"holds results of schema version {content.get('schema')}, this Eligo reads {SCHEMA}; "
            "screen again",
            source=str(folder),
        )
    try:
        content["dates"] = RunDates(**content["dates"])
        for name in ("mappings", "notes"):
            content[name] = tuple(content[name])
        return Manifest(**content)
    except (KeyError, TypeError) as error:
        raise InputError(
            f"has a damaged {MANIFEST} ({error}); screen again", source=str(folder)
        ) from error


def _content(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
