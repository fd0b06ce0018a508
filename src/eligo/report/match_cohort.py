"""A cohort matched with trials, for a reader and for programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict

from eligo.assess.match import CohortMatch
from eligo.report.page import Page
from eligo.report.table import aligned
from eligo.report.text import counted

HEADER = (
    "trial",
    "eligible",
    "undetermined",
    "only reading open",
    "not eligible",
    "near miss",
    "title",
)


def write_cohort(match: CohortMatch, page: Page, most: int) -> None:
    """Write the first trials with how many patients each has."""
    patients, trials = counted(match.patients, "patient"), counted(len(match.trials), "trial")
    page.put(f"{patients} matched with {trials} (Eligo {match.version})", style="bold")
    given = "" if match.given else " (today; give one with --screening-date)"
    page.put(
        f"policy {match.policy}; screening {match.screening}{given} where the record states none",
        indent=2,
    )
    for failure in match.failures:
        page.put(f"not read: {failure}", indent=2, lead="! ", lead_style="bad")
    page.blank()
    rows = [
        (
            candidate.identifier,
            *(
                f"{number:,}"
                for number in (
                    counts.eligible,
                    counts.undetermined,
                    counts.unread_only,
                    counts.not_eligible,
                    counts.near_miss,
                )
            ),
            candidate.title,
        )
        for candidate, counts in match.trials[:most]
    ]
    for line in aligned(HEADER, rows, right=range(1, 6)).splitlines():
        page.row(line, indent=2)
    if len(match.trials) > most:
        page.put(f"{len(match.trials) - most:,} more: --top, --format csv", indent=2)


def cohort_json(match: CohortMatch, most: int | None) -> str:
    """Return the counts as JSON text."""
    value = {
        "format": "eligo-match-cohort",
        "formatVersion": "1",
        "eligo": match.version,
        "policy": match.policy,
        "screening": match.screening.isoformat(),
        "patients": match.patients,
        "unreadable": list(match.failures),
        "trials": [
            {"trial": c.identifier, "title": c.title, "source": c.source, **asdict(counts)}
            for c, counts in match.trials[:most]
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def cohort_csv(match: CohortMatch, most: int | None) -> str:
    """Return the counts as CSV, a row a trial."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = ("eligible", "undetermined", "not_eligible", "unread_only", "near_miss")
    writer.writerow(("trial", "title", *names))
    for candidate, counts in match.trials[:most]:
        numbers = asdict(counts)
        writer.writerow((candidate.identifier, candidate.title, *(numbers[n] for n in names)))
    return text.getvalue()
