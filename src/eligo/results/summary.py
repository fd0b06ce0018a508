"""Who falls out where, and what is missing: counts over a folder of results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from eligo.database import Database
from eligo.results.layout import TRIAL_TABLES, Manifest, read_manifest

SCRIPT = Path(__file__).with_name("sql") / "summary.sql"
USED = ("patient", "answer", *TRIAL_TABLES)


@dataclass(frozen=True)
class Attrition:
    """How one top-level criterion stands in a cohort.

    Attributes:
        notation: Its number in the record.
        label: A short name.
        polarity: Inclusion or exclusion.
        met: How many patients meet it; likewise the other statuses.
        against: How many it stands against.
        falls_here: How many it is the first to stand against, in the order of the record.
        only_this: How many nothing else stands against.
        only_unsettled: How many would be eligible if it were settled in their favour.
    """

    notation: str
    label: str
    polarity: str
    met: int
    not_met: int
    unknown: int
    conflict: int
    against: int
    falls_here: int
    only_this: int
    only_unsettled: int


@dataclass(frozen=True)
class Item:
    """Something to ask for.

    Attributes:
        notation: The criterion it belongs to.
        text: What to ask for.
        lacking: How many undetermined patients lack it.
        alone: How many of them lack nothing else, so that it alone settles them.
        settled: How many are settled when it and all items before it in the list are there.
    """

    notation: str
    text: str
    lacking: int
    alone: int
    settled: int


@dataclass(frozen=True)
class Summary:
    """A cohort in numbers.

    Attributes:
        manifest: What was run.
        prescreen: How many patients have each verdict when what only a person can attest is
            assumed favourable.
        untrusted: How many patients have a record that cannot be trusted.
        attrition: One entry a top-level criterion, in the order of the record.
        items: What to ask for, the most useful first.
    """

    manifest: Manifest
    prescreen: Mapping[str, int]
    untrusted: int
    attrition: tuple[Attrition, ...]
    items: tuple[Item, ...]


def summarise(folder: Path) -> Summary:
    """Count over a folder of results.

    Raises:
        InputError: It is no folder of results, or damaged.
        EngineError: A file of it cannot be read.
    """
    manifest = read_manifest(folder)
    database = Database()
    try:
        for table in USED:
            database.view(table, folder / table)
        database.run([SCRIPT])
        attrition = tuple(
            Attrition(*row)
            for row in database.query(
                "SELECT criterion.criterion, criterion.label, criterion.polarity, "
                "counted.* EXCLUDE (place) FROM c_attrition AS counted "
                "JOIN criterion ON criterion.place = counted.place ORDER BY counted.place"
            )
        )
        patterns = [
            (frozenset(items), patients, settled)
            for items, patients, settled in database.query("SELECT * FROM c_pattern ORDER BY ALL")
        ]
        asks = dict(
            database.query("SELECT criterion, COALESCE(ask, definition, label) FROM criterion")
        )
        prescreen = dict(
            database.query("SELECT prescreen, COUNT(*) FROM patient GROUP BY prescreen ORDER BY 1")
        )
        untrusted = database.query("SELECT COUNT(*) FROM patient WHERE NOT trusted")[0][0]
        return Summary(manifest, prescreen, untrusted, attrition, _ranked(patterns, asks))
    finally:
        database.close()


def _ranked(
    patterns: Iterable[tuple[frozenset[str], int, int]], asks: Mapping[str, str]
) -> tuple[Item, ...]:
    """Rank items so that each next one settles the most patients together with those before it.

    Args:
        patterns: Items that patients lack, how many do, and how many of these they would settle.
        asks: What to ask for, by item.
    """
    patterns = list(patterns)
    left = sorted({item for items, _, _ in patterns for item in items})
    bit = {item: 1 << place for place, item in enumerate(left)}
    masks = [(sum(bit[i] for i in items), lack, settle) for items, lack, settle in patterns]
    lacking = {i: sum(n for mask, n, _ in masks if mask & bit[i]) for i in left}

    def settled(known: int) -> int:
        return sum(n for mask, _, n in masks if not mask & ~known)

    known = 0
    ranked = []
    while left:
        best = max(left, key=lambda item: (settled(known | bit[item]), lacking[item]))
        left.remove(best)
        known |= bit[best]
        ranked.append(Item(best, asks[best], lacking[best], settled(bit[best]), settled(known)))
    return tuple(ranked)
