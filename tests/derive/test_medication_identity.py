"""Rules for records of one exposure, each on both sides, and what holds of any record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derive.medication_identity_oracle import alike
from derive.medication_kit import derive
from derive.medication_numbers import Bounds
from derive.medication_oracle import Patient, Use
from derive.medication_strategies import SCREENING, patients
from derive.test_medication_oracle import measured

RULES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("medication-identity.yaml").read_text(encoding="utf-8")
)
COMPLETE = frozenset({"elig:hasMedicationUse", "elig:hasCurrentMedication"})
SINCE = date(2026, 1, 1)
MEASURES = {
    "current": "measure:currentMycophenolateDose",
    "cumulative": "measure:testOralCyclophosphamide",
}
few = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
KINDS = ("Mycophenolate", "Azathioprine", "SystemicGlucocorticoid", "Cyclophosphamide")


def use_of(name: str, said: dict[str, Any], drug: str) -> Use:
    """One use as the file of rules writes it."""
    amount = said["single"] if "single" in said else said["dose"]
    start = said.get("start", SINCE)
    once = "single" in said and "every" not in said
    end = start if once else said.get("end")
    every = Fraction(said["every"]) if "every" in said else None
    return Use(
        name,
        said.get("drug", drug),
        said.get("route", "OralRoute"),
        f"elig:{said.get('status', 'Completed' if once else 'Active')}",
        (start, start),
        end and (end, end),
        None if amount is None else (Fraction(amount), Fraction(amount)),
        "mg" if "single" in said else "mg/d",
        every and Fraction(1),
        every,
        said.get("needed", False),
        None,
        said.get("kind"),
        tuple(said.get("of", ())),
    )


@cache
def results() -> dict[tuple[str, str], Bounds]:
    people = []
    for n, rule in enumerate(RULES):
        drug = rule.get("drug", "MycophenolateMofetil")
        uses = tuple(use_of(name, said, drug) for name, said in rule["uses"].items())
        evaluation = rule.get("evaluation", SCREENING)
        people.append(Patient(f"p{n}", SCREENING, evaluation, uses, complete=COMPLETE))
    return measured(derive(people))


@pytest.mark.parametrize("n", range(len(RULES)), ids=[rule["rule"] for rule in RULES])
def test_rule(n: int) -> None:
    (name,) = MEASURES.keys() & RULES[n].keys()
    assert list(results()[f"p{n}", MEASURES[name]]) == RULES[n][name]


def repeatable(use: Use, patient: Patient) -> bool:
    """Whether no other record can take the place of this one."""
    others = [u for u in patient.uses if u.fact != use.fact and alike(use, u)]
    return use.end is not None or not others


@st.composite
def doubled(draw: st.DrawFn) -> list[Patient]:
    """Draw records with orders, and the same with a statement that repeats some of them."""
    found = []
    for patient in draw(patients(*KINDS, back=200, records=False)):
        uses = tuple(
            replace(u, kind="Order") if repeatable(u, patient) else u for u in patient.uses
        )
        orders = [use for use in uses if use.kind]
        repeats = draw(st.lists(st.sampled_from(orders), max_size=2)) if orders else []
        said = tuple(
            replace(
                use,
                fact=f"said{n}",
                kind="Statement",
                based_on=(use.fact,) if draw(st.booleans()) else (),
            )
            for n, use in enumerate(repeats)
        )
        found.append(replace(patient, uses=uses))
        found.append(replace(patient, name=f"{patient.name}-more", uses=uses + said))
    return found


@few
@given(doubled())
def test_a_repeated_record_never_raises_a_lower_bound(people: list[Patient]) -> None:
    connection = derive(people)
    found = measured(connection)
    for (name, measure), (low, _) in found.items():
        if not name.endswith("-more"):
            assert found[f"{name}-more", measure][0] <= low, (people, name, measure)
    rows = connection.execute("SELECT patient, event, high FROM event").fetchall()
    days = {(name, event): high for name, event, high in rows}
    for (name, event), day in days.items():
        if name.endswith("-more"):
            assert days[name.removesuffix("-more"), event] <= day, (people, name, event)


@st.composite
def records(draw: st.DrawFn) -> list[Patient]:
    """Draw records, the same in another order, and the same without kinds and links."""
    found = []
    for patient in draw(patients(*KINDS, back=60)):
        found.append(patient)
        turned = tuple(draw(st.permutations(patient.uses)))
        found.append(replace(patient, name=f"{patient.name}-turned", uses=turned))
        bare = tuple(replace(use, kind=None, based_on=()) for use in patient.uses)
        found.append(replace(patient, name=f"{patient.name}-bare", uses=bare))
    return found


@few
@given(records())
def test_order_means_nothing_and_kinds_never_add(people: list[Patient]) -> None:
    found = measured(derive(people))
    filled = {p.name for p in people if any(use.amount is None for use in p.uses)}
    for (name, measure), (low, high) in found.items():
        if name.endswith(("-turned", "-bare")):
            continue
        assert found[f"{name}-turned", measure] == (low, high), (people, name, measure)
        if measure.startswith("measure:current"):
            bare_low, bare_high = found[f"{name}-bare", measure]
            assert low <= bare_low or name in filled, (people, name, measure)
            assert bare_high is None or (high is not None and high <= bare_high), (people, measure)
