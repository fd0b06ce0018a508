"""What a reader sees."""

from __future__ import annotations

from datetime import date

import pytest

from eligo.assess.model import Verdict
from eligo.evaluate.truth import Status
from eligo.records.model import DataProblem, RecordFinding, Severity
from eligo.report.findings import line_of
from eligo.report.model import reading, wording
from eligo.report.page import Page
from eligo.report.table import aligned
from eligo.report.text import write_run
from eligo.trial.model import Polarity
from report.outcomes import PATIENT, assessment, criterion, result, run

IN, EX = Polarity.INCLUSION, Polarity.EXCLUSION


def written(report: object, *, details: bool = False) -> str:
    """Return the text of a run."""
    page = Page()
    write_run(report, page, details=details)  # type: ignore[arg-type]
    return page.text


@pytest.mark.parametrize(
    ("polarity", "status", "shown", "meaning"),
    [
        (IN, Status.MET, "met", "met"),
        (IN, Status.NOT_MET, "not met", "not met"),
        (EX, Status.MET, "excluded (met)", "excluded"),
        (EX, Status.NOT_MET, "not excluded (not met)", "not excluded"),
        (EX, Status.UNKNOWN, "unknown", "unknown"),
        (IN, Status.CONFLICT, "conflict (the record says both)", "conflict"),
    ],
)
def test_a_status_says_what_it_means(
    polarity: Polarity, status: Status, shown: str, meaning: str
) -> None:
    found = result(criterion("X1", polarity), status)
    assert wording(found) == shown
    assert reading(found) == meaning


def test_the_missing_of_an_excluded_patient_no_longer_matters() -> None:
    text = written(
        run(
            assessment(
                result(criterion("I1", IN), Status.UNKNOWN, missing=("a date",)),
                result(criterion("E1", EX), Status.MET, because=("value 3",)),
                verdict=Verdict.NOT_ELIGIBLE,
            )
        )
    )
    assert "E1  Label of E1: excluded (met)" in text
    assert "because: value 3" in text
    assert "Also unknown, which no longer matters: I1" in text
    assert "a date" not in text


def test_what_is_missing_comes_with_what_to_ask_for() -> None:
    part = criterion("I1-A", IN, ask="The exact date.")
    whole = criterion("I1", IN, part)
    inner = result(part, Status.UNKNOWN, missing=("a date",))
    text = written(run(assessment(result(whole, Status.UNKNOWN, inner, missing=("a date",)))))
    assert "missing: a date" in text
    assert "ask for: The exact date." in text


def test_many_reasons_are_shortened_and_details_show_all() -> None:
    reasons = tuple(f"reason {n}" for n in range(9))
    one = run(assessment(result(criterion("I1", IN), Status.UNKNOWN, missing=reasons)))
    brief, full = written(one), written(one, details=True)
    assert "reason 3" in brief
    assert "reason 4" not in brief
    assert "5 more: eligo explain … I1" in brief
    assert "reason 8" in full
    assert "record: “Words < of I1”" in full
    assert "D-01: Read so" in full


def test_a_reason_stands_once_in_details_where_it_decides() -> None:
    part, whole = criterion("I1-A", IN), criterion("I1", IN)
    inner = result(part, Status.MET, because=("value 3",))
    outer = result(whole, Status.MET, inner, because=("value 3",))
    text = written(run(assessment(outer)), details=True)
    assert text.count("because: value 3") == 1
    assert text.index("I1-A") < text.index("because: value 3")


def test_prescreen_shows_only_where_it_differs() -> None:
    settled = result(criterion("I1", IN), Status.UNKNOWN, missing=("consent",))
    assert "prescreen" not in written(run(assessment(settled)))
    text = written(run(assessment(settled, prescreen=Verdict.ELIGIBLE)))
    assert "prescreen: eligible" in text


def test_summary_says_what_was_assumed_and_left_out() -> None:
    text = written(
        run(
            assessment(result(criterion("I1", IN), Status.MET)),
            undated=(PATIENT,),
            today=date(2026, 3, 2),
            names={PATIENT: "One"},
            not_screened=("https://example.org/patient/two",),
            failures=("b.ttl:3:4: not valid Turtle",),
            notes=tuple(f"note {n}" for n in range(5)),
            unmapped={f"urn:eligo:unmapped:RxNorm:{n}": 10 - n for n in range(7)},
            warnings={PATIENT: ("no sex at birth",)},
        )
    )
    assert "today, 2026-03-02, was used" in text
    assert f"One <{PATIENT}>" in text
    assert "<https://example.org/patient/two> could not be screened" in text
    assert "not read: b.ttl:3:4: not valid Turtle" in text
    assert "7 codes on 49 facts" in text
    assert "RxNorm 0 (10)" in text
    assert "RxNorm 5" not in text
    assert "and 2 more (--details)" in text
    assert "2 more remarks on the sources" in text
    assert "screening and evaluation 2026-03-02; enrolment 2026-03-09" in text
    assert "- no sex at birth" in text


def test_data_problems_alone_keep_a_patient_undetermined() -> None:
    problem = DataProblem("elig:dose: correct it", "https://example.org/fact", "a.ttl")
    text = written(run(assessment(result(criterion("I1", IN), Status.MET), problems=(problem,))))
    assert "1 with data problems" in text
    assert "cannot be trusted before its data problems are mended" in text
    assert "a.ttl: <https://example.org/fact> elig:dose: correct it" in text


def test_pages_wrap_but_never_cut() -> None:
    iri = "https://example.org/" + "x" * 90
    page = Page(width=40)
    page.put(f"one two three four five six seven {iri} eight", indent=4, lead="- ")
    assert iri in page.text
    first, *rest = page.text.splitlines()
    assert first.startswith("    - one")
    assert all(line.startswith("      ") for line in rest)


def test_control_characters_of_a_record_do_not_reach_the_terminal() -> None:
    page = Page(color=True)
    page.put("a\x1b[31mb\x00c", tail=" end", tail_style="bad")
    assert page.text == "a\ufffd[31mb\ufffdc\x1b[1;31m end\x1b[0m\n"


def test_tables_are_aligned_and_whole() -> None:
    assert aligned(("a", "bb"), [("long cell", "x\ny")]) == (
        "a          bb\n-          --\nlong cell  x y\n"
    )


@pytest.mark.parametrize(
    ("value", "text", "line"),
    [
        ("2026-02-30", 'a\n"2026-02-30"^^xsd:date\n', 2),
        ("-1000", "x\ny\nelig:value -1000.0 ;\n", 3),
        ("5", "5\n5\n", None),
        (None, "x\n:fact a elig:Observation ;\n", 2),
        (None, "x\n<https://example.org/fact> a elig:Observation ;\n", 2),
        (None, "nothing of it\n", None),
    ],
)
def test_a_line_is_told_only_where_it_is_certain(
    value: str | None, text: str, line: int | None
) -> None:
    finding = RecordFinding(
        Severity.VIOLATION, "https://example.org/fact", None, "wrong", value, ("a.ttl",)
    )
    assert line_of(finding, text) == line
