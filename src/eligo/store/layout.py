"""What a store looks like on disk: its tables, their columns, the names of its files."""

from __future__ import annotations

from pathlib import Path

SCHEMA_VERSION = 1
MANIFEST = "manifest.json"
IMPORTING = "importing"
TABLES = {
    "patient": ("patient_key", "patient"),
    "fact": ("patient_key", "relation", "fact_key", "fact", "source"),
    "attribute": ("patient_key", "fact_key", "property", "value", "datatype"),
    "quantity": (
        "patient_key",
        "fact_key",
        "property",
        "value",
        "low",
        "high",
        "comparator",
        "unit",
    ),
    "coding": ("patient_key", "fact_key", "property", "system", "notation", "display"),
    "problem": ("patient_key", "severity", "node", "path", "message", "value", "source"),
    "triple": (
        "patient_key",
        "subject",
        "predicate",
        "object",
        "kind",
        "datatype",
        "language",
        "source",
    ),
}
"""The tables and their columns, in order; all are VARCHAR, but `source` of facts and triples."""

ASTRAY = "astray"
"""Folder of the statements that no patient's record holds."""
PART_PATIENTS = 10_000
"""About how many patients one part holds."""
MOST_PARTS = 10_000
"""A key has four digits for the part."""


def part_file(store: Path, table: str, part: int) -> Path:
    """Return the file of one part of a table."""
    return store / table / f"{part:05}.parquet"


def astray_file(store: Path, generation: int) -> Path:
    """Return the file of the statements that no patient's record holds."""
    return store / ASTRAY / f"{generation:05}.parquet"
