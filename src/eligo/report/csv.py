"""Assessments as a table: one row for each patient and criterion."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from eligo.assess.model import Assessment, CriterionResult
from eligo.report.model import RunReport, reading

COLUMNS = (
    "patient",
    "name",
    "trial",
    "verdict",
    "prescreen",
    "screening_date",
    "evaluation_date",
    "enrolment_date",
    "intervention_date",
    "policy",
    "data_problems",
    "criterion",
    "part_of",
    "kind",
    "label",
    "status",
    "reading",
    "evidence",
    "missing",
)
SEPARATOR = " | "


def run_csv(run: RunReport) -> str:
    """Return a run as CSV with a header; several reasons are separated by ` | `."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for assessment in run.assessments:
        for parent, result in _pairs(assessment.results, ""):
            writer.writerow(_row(run, assessment, parent, result))
    return text.getvalue()


def _pairs(
    results: tuple[CriterionResult, ...], parent: str
) -> Iterator[tuple[str, CriterionResult]]:
    for result in results:
        yield parent, result
        yield from _pairs(result.parts, result.criterion.notation)


def _row(
    run: RunReport, assessment: Assessment, parent: str, result: CriterionResult
) -> tuple[object, ...]:
    dates = assessment.dates
    return (
        assessment.patient,
        run.names.get(assessment.patient, ""),
        assessment.trial,
        assessment.verdict.value,
        assessment.prescreen.value,
        dates.screening,
        dates.evaluation,
        dates.enrolment,
        dates.intervention or "",
        assessment.policy,
        len(assessment.problems),
        result.criterion.notation,
        parent,
        result.criterion.polarity.value,
        result.criterion.label,
        result.status.value,
        reading(result),
        SEPARATOR.join(evidence.text for evidence in result.evidence),
        SEPARATOR.join(missing.text for missing in result.missing),
    )
