"""A screened cohort in numbers, for a reader and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict

from eligo.assess.model import Verdict
from eligo.report.page import Page
from eligo.report.table import aligned
from eligo.results.summary import Summary

SHOWN = 8
"""How many things to ask for are shown; the others are in the JSON."""


def write_cohort(summary: Summary, page: Page) -> None:
    """Write verdicts, attrition and what is missing."""
    manifest = summary.manifest
    total = manifest.patients
    page.put(
        f"{manifest.trial}: {_count(total, 'patient')} screened (Eligo {manifest.version})",
        style="bold",
    )
    for verdict in Verdict:
        number = manifest.verdicts.get(verdict, 0)
        likely = summary.prescreen.get(verdict, 0)
        page.put(
            f"{verdict:<13}{number:>9,}  {_share(number, total)}   "
            f"({likely:,} when attestations are assumed favourable)",
            indent=2,
        )
    if summary.untrusted:
        page.put(
            f"{_count(summary.untrusted, 'record')} with data problems, never called eligible",
            indent=2,
            lead="! ",
            lead_style="open",
        )
    page.put(f"policy {manifest.policy}; {_dates(summary)}", indent=2)
    _attrition(summary, page)
    _items(summary, page)


def _attrition(summary: Summary, page: Page) -> None:
    page.blank()
    page.put("Attrition, in the order of the record:", style="bold")
    left = summary.manifest.patients
    rows = []
    for entry in summary.attrition:
        left -= entry.falls_here
        against = entry.not_met if entry.polarity == "inclusion" else entry.met
        open_ = entry.unknown + entry.conflict
        numbers = (entry.falls_here, left, against, entry.only_this, open_, entry.only_unsettled)
        rows.append((entry.notation, *(f"{n:,}" for n in numbers), entry.label))
    header = (
        "criterion",
        "falls out",
        "left",
        "fails it",
        "fails only it",
        "unknown",
        "only it unknown",
        "what it is",
    )
    for line in aligned(header, rows, right=range(1, 7)).splitlines():
        page.row(line, indent=2)


def _items(summary: Summary, page: Page) -> None:
    if not summary.items:
        return
    undetermined = summary.manifest.verdicts.get(Verdict.UNDETERMINED, 0)
    page.blank()
    page.put(
        f"What would settle most of the {_count(undetermined, 'undetermined patient')}:",
        style="bold",
    )
    for item in summary.items[:SHOWN]:
        page.put(item.text, indent=2, lead=f"{item.notation}  ", lead_style="bold")
        page.put(
            f"lacking in {item.lacking:,}; settles {item.alone:,} by itself, {item.settled:,} "
            "with all of the above",
            indent=6,
            style="dim",
        )
    if len(summary.items) > SHOWN:
        page.put(f"{len(summary.items) - SHOWN} more: --format json", indent=2)


def _dates(summary: Summary) -> str:
    dates = summary.manifest.dates
    given = "" if dates.given else " (today; give one with --screening-date)"
    if dates.forced:
        return f"screening {dates.screening} for all"
    return f"screening {dates.screening}{given} where the record states none"


def cohort_json(summary: Summary) -> str:
    """Return the numbers of a cohort as JSON."""
    return json.dumps(asdict(summary), indent=2, ensure_ascii=False) + "\n"


def _share(number: int, total: int) -> str:
    return f"{100 * number / total:5.1f} %" if total else "      -"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
