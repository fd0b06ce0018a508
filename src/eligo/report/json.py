"""Assessments as JSON; `assessment.schema.json` beside this module describes the format.

Names and order are stable. There is no number in it but counts: values stand in texts as they were
compared, so that no decimal is turned into a float. Statuses are `met`, `not met`, `unknown` and
`conflict`; `reading` says what a status means for the patient (`excluded`, `not excluded`).
"""

from __future__ import annotations

import json
from typing import Any

from eligo.assess.model import Assessment, CriterionResult, Evidence, Missing, Verdict
from eligo.records.model import Dates
from eligo.report.model import RunReport, reading, split_code

FORMAT = "eligo-assessments"
FORMAT_VERSION = "1"


def run_json(run: RunReport) -> str:
    """Return a run as JSON text."""
    return json.dumps(run_value(run), ensure_ascii=False, indent=2) + "\n"


def run_value(run: RunReport) -> dict[str, Any]:
    """Return a run as JSON values."""
    return {
        "format": FORMAT,
        "formatVersion": FORMAT_VERSION,
        "eligo": run.version,
        "trial": {"id": run.trial, "iri": run.trial_iri},
        "policy": run.policy,
        "mappings": [
            {"folder": mapping.path, "sha256": mapping.digest, "codes": mapping.codes}
            for mapping in run.mappings
        ],
        "summary": {
            "patients": len(run.assessments),
            "eligible": run.count(Verdict.ELIGIBLE),
            "notEligible": run.count(Verdict.NOT_ELIGIBLE),
            "undetermined": run.count(Verdict.UNDETERMINED),
            "withDataProblems": run.with_problems,
        },
        "today": run.today.isoformat() if run.today and run.undated else None,
        "notScreened": list(run.not_screened),
        "unreadable": list(run.failures),
        "remarks": list(run.notes),
        "unmapped": [
            {"system": split_code(code)[0], "code": split_code(code)[1], "facts": count}
            for code, count in run.unmapped.items()
        ],
        "assessments": [_assessment(run, assessment) for assessment in run.assessments],
    }


def _assessment(run: RunReport, assessment: Assessment) -> dict[str, Any]:
    return {
        "patient": assessment.patient,
        "name": run.names.get(assessment.patient),
        "verdict": assessment.verdict.value,
        "prescreen": assessment.prescreen.value,
        "dates": dates_value(assessment.dates),
        "screeningDateIsToday": assessment.patient in run.undated,
        "criteria": [_criterion(result) for result in assessment.results],
        "advisories": [
            {
                "iri": str(advisory.name),
                "label": advisory.label,
                "message": advisory.message,
                "criteria": list(advisory.advises),
            }
            for advisory in assessment.advisories
        ],
        "warnings": list(run.warnings.get(assessment.patient, ())),
        "problems": [
            {"node": problem.node, "message": problem.text, "source": problem.source}
            for problem in assessment.problems
        ],
    }


def dates_value(dates: Dates) -> dict[str, str | None]:
    """Return the dates of a screening as JSON values."""
    return {
        "screening": dates.screening.isoformat(),
        "evaluation": dates.evaluation.isoformat(),
        "enrolment": dates.enrolment.isoformat(),
        "intervention": dates.intervention.isoformat() if dates.intervention else None,
    }


def _criterion(result: CriterionResult) -> dict[str, Any]:
    criterion = result.criterion
    return {
        "criterion": criterion.notation,
        "iri": str(criterion.name),
        "label": criterion.label,
        "kind": criterion.polarity.value,
        "status": result.status.value,
        "reading": reading(result),
        "quote": criterion.quote,
        "decisions": [
            {"id": decision.notation, "adopted": decision.adopted}
            for decision in criterion.decisions
        ],
        "evidence": [_reason(evidence) for evidence in result.evidence],
        "missing": [_reason(missing) for missing in result.missing],
        "askFor": criterion.ask,
        "parts": [_criterion(part) for part in result.parts],
    }


def _reason(reason: Evidence | Missing) -> dict[str, Any]:
    return {"text": reason.text, "restsOn": list(reason.sources)}
