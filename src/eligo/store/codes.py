"""Tell which codes of a store no concept lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set

from eligo.database import Database
from eligo.store.lexicon import script
from eligo.store.manifest import CodeCount
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.tables import Table, code_tables

Code = tuple[str | None, str | None]
"""System and notation."""


def unlisted_of(codes: Set[Code], ontology: Ontology) -> Set[Code]:
    """Return those codes that no concept lists."""
    database = Database(threads=1)
    try:
        for table in code_tables(ontology):
            database.load(table)
        rows = tuple(code for code in codes if all(code))
        database.load(Table("code", {"system": "VARCHAR", "notation": "VARCHAR"}, rows))
        database.execute(script("unmapped").substitute())
        listed = set(database.query("SELECT system, notation FROM listed"))
    finally:
        database.close()
    return codes - listed


def most_frequent(codes: Iterable[CodeCount]) -> tuple[CodeCount, ...]:
    """Return the codes of all parts as one list, most frequent first."""
    facts: Counter[tuple[str | None, str | None]] = Counter()
    words: dict[tuple[str | None, str | None], Counter[str]] = {}
    for code in codes:
        key = (code.system, code.notation)
        facts[key] += code.facts
        if code.display is not None:
            words.setdefault(key, Counter())[code.display] += code.facts
    order = sorted(facts, key=lambda k: (-facts[k], k[0] or "", k[1] or ""))
    return tuple(CodeCount(*key, _commonest(words.get(key)), facts[key]) for key in order)


def _commonest(words: Counter[str] | None) -> str | None:
    return max(sorted(words), key=words.__getitem__) if words else None
