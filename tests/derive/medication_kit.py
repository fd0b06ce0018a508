"""Oracle patients as rows of the normalised tables, and the medication scripts run over them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from derive.evidence_kit import ROOT, SQL, can_be, closure, hierarchy, triples
from derive.medication_numbers import NANO
from derive.medication_oracle import Patient, Use

HERE = Path(__file__).parent
RECORDS = "20-medication-records.sql"
SCRIPTS = ("00-macros.sql", "05-tables.sql", RECORDS, "30-", "31-", "32-", "33-", "34-", "35-")
DATA = (
    "screening",
    "e_attribute",
    "e_quantity",
    "d_date",
    "d_quantity",
    "d_number",
    "d_concept",
    "fact",
    "egfr_sample",
)
UNMAPPED = "urn:eligo:unmapped:RxNorm:0"
Rows = dict[str, list[tuple[Any, ...]]]


@cache
def database() -> duckdb.DuckDBPyConnection:
    """A database that knows the vocabulary."""
    connection = duckdb.connect(config={"threads": 1})
    names = ("clinical.ttl", "measures-medication.ttl", "concepts/drugs.ttl", "concepts/tests.ttl")
    request = Path("../tests") / (HERE / "medication-requests.ttl").relative_to(ROOT / "tests")
    rows = [row for name in (*names, str(request)) for row in triples(name)]
    below = closure(hierarchy(rows))
    possible = can_be(below, [(s, o) for s, p, o in rows if p == "elig:mayBe"])
    possible |= {(UNMAPPED, kind) for _, kind in below} | {(UNMAPPED, UNMAPPED)}
    tables: Rows = {
        "v_triple": [tuple(row) for row in rows],
        "v_below": [*sorted(below), (UNMAPPED, UNMAPPED)],
        "v_can_be": sorted(possible),
    }
    connection.execute((HERE / "medication-tables.sql").read_text(encoding="utf-8"))
    fill(connection, tables)
    return connection


def fill(connection: duckdb.DuckDBPyConnection, tables: Rows) -> None:
    """Insert rows as text, cast by the columns."""
    for name, rows in tables.items():
        for start in range(0, len(rows), 200):
            part = rows[start : start + 200]
            marks = ", ".join("(" + ", ".join("?" for _ in row) + ")" for row in part)
            values = [None if v is None else str(v) for row in part for v in row]
            connection.execute(f"INSERT INTO {name} VALUES {marks}", values)


def derive(patients: Iterable[Patient]) -> duckdb.DuckDBPyConnection:
    """Run the scripts over patients."""
    connection = database()
    tables: Rows = {name: [] for name in DATA}
    complete = []
    for patient in patients:
        _add(tables, patient)
        complete += [
            (patient.name, relation, "elig:Anything") for relation in sorted(patient.complete)
        ]
    for name in DATA:
        connection.execute(f"DELETE FROM {name}")
    fill(connection, tables)
    for prefix in SCRIPTS:
        for script in sorted(SQL.glob(f"{prefix}*")):
            connection.execute(script.read_text(encoding="utf-8"))
        if prefix == "05-tables.sql":
            fill(connection, {"complete": complete})
    return connection


def decimal(value: Fraction | None) -> str | None:
    """Write a fraction that ends within nine places."""
    if value is None:
        return None
    scaled = value * NANO
    assert scaled.denominator == 1, value
    sign, digits = ("-" if scaled < 0 else ""), f"{abs(int(scaled)):010d}"
    return f"{sign}{digits[:-9]}.{digits[-9:]}"


def _add(tables: Rows, patient: Patient) -> None:
    days = (patient.evaluation, patient.screening, patient.screening)
    tables["screening"].append((patient.name, "trial", *days, None))
    for use in patient.uses:
        _add_use(tables, patient.name, use)
    for kind, unit, values in (
        ("BodyWeight", "kg", patient.weights),
        ("BodyHeight", "cm", patient.heights),
        ("UrineProteinCreatinineRatio", "g/g", patient.values),
    ):
        for i, (day, value) in enumerate(values):
            fact = f"{patient.name}-{kind}-{i}"
            span = (day, day)
            _add_fact(
                tables, patient.name, "elig:hasObservation", fact, f"concept:{kind}", span, span
            )
            number = decimal(value)
            tables["d_quantity"].append((fact, "elig:quantity", number, number, unit))
    for day, value in patient.values:
        row = (patient.name, day, decimal(value), decimal(value), "egfr", "reported", day)
        tables["egfr_sample"].append(row)


def _add_fact(
    tables: Rows,
    patient: str,
    relation: str,
    fact: str,
    concept: str,
    start: tuple[date, date] | None,
    end: tuple[date, date] | None,
    status: str | None = None,
) -> None:
    spans = (*(start or (None, None)), *(end or (None, None)))
    planned = status == "elig:Planned"
    row = (patient, relation, fact, concept, *spans, status, None, None, planned, None)
    tables["fact"].append(row)


def _add_use(tables: Rows, patient: str, use: Use) -> None:
    fact = f"{patient}-{use.fact}"
    concept = UNMAPPED if use.drug == "unmapped" else f"concept:{use.drug}"
    relation = "elig:hasMedicationUse"
    if use.status != "elig:NotDone":
        _add_fact(tables, patient, relation, fact, concept, use.start, use.end, use.status)
    for name, span in (("elig:startDate", use.start), ("elig:endDate", use.end)):
        if span:
            tables["d_date"].append((fact, name, *span))
    _add_attributes(tables, patient, fact, use)
    quantities = []
    if use.amount:
        name = "elig:dailyDose" if use.unit.endswith("/d") else "elig:dose"
        quantities.append((name, *use.amount, use.unit))
    if use.period:
        quantities.append(("elig:period", *_nine_places(use.period), "d"))
    if use.strength:
        quantities.append(("elig:strength", Fraction(use.strength), Fraction(use.strength), "mg"))
    for name, low, high, unit in quantities:
        tables["d_quantity"].append((fact, name, decimal(low), decimal(high), unit))
        tables["e_quantity"].append((fact, name, "1", None, None, None, unit))
    if use.times is not None:
        tables["d_number"].append(
            (fact, "elig:timesPerPeriod", decimal(use.times), decimal(use.times))
        )


def _nine_places(value: Fraction) -> tuple[Fraction, Fraction]:
    scaled = value * NANO
    return Fraction(scaled.__floor__(), NANO), Fraction(scaled.__ceil__(), NANO)


def _add_attributes(tables: Rows, patient: str, fact: str, use: Use) -> None:
    if use.route:
        tables["d_concept"].append((fact, "elig:route", f"concept:{use.route}"))
    if use.as_needed:
        tables["e_attribute"].append((fact, "elig:asNeeded", "true", "xsd:boolean"))
    if use.kind:
        tables["e_attribute"].append((fact, "elig:recordedAs", f"elig:{use.kind}", "iri"))
    for other in use.based_on:
        tables["e_attribute"].append((fact, "elig:basedOn", f"{patient}-{other}", "iri"))
    tables["e_attribute"].append((fact, "elig:eventStatus", use.status or "", "iri"))
