"""A screening run for somebody who reads it on a screen and need not know SHACL."""

from __future__ import annotations

from eligo.assess.model import Assessment, Verdict
from eligo.evaluate.truth import Status
from eligo.records.model import Dates
from eligo.report.criterion import write_brief, write_tree
from eligo.report.model import RunReport, split_code
from eligo.report.page import Page

VERDICT_STYLES = {
    Verdict.ELIGIBLE: "good",
    Verdict.NOT_ELIGIBLE: "bad",
    Verdict.UNDETERMINED: "open",
}
TOP_CODES = 5
TOP_NOTES = 3


def write_run(run: RunReport, page: Page, *, details: bool = False) -> None:
    """Write the summary of a run and a block for each patient."""
    _summary(run, page, details)
    shared = _shared_dates(run)
    for assessment in run.assessments:
        page.blank()
        write_patient(run, assessment, page, details=details, dates=shared is None)


def _summary(run: RunReport, page: Page, details: bool) -> None:
    total = len(run.assessments)
    noun = "patient" if total == 1 else "patients"
    page.put(f"{run.trial}: {total} {noun} screened (Eligo {run.version})", style="bold")
    counts = [f"{run.count(verdict)} {verdict}" for verdict in Verdict]
    problems = run.with_problems
    counts.append(f"{problems} with data problems" if problems else "no data problems")
    page.put(", ".join(counts), indent=2)
    page.put(f"policy {run.policy}: {run.policy_label}", indent=2)
    for mapping in run.mappings:
        waiting = f", {mapping.unfilled} not filled in" if mapping.unfilled else ""
        page.put(
            f"mappings {mapping.path}: {mapping.codes} codes{waiting} (SHA-256 "
            f"{mapping.digest[:12]}…)",
            indent=2,
        )
    shared = _shared_dates(run)
    if shared is not None:
        page.put(dates_in_words(shared), indent=2)
    if run.undated and run.today is not None:
        who = "the record gives" if total == 1 else f"{len(run.undated)} of {total} records give"
        page.put(
            f"{who} no screening date and none was given: today, {run.today}, was used; give one "
            "with --screening-date",
            indent=2,
            lead="! ",
            lead_style="open",
        )
    for patient in run.not_screened:
        page.put(
            f"<{patient}> could not be screened: an engine failed",
            indent=2,
            lead="! ",
            lead_style="bad",
        )
    for failure in run.failures:
        page.put(f"not read: {failure}", indent=2, lead="! ", lead_style="bad")
    _unmapped(run, page, details)
    _notes(run, page, details)


def _unmapped(run: RunReport, page: Page, details: bool) -> None:
    if not run.unmapped:
        return
    facts = sum(run.unmapped.values())
    shown = list(run.unmapped.items())[: None if details else TOP_CODES]
    listed = ", ".join(f"{' '.join(split_code(code))} ({count})" for code, count in shown)
    more = len(run.unmapped) - len(shown)
    page.put(
        f"{counted(len(run.unmapped), 'code')} on {counted(facts, 'fact')} mapped to no concept; "
        f"such a fact can leave a criterion unknown: {listed}"
        + (f" and {more} more (--details)" if more else ""),
        indent=2,
        lead="! ",
        lead_style="open",
    )


def _notes(run: RunReport, page: Page, details: bool) -> None:
    shown = run.notes if details else run.notes[:TOP_NOTES]
    for note in shown:
        page.put(note, indent=2, lead="- ")
    if more := len(run.notes) - len(shown):
        page.put(f"{more} more remarks on the sources (--details)", indent=2, lead="- ")


def write_patient(
    run: RunReport, assessment: Assessment, page: Page, *, details: bool, dates: bool
) -> None:
    """Write the block of one patient.

    Args:
        run: The run, for the patient's name.
        assessment: The outcome.
        page: Where to write.
        details: Whether to write every criterion and sub-criterion in full.
        dates: Whether to write the dates used.
    """
    write_heading(run, assessment, page, dates=dates)
    if details:
        for result in assessment.results:
            page.blank()
            write_tree(result, page, indent=2)
        page.blank()
    else:
        _decisive(assessment, page)
        _open(assessment, page)
    _advisories(assessment, page)
    _warnings(run, assessment, page)
    _problems(assessment, page)


def write_heading(run: RunReport, assessment: Assessment, page: Page, *, dates: bool) -> None:
    """Write who it is about and the verdict."""
    name = run.names.get(assessment.patient)
    who = f"{name} <{assessment.patient}>" if name else f"<{assessment.patient}>"
    verdict = assessment.verdict
    page.put(who, lead=f"{verdict.upper()}  ", lead_style=VERDICT_STYLES[verdict], style="bold")
    if dates:
        page.put(dates_in_words(assessment.dates), indent=2)
    if assessment.patient in run.undated:
        page.put("the screening date is today's: nothing states another", indent=2, style="open")
    if assessment.prescreen is not assessment.verdict:
        page.put(
            f"prescreen: {assessment.prescreen}, if everything that only a person can attest "
            "(such as consent) turns out favourable",
            indent=2,
        )


def _decisive(assessment: Assessment, page: Page) -> None:
    against = [result for result in assessment.results if result.against]
    if against:
        page.put("Why not:", indent=2, style="bold")
        for result in against:
            write_brief(result, page, indent=4)
    elif assessment.verdict is Verdict.ELIGIBLE:
        inclusions = sum(r.status is Status.MET for r in assessment.results)
        exclusions = len(assessment.results) - inclusions
        page.put(
            f"All {inclusions} inclusion criteria are met and none of the {exclusions} exclusion "
            "criteria applies; --details shows the evidence.",
            indent=2,
        )


def _open(assessment: Assessment, page: Page) -> None:
    conflicts = [r for r in assessment.results if r.status is Status.CONFLICT]
    unknown = [r for r in assessment.results if r.status is Status.UNKNOWN]
    if conflicts:
        page.put("The record contradicts itself on:", indent=2, style="bold")
        for result in conflicts:
            write_brief(result, page, indent=4)
    if not unknown:
        if not conflicts and assessment.verdict is Verdict.UNDETERMINED:
            page.put(
                "Every criterion is settled in the patient's favour, but the record cannot be "
                "trusted before its data problems are mended.",
                indent=2,
            )
        return
    if assessment.verdict is Verdict.NOT_ELIGIBLE:
        listed = ", ".join(r.criterion.notation for r in unknown)
        page.put(f"Also unknown, which no longer matters: {listed}", indent=2)
        return
    page.put("What is missing:", indent=2, style="bold")
    for result in unknown:
        write_brief(result, page, indent=4)


def _advisories(assessment: Assessment, page: Page) -> None:
    for advisory in assessment.advisories:
        about = ", ".join(advisory.advises)
        lead = f"note on {about}: " if about else "note: "
        page.put(advisory.message, indent=2, lead=lead, lead_style="note")


def _warnings(run: RunReport, assessment: Assessment, page: Page) -> None:
    found = run.warnings.get(assessment.patient, ())
    if not found:
        return
    page.put("Not used or not there (so that answers may stay unknown):", indent=2, style="open")
    for warning in found:
        page.put(warning, indent=4, lead="- ")


def _problems(assessment: Assessment, page: Page) -> None:
    if not assessment.problems:
        return
    page.put("Data problems (a record with any is never called eligible):", indent=2, style="bad")
    for problem in assessment.problems:
        where = f"{problem.source}: " if problem.source else ""
        page.put(f"{where}<{problem.node}> {problem.text}", indent=4, lead="- ")


def dates_in_words(dates: Dates) -> str:
    """Write the dates of a screening; equal ones are named together."""
    named: dict[str, list[str]] = {}
    for name, day in (
        ("screening", dates.screening),
        ("evaluation", dates.evaluation),
        ("enrolment", dates.enrolment),
    ):
        named.setdefault(str(day), []).append(name)
    parts = [f"{_listed(names)} {day}" for day, names in named.items()]
    planned = "not known" if dates.intervention is None else str(dates.intervention)
    return "; ".join([*parts, f"planned intervention {planned}"])


def _shared_dates(run: RunReport) -> Dates | None:
    dates = {assessment.dates for assessment in run.assessments}
    return dates.pop() if len(dates) == 1 else None


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun in the form that goes with it."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def _listed(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
