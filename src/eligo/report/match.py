"""Patients matched with trials, for a reader and for programs."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from eligo.assess.match import MatchRun, PatientMatch, Reason, Standing
from eligo.assess.model import Verdict
from eligo.report.json import dates_value
from eligo.report.page import Page
from eligo.report.text import VERDICT_STYLES, counted, dates_in_words

FORMAT = "eligo-match"
FORMAT_VERSION = "1"
COLUMNS = (
    "patient",
    "name",
    "place",
    "trial",
    "title",
    "verdict",
    "data_problems",
    "against",
    "lacking",
    "attested",
    "unread",
    "favourable",
    "why_not",
    "would_settle",
)
SHOWN = 3
"""Reasons of a criterion that are told; programs get all."""
MOST = 4
"""Unknown criteria of a trial that are told one by one."""
SEPARATOR = " | "


def write_match(run: MatchRun, page: Page) -> None:
    """Write the summary of a run and the first trials of each patient."""
    who = counted(len(run.matches), "patient")
    trials = counted(len(run.candidates), "trial")
    page.put(f"{who} matched with {trials} (Eligo {run.version})", style="bold")
    page.put(f"policy {run.policy}: {run.policy_label}", indent=2)
    for failure in run.failures:
        page.put(f"not read: {failure}", indent=2, lead="! ", lead_style="bad")
    for match in run.matches:
        page.blank()
        _patient(run, match, page)


def _patient(run: MatchRun, match: PatientMatch, page: Page) -> None:
    name = f"{match.name} <{match.patient}>" if match.name else f"<{match.patient}>"
    page.put(name, style="bold")
    page.put(dates_in_words(match.dates), indent=2)
    if run.today is not None and match.dates.screening == run.today:
        page.put(
            "the screening date is today's: nothing states another; give one with --screening-date",
            indent=2,
            style="open",
        )
    counts = ", ".join(f"{match.verdicts.get(v, 0):,} {v}" for v in Verdict)
    hidden = len(match.standings) < sum(match.verdicts.values())
    page.put(f"{counts}{f'; the first {len(match.standings)}:' if hidden else ''}", indent=2)
    for problem in match.problems:
        where = f"{problem.source}: " if problem.source else ""
        page.put(
            f"{where}<{problem.node}> {problem.text}",
            indent=2,
            lead="data problem: ",
            lead_style="bad",
        )
    for place, standing in enumerate(match.standings, 1):
        page.blank()
        _standing(place, standing, match, page)


def _standing(place: int, standing: Standing, match: PatientMatch, page: Page) -> None:
    candidate = standing.candidate
    near = " (near miss)" if standing.near_miss else ""
    page.put(
        candidate.identifier,
        indent=2,
        lead=f"{place:>3}. {standing.verdict.upper()}{near}  ",
        lead_style=VERDICT_STYLES[standing.verdict],
        style="bold",
    )
    page.put(candidate.title, indent=7)
    if standing.dates != match.dates:
        page.put(dates_in_words(standing.dates), indent=7)
    for reason in standing.against:
        page.put(f"{_named(reason)}: {_texts(reason)}", indent=7, lead="against  ")
    if standing.verdict is Verdict.NOT_ELIGIBLE:
        return
    unknown = (*standing.lacking, *standing.attested)
    for reason in unknown[:MOST]:
        page.put(f"{_named(reason)}: {settles(reason)}", indent=7, lead="unknown  ")
    if len(unknown) > MOST:
        listed = ", ".join(reason.item.notation for reason in unknown[MOST:])
        page.put(f"and {len(unknown) - MOST} more: {listed}", indent=7, lead="unknown  ")
    if standing.unread:
        listed = ", ".join(reason.item.notation for reason in standing.unread)
        page.put(f"{len(standing.unread)} not put in logic: {listed}", indent=7, lead="to read  ")
    if not standing.trusted:
        page.put("the record has data problems, to be mended first", indent=7, lead="unknown  ")
    page.put(
        f"{counted(standing.favourable, 'criterion', 'criteria')} of {len(candidate.items)}",
        indent=7,
        lead="settled  ",
    )


def _named(reason: Reason) -> str:
    return f"{reason.item.notation} {reason.item.label}"


def _texts(reason: Reason) -> str:
    more = len(reason.texts) - SHOWN
    return "; ".join(reason.texts[:SHOWN]) + (f"; {more} more" if more > 0 else "")


def settles(reason: Reason) -> str:
    """Say what would settle an unknown criterion: what to ask for, else what is missing."""
    return reason.item.ask or _texts(reason)


def match_json(run: MatchRun) -> str:
    """Return a run as JSON text."""
    value = {
        "format": FORMAT,
        "formatVersion": FORMAT_VERSION,
        "eligo": run.version,
        "policy": run.policy,
        "today": run.today.isoformat() if run.today else None,
        "trials": len(run.candidates),
        "unreadable": list(run.failures),
        "patients": [_patient_value(match) for match in run.matches],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _patient_value(match: PatientMatch) -> dict[str, Any]:
    return {
        "patient": match.patient,
        "name": match.name,
        "verdicts": {verdict.value: match.verdicts.get(verdict, 0) for verdict in Verdict},
        "problems": [
            {"node": problem.node, "message": problem.text, "source": problem.source}
            for problem in match.problems
        ],
        "trials": [_standing_value(standing) for standing in match.standings],
    }


def _standing_value(standing: Standing) -> dict[str, Any]:
    return {
        "trial": standing.candidate.identifier,
        "iri": str(standing.candidate.name),
        "title": standing.candidate.title,
        "source": standing.candidate.source,
        "verdict": standing.verdict.value,
        "trusted": standing.trusted,
        "nearMiss": standing.near_miss,
        "dates": dates_value(standing.dates),
        "criteria": len(standing.candidate.items),
        "favourable": standing.favourable,
        "against": [_reason_value(reason) for reason in standing.against],
        "lacking": [_reason_value(reason) for reason in standing.lacking],
        "attested": [_reason_value(reason) for reason in standing.attested],
        "unread": [_reason_value(reason) for reason in standing.unread],
    }


def _reason_value(reason: Reason) -> dict[str, Any]:
    item = reason.item
    return {
        "criterion": item.notation,
        "iri": str(item.name),
        "label": item.label,
        "kind": item.polarity.value,
        "why": list(reason.texts),
        "askFor": item.ask,
    }


def match_csv(run: MatchRun) -> str:
    """Return a run as CSV: one row for each patient and trial; reasons are separated by ` | `."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for match in run.matches:
        for place, standing in enumerate(match.standings, 1):
            candidate = standing.candidate
            unknown = (*standing.lacking, *standing.attested)
            writer.writerow(
                (
                    match.patient,
                    match.name or "",
                    place,
                    candidate.identifier,
                    candidate.title,
                    standing.verdict.value,
                    len(match.problems) if not standing.trusted else 0,
                    len(standing.against),
                    len(standing.lacking),
                    len(standing.attested),
                    len(standing.unread),
                    standing.favourable,
                    SEPARATOR.join(f"{_named(r)}: {_texts(r)}" for r in standing.against),
                    SEPARATOR.join(f"{_named(r)}: {settles(r)}" for r in unknown),
                )
            )
    return text.getvalue()
