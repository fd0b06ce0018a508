"""OMOP CDM databases → patient records in the Eligo vocabulary."""

from eligo.records.omop.find import databases_in
from eligo.records.omop.outcome import OmopResult
from eligo.records.omop.reader import read_omop

__all__ = ["OmopResult", "databases_in", "read_omop"]
