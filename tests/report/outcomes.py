"""Made-up outcomes, so that reports can be tested without any engine."""

from __future__ import annotations

from datetime import date

from rdflib import URIRef

from eligo.assess.model import Assessment, CriterionResult, Evidence, Missing, Verdict
from eligo.evaluate.truth import Status
from eligo.records.model import DataProblem, Dates
from eligo.report.model import RunReport
from eligo.trial.model import Advisory, Criterion, Decision, Polarity

PATIENT = "https://example.org/patient/one"
DATES = Dates(date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 9), None)


def criterion(
    notation: str, polarity: Polarity, *parts: Criterion, ask: str | None = None
) -> Criterion:
    """Return a criterion of a made-up trial."""
    good = Status.MET if polarity is Polarity.INCLUSION else Status.NOT_MET
    return Criterion(
        name=URIRef(f"https://example.org/trial/{notation}"),
        notation=notation,
        label=f"Label of {notation}",
        definition=f"Meaning of {notation}.",
        polarity=polarity,
        quote=f"Words \\< of {notation}",
        span=(0, 5),
        decisions=(Decision(URIRef("urn:d"), "D-01", "Read **so**", None, None),),
        ask=ask,
        attested=False,
        favourable=good,
        parts=parts,
        formalised=True,
    )


def result(
    of: Criterion,
    status: Status,
    *parts: CriterionResult,
    because: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
) -> CriterionResult:
    """Return a result whose reasons rest on one fact each."""
    return CriterionResult(
        of,
        status,
        tuple(Evidence(text, ("https://example.org/fact",)) for text in because),
        tuple(Missing(text) for text in missing),
        parts,
    )


def assessment(
    *results: CriterionResult,
    verdict: Verdict = Verdict.UNDETERMINED,
    prescreen: Verdict | None = None,
    problems: tuple[DataProblem, ...] = (),
) -> Assessment:
    """Return an assessment of the made-up patient."""
    return Assessment(
        patient=PATIENT,
        trial="NCT00000000",
        verdict=verdict,
        prescreen=prescreen or verdict,
        dates=DATES,
        policy="default",
        results=results,
        advisories=(Advisory(URIRef("urn:a"), "Advice", "Look again.", ("E1",)),),
        problems=problems,
        version="0.0.0",
    )


def run(*assessments: Assessment, **more: object) -> RunReport:
    """Return a run over the given assessments."""
    base = RunReport(
        trial="NCT00000000",
        trial_iri="https://example.org/trial",
        policy="default",
        policy_label="Assumes nothing.",
        version="0.0.0",
        assessments=assessments,
    )
    return RunReport(**{**vars(base), **more})
