"""SHACL Core shapes as SQL: the findings about all records of a table at once."""

from eligo.shapes_sql.compile import RecordCheck, compile_shapes
from eligo.shapes_sql.holders import unheld_problems, unheld_sql
from eligo.shapes_sql.names import Names
from eligo.shapes_sql.run import check_records, findings, prepare

__all__ = [
    "Names",
    "RecordCheck",
    "check_records",
    "compile_shapes",
    "findings",
    "prepare",
    "unheld_problems",
    "unheld_sql",
]
