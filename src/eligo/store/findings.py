"""What the record shapes find in a part; the place where their SQL is run."""

from __future__ import annotations

from collections.abc import Mapping

from eligo.database import Database
from eligo.shapes_sql import RecordCheck, check_records, prepare
from eligo.store.lexicon import script
from eligo.vocabulary.tables import Table


def find_problems(database: Database, check: RecordCheck, sources: Mapping[int, str]) -> None:
    """Fill the table `part_finding` with what the record shapes find in the tables of a part.

    Args:
        database: Holds `part_triple` and the other tables of a part.
        check: The record shapes as SQL.
        sources: Names of the sources by their numbers.

    Raises:
        DatabaseError: The database refused it.
    """
    names = tuple((str(number), name) for number, name in sorted(sources.items()))
    database.load(Table("v_source", {"source": "VARCHAR", "name": "VARCHAR"}, names))
    database.execute(script("checked-statements").substitute())
    prepare(database, check)
    check_records(database, check)
    database.execute(script("findings").substitute())
