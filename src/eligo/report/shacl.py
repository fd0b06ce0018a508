"""A W3C validation report of a trial's reader-facing shapes, in words."""

from __future__ import annotations

import re

from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Node

from eligo.report.page import Page

SEVERITIES: dict[Node | None, tuple[str, str]] = {
    SH.Violation: ("violation", "bad"),
    SH.Warning: ("warning", "open"),
}


def write_report(report: Graph, patients: tuple[str, ...], page: Page) -> None:
    """Write the results of a report, grouped by patient.

    Args:
        report: The report graph.
        patients: All patients that were validated, also those without a result.
        page: Where to write.
    """
    results: dict[str, list[tuple[str, str, str]]] = {patient: [] for patient in patients}
    for result in report.objects(None, SH.result):
        severity, style = SEVERITIES.get(
            report.value(result, SH.resultSeverity), ("information", "note")
        )
        message = str(report.value(result, SH.resultMessage))
        focus = str(report.value(result, SH.focusNode))
        results.setdefault(focus, []).append((severity, style, message))
    for patient in sorted(results):
        found = sorted(results[patient], key=_natural)
        page.blank()
        page.put(f"<{patient}> " + _outcome(found), style="bold")
        for severity, style, message in found:
            page.put(message, indent=2, lead=f"{severity}: ", lead_style=style)


def _natural(result: tuple[str, str, str]) -> tuple[bool, list[tuple[int, str]]]:
    severity, _, message = result
    parts = re.split(r"(\d+)", message)
    return severity != "violation", [(int(p), "") if p.isdigit() else (0, p) for p in parts]


def _outcome(found: list[tuple[str, str, str]]) -> str:
    if not found:
        return "conforms: no violation and no warning, which means eligible"
    counts = []
    for name, plural in (("violation", "violations"), ("warning", "warnings")):
        if number := sum(severity == name for severity, _, _ in found):
            counts.append(f"{number} {name if number == 1 else plural}")
    return "does not conform: " + ", ".join(counts)
