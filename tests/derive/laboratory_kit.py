"""Records of one test under the vocabulary of laboratory measures, many patients at a time."""

from __future__ import annotations

from functools import cache

import duckdb

from derive.evidence_kit import Record, fill, hierarchy, triples

RUN = ("00", "05", "10", "11", "13", "47", "48")
UNITS = [
    ("mg/dL", "mg/dL", 1, 1),
    ("unit:mg_per_dL", "mg/dL", 1, 1),
    ("umol/L", "umol/L", 1, 1),
    ("unit:umol_per_L", "umol/L", 1, 1),
    ("unit:mmol_per_L", "umol/L", 1000, 1),
    ("kg", "kg", 1, 1),
    ("unit:kg", "kg", 1, 1),
    ("[lb_av]", "kg", 45359237, 100000000),
    ("{score}", "{score}", 1, 1),
    ("unit:score", "{score}", 1, 1),
    ("%", "%", 1, 1),
    ("unit:percent", "%", 1, 1),
]
OWN = [
    ("measure:creatinineUln", "elig:family", "elig:LatestRatioToUpperLimit"),
    ("measure:creatinineUln", "elig:ofKind", "concept:SerumCreatinine"),
    ("measure:creatinineUln", "elig:daysBefore", "28"),
    ("measure:creatinineUln", "elig:unit", "1"),
    ("measure:creatinineLln", "elig:family", "elig:LatestRatioToLowerLimit"),
    ("measure:creatinineLln", "elig:ofKind", "concept:SerumCreatinine"),
    ("measure:creatinineLln", "elig:unit", "1"),
    ("measure:weightChange", "elig:family", "elig:RelativeChangeOverWindow"),
    ("measure:weightChange", "elig:ofKind", "concept:BodyWeight"),
    ("measure:weightChange", "elig:monthsBefore", "3"),
    ("measure:weightChange", "elig:daysBeforeStart", "14"),
    ("measure:weightChange", "elig:daysBeforeEnd", "7"),
    ("measure:weightChange", "elig:unit", "%"),
    ("measure:weightChange30", "elig:family", "elig:RelativeChangeOverWindow"),
    ("measure:weightChange30", "elig:ofKind", "concept:BodyWeight"),
    ("measure:weightChange30", "elig:daysBefore", "30"),
    ("measure:weightChange30", "elig:anchor", "elig:PlannedInterventionDate"),
    ("measure:weightChange30", "elig:unit", "%"),
]


CODES = [("system:LOINC", "LA9623-5", "concept:EcogGrade1")]


@cache
def laboratory_connection() -> duckdb.DuckDBPyConnection:
    """A database with the vocabulary of laboratory measures."""
    files = ("concepts/performance-status.ttl", "concepts/tests.ttl", "measures-laboratory.ttl")
    rows = [*triples("clinical.ttl", *files), *OWN]
    whole = Record(triples=rows, parents=hierarchy(rows), units=UNITS, codes=CODES)
    connection = duckdb.connect(config={"threads": 1})
    fill(connection, whole.vocabulary())
    return connection


def laboratory_record() -> Record:
    """An empty record under the vocabulary of laboratory measures, in a shared database."""
    return Record(connection=laboratory_connection())
