"""The verdicts of all patients as SQL: the rule of `decide` over compiled answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rdflib import URIRef

from eligo.assess.model import Verdict
from eligo.compile.sql import Script, Step
from eligo.compile.sql.needs import PATIENTS
from eligo.compile.sql.text import (
    NEVER,
    Condition,
    Pair,
    all_of,
    any_of,
    quoted,
)
from eligo.trial.model import Criterion, Polarity


def verdict_step(script: Script, criteria: Iterable[Criterion]) -> Step:
    """Return the table `verdict(patient, verdict, prescreen)`.

    It reads `untrusted(patient)`: those whose record has a problem.

    Args:
        script: The compiled classes.
        criteria: The top-level criteria.
    """
    tops = tuple(criteria)
    verdict, prescreen = (
        _decided(tops, answers) for answers in (script.answers, script.favourable)
    )
    select = (
        f"SELECT decided.patient,\n    {verdict} AS verdict,\n    {prescreen} AS prescreen\n"
        f"FROM {PATIENTS} AS decided\n"
        "LEFT JOIN (SELECT DISTINCT patient FROM untrusted) AS doubted\n"
        "    ON doubted.patient = decided.patient"
    )
    return Step("verdict", select, "A patient: the verdict and the prescreen.")


def _decided(criteria: tuple[Criterion, ...], answers: Mapping[URIRef, Pair]) -> str:
    """Return the verdict for the answers: against, else in favour, else undetermined."""
    sides = [_sides(criterion.polarity, answers[criterion.name]) for criterion in criteria]
    against = any_of(_only(bad, good) for good, bad in sides)
    favour = all_of([Condition("doubted.patient IS NULL"), *(_only(*side) for side in sides)])
    return (
        f"CASE WHEN {against.sql} THEN {quoted(Verdict.NOT_ELIGIBLE)}\n"
        f"        WHEN {(favour if sides else NEVER).sql} THEN {quoted(Verdict.ELIGIBLE)}\n"
        f"        ELSE {quoted(Verdict.UNDETERMINED)} END"
    )


def _sides(polarity: Polarity, pair: Pair) -> tuple[Condition, Condition]:
    """Return what speaks for the patient and what speaks against."""
    if polarity is Polarity.INCLUSION:
        return pair.met, pair.refuted
    return pair.refuted, pair.met


def _only(one: Condition, other: Condition) -> Condition:
    return all_of([one, ~other])
