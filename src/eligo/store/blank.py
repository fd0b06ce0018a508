"""Names blank nodes by SQL, as `eligo.records.skolem` does in memory."""

from __future__ import annotations

from eligo.database import Database
from eligo.errors import InputError
from eligo.records.skolem import PREFIX
from eligo.store.lexicon import quoted, script


def name_blank_nodes(database: Database) -> None:
    """Replace the blank nodes of the table `statement` by names made from their content.

    Raises:
        InputError: Blank nodes refer to each other in a circle.
    """
    blank = database.query(
        "SELECT 1 FROM statement WHERE said IS NOT NULL OR place IS NOT NULL LIMIT 1"
    )
    if not blank:
        return
    database.execute(script("blank-names").substitute())
    _repeat(database, script("blank-contents").substitute(), "b_content")
    _repeat(database, script("blank-places").substitute(prefix=quoted(PREFIX)), "b_name")
    database.execute(script("blank-apply").substitute())


def _repeat(database: Database, step: str, table: str) -> None:
    left = -1
    while True:
        database.execute(step)
        ((now, first),) = database.query(
            f"SELECT COUNT(*), MIN(node) FROM b_open ANTI JOIN {table} USING (node)"
        )
        if not now:
            return
        if now == left:
            source, _, label = first.removeprefix("_:").partition("/")
            raise InputError(
                f"blank nodes refer to each other in a circle (at _:{label}); give them IRIs",
                source=source,
            )
        left = now
