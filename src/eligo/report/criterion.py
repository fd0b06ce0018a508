"""One criterion in words: in brief, or with everything that is known about it."""

from __future__ import annotations

from eligo.assess.model import CriterionResult, Evidence, Missing
from eligo.evaluate.truth import Status
from eligo.report.model import wording
from eligo.report.page import Page

BRIEF_REASONS = 4
INTERNAL = "urn:eligo:"


def style_of(result: CriterionResult) -> str:
    """Return the colour of a result: what matters is what it means for the patient."""
    if result.status in (Status.UNKNOWN, Status.CONFLICT):
        return "open"
    return "bad" if result.against else "good"


def write_brief(result: CriterionResult, page: Page, *, indent: int) -> None:
    """Write a criterion with its reasons or with what is missing, shortened."""
    criterion = result.criterion
    _title(result, page, indent)
    inner = indent + len(criterion.notation) + 2
    unknown = result.status is Status.UNKNOWN
    reasons = result.missing if unknown else result.evidence
    for reason in reasons[:BRIEF_REASONS]:
        _reason(reason, page, inner)
    _more(len(reasons) - BRIEF_REASONS, criterion.notation, page, inner)
    asks = _asks(result) if unknown else ()
    for ask in asks[:BRIEF_REASONS]:
        page.put(ask, indent=inner, lead="ask for: ", lead_style="note")
    _more(len(asks) - BRIEF_REASONS, criterion.notation, page, inner)


def write_tree(result: CriterionResult, page: Page, *, indent: int) -> None:
    """Write a criterion and its sub-criteria with definition, record, decisions and evidence."""
    criterion = result.criterion
    _title(result, page, indent)
    inner = indent + 4
    if criterion.quote:
        page.put(f"“{_plain(criterion.quote)}”", indent=inner, lead="record: ", lead_style="dim")
    if criterion.definition:
        page.put(criterion.definition, indent=inner, lead="read as: ", lead_style="dim")
    for decision in criterion.decisions:
        adopted = decision.adopted.replace("**", "")
        page.put(adopted, indent=inner, lead=f"{decision.notation}: ", lead_style="dim")
    for reason in _own_reasons(result):
        _reason(reason, page, inner, sources=True)
    if result.status is Status.UNKNOWN and criterion.ask:
        page.put(criterion.ask, indent=inner, lead="ask for: ", lead_style="note")
    for part in result.parts:
        page.blank()
        write_tree(part, page, indent=indent + 4)


def _title(result: CriterionResult, page: Page, indent: int) -> None:
    page.put(
        f"{result.criterion.label}: ",
        indent=indent,
        lead=f"{result.criterion.notation}  ",
        tail=wording(result),
        lead_style="bold",
        tail_style=style_of(result),
    )


def _more(number: int, notation: str, page: Page, indent: int) -> None:
    if number > 0:
        page.put(f"{number} more: eligo explain … {notation}", indent=indent, lead="- ")


def _asks(result: CriterionResult) -> tuple[str, ...]:
    """Return what to ask for: of a criterion that does not say, what its unknown parts say."""
    if result.criterion.ask:
        return (result.criterion.ask,)
    unknown = (part for part in result.parts if part.status is Status.UNKNOWN)
    return tuple(dict.fromkeys(ask for part in unknown for ask in _asks(part)))


def _own_reasons(result: CriterionResult) -> list[Evidence | Missing]:
    """Return the reasons that no part of the criterion repeats."""
    below: set[Evidence | Missing] = set()
    for part in result.parts:
        for inner in part.walk():
            below.update(inner.evidence, inner.missing)
    reasons: list[Evidence | Missing] = [*result.evidence, *result.missing]
    return [reason for reason in reasons if reason not in below]


def _reason(reason: Evidence | Missing, page: Page, indent: int, *, sources: bool = False) -> None:
    lead = "missing: " if isinstance(reason, Missing) else "because: "
    page.put(reason.text, indent=indent, lead=lead)
    named = [source for source in reason.sources if not source.startswith(INTERNAL)]
    if sources and named:
        page.put("  ".join(f"<{source}>" for source in named), indent=indent + 4, style="dim")


def _plain(quote: str) -> str:
    return quote.replace("\\", "")
