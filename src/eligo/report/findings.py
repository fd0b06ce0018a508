"""What is wrong with records, line by line, with the mend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from eligo.records.model import RecordFinding, Severity
from eligo.report.page import Page

STYLES = {Severity.VIOLATION: "bad", Severity.WARNING: "open", Severity.INFORMATION: "note"}


def write_findings(
    findings: Sequence[RecordFinding], page: Page, *, patients: int, texts: Mapping[str, str]
) -> None:
    """Write findings about records.

    Args:
        findings: What was found, in order.
        page: Where to write.
        patients: How many patients were checked.
        texts: Text of each source that has lines, for pointing at them.
    """
    counts = [
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity in Severity
        if (number := sum(f.severity is severity for f in findings))
    ]
    noun = "patient" if patients == 1 else "patients"
    summary = ", ".join(counts) or "nothing to mend"
    page.put(f"{patients} {noun} checked: {summary}", style="bold")
    for finding in findings:
        page.blank()
        page.put(_what(finding), lead=f"{finding.severity}: ", lead_style=STYLES[finding.severity])
        page.put(finding.message, indent=4)
        if finding.value is not None:
            page.put(finding.value, indent=4, lead="found: ")
        for place in _places(finding, texts):
            page.put(place, indent=4, lead="in: ")


def _what(finding: RecordFinding) -> str:
    node = f"<{finding.node}>"
    return f"{finding.path} of {node}" if finding.path else node


def _places(finding: RecordFinding, texts: Mapping[str, str]) -> Iterable[str]:
    for source in finding.sources:
        line = line_of(finding, texts.get(source, ""))
        yield f"{source}:{line}" if line else source


def line_of(finding: RecordFinding, text: str) -> int | None:
    """Return the line of a finding, where its value or else its node stands on one line only."""
    candidates = []
    if finding.value is not None:
        value = re.escape(finding.value)
        candidates += [rf'"{value}"', rf"(?<![\w.:-]){value}(\.0+)?(?![\w:-])"]
    local = re.escape(re.split(r"[/#:]", finding.node)[-1])
    candidates += [rf"^<{re.escape(finding.node)}>", rf"^\w*:{local}(?![\w-])"]
    for pattern in candidates:
        hits = {text.count("\n", 0, m.start()) + 1 for m in re.finditer(pattern, text, re.M)}
        if len(hits) == 1:
            return hits.pop()
    return None
