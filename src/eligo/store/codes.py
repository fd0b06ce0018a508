"""Tell which codes of a store no concept lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from eligo.database import Database
from eligo.store.lexicon import script
from eligo.store.manifest import CodeCount
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.tables import Table, code_tables


def unmapped_of(codes: Iterable[CodeCount], ontology: Ontology) -> tuple[CodeCount, ...]:
    """Return those codes that no concept lists."""
    every = tuple(codes)
    database = Database(threads=1)
    try:
        for table in code_tables(ontology):
            database.load(table)
        rows = tuple(sorted({(c.system, c.notation) for c in every if c.system and c.notation}))
        database.load(Table("code", {"system": "VARCHAR", "notation": "VARCHAR"}, rows))
        database.execute(script("unmapped").substitute())
        listed = set(database.query("SELECT system, notation FROM listed"))
    finally:
        database.close()
    return tuple(code for code in every if (code.system, code.notation) not in listed)


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
