"""What was found in the files of trials, as text, JSON and a validation report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SH

from eligo.authoring.check import Checked
from eligo.authoring.model import Finding
from eligo.records.model import Severity
from eligo.report.page import Page
from eligo.vocabulary.ontology import PREFIXES

STYLES = {Severity.VIOLATION: "bad", Severity.WARNING: "open", Severity.INFORMATION: "note"}
WEIGHTS = {
    Severity.VIOLATION: SH.Violation,
    Severity.WARNING: SH.Warning,
    Severity.INFORMATION: SH.Info,
}
RULES = "https://w3id.org/eligo/shapes/authoring/"


def counts(number: int, one: str, many: str) -> str:
    """Say how many there are.

    Args:
        number: How many.
        one: What one is called.
        many: What several are called.
    """
    return f"1 {one}" if number == 1 else f"{number or 'no'} {many}"


def write_checked(checked: Checked, page: Page, *, notes: bool) -> None:
    """Write what was found.

    Args:
        checked: What was found.
        page: Where to write.
        notes: Whether to write what is only for the author to know.
    """
    found = [f for f in checked.findings if f.severity is not Severity.INFORMATION]
    told = len(checked.findings) - len(found)
    formalised = sum(len(c.formalised) for c in checked.coverages)
    every = formalised + sum(len(c.open) for c in checked.coverages)
    page.put(
        f"{counts(len(checked.coverages), 'trial', 'trials')} checked: "
        f"{counts(len(found), 'finding', 'findings')}, {counts(told, 'note', 'notes')}; "
        f"{formalised} of {counts(every, 'criterion', 'criteria')} formalised",
        style="bold",
    )
    for finding in checked.findings if notes else found:
        _finding(finding, page)


def _finding(finding: Finding, page: Page) -> None:
    kind = "note" if finding.severity is Severity.INFORMATION else str(finding.severity)
    place = finding.place if finding.line is None else f"{finding.place}:{finding.line}"
    page.put(
        f"{finding.trial}: {message(finding)}",
        lead=f"{kind}: ",
        lead_style=STYLES[finding.severity],
    )
    page.put(place, indent=4, lead="in: ")


def message(finding: Finding) -> str:
    """Return what was found and how to mend it, with the term where the words do not name it.

    Args:
        finding: The finding.
    """
    text = finding.what if finding.mend is None else f"{finding.what}; {finding.mend}"
    local = finding.local
    return text if local is None or local in text.split() else f"{local}: {text}"


def checked_data(checked: Checked) -> dict[str, Any]:
    """Return what was found as plain data.

    Args:
        checked: What was found.
    """
    return {
        "trials": [
            {
                "trial": coverage.trial,
                "formalised": list(coverage.formalised),
                "notFormalised": list(coverage.open),
                "unquoted": [
                    {"start": start, "end": end, "text": words}
                    for start, end, words in coverage.unquoted
                ],
            }
            for coverage in checked.coverages
        ],
        "reasonerSkipped": checked.skipped,
        "findings": [
            {
                "severity": str(finding.severity),
                "rule": finding.rule,
                "file": finding.place,
                "line": finding.line,
                "trial": finding.trial,
                "term": None if finding.term is None else str(finding.term),
                "what": finding.what,
                "mend": finding.mend,
            }
            for finding in checked.findings
        ],
    }


def checked_graph(findings: Iterable[Finding], trials: dict[str, URIRef]) -> Graph:
    """Return what was found as a W3C validation report.

    Args:
        findings: The findings.
        trials: The trials by registry number.
    """
    graph = Graph(bind_namespaces="none")
    for prefix, space in PREFIXES.items():
        graph.bind(prefix, space)
    report = BNode()
    graph.add((report, RDF.type, SH.ValidationReport))
    violated = False
    for finding in findings:
        violated = violated or finding.severity is Severity.VIOLATION
        result = BNode()
        place = finding.place if finding.line is None else f"{finding.place}:{finding.line}"
        rule = "".join(word[0].upper() + word[1:] for word in finding.rule.split())
        for predicate, value in (
            (RDF.type, SH.ValidationResult),
            (SH.focusNode, finding.term or trials[finding.trial]),
            (SH.resultSeverity, WEIGHTS[finding.severity]),
            (SH.sourceShape, URIRef(RULES + rule)),
            (SH.resultMessage, Literal(message(finding))),
            (DCTERMS.source, Literal(place)),
        ):
            graph.add((result, predicate, value))
        graph.add((report, SH.result, result))
    graph.add((report, SH.conforms, Literal(not violated)))
    return graph
