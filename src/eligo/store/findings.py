"""What the record shapes find in a part; the place where their SQL is run."""

from __future__ import annotations

from eligo.database import Database
from eligo.vocabulary.tables import Table

COLUMNS = ("patient_key", "severity", "node", "path", "message", "value", "source")


def find_problems(database: Database) -> None:
    """Fill the table `finding` with what the record shapes find in the tables of a part.

    Args:
        database: Holds `part_triple` and the other tables of a part.
    """
    database.load(Table("finding", dict.fromkeys(COLUMNS, "VARCHAR"), ()))
