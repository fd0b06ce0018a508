"""What makes records doubtful, beside what their shapes find: gathered, capped, compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eligo.records.records import ANYBODY
from eligo.store.reading import SOURCE

SHOWN = 10
"""Doubts about the same records that are told one by one."""


@dataclass(frozen=True)
class Doubt:
    """Something that records are short of, or that cannot be trusted in them.

    Attributes:
        about: A patient, `source:` with the number of a source for all of whom it speaks, or `*`.
        node: The fact concerned; empty: the patient.
        message: What is wrong and how to mend it.
        source: Names of the files.
        unheld: Whether it is a fact without exactly one holder, which a later import may mend.
    """

    about: str
    node: str | None
    message: str
    source: str
    unheld: bool = False


def of_source(number: int) -> str:
    """Return what a doubt about all patients of a source is about."""
    return f"{SOURCE}{number}"


def of_unheld(rows: Iterable[tuple[str, str, int, int]], names: Mapping[int, str]) -> list[Doubt]:
    """Return the doubts that facts without exactly one holder raise.

    Args:
        rows: Fact, label of its kind, source and how many holders there are.
        names: Names of the sources.
    """
    found = []
    for fact, label, source, holders in sorted(rows):
        what = "hangs on several patients" if holders else "hangs on no patient"
        text = f"{label} {what}; link it to the one it is about"
        found.append(Doubt(of_source(source), fact, text, names.get(source, ""), unheld=True))
    return found


def capped(doubts: Iterable[Doubt]) -> list[Doubt]:
    """Return the doubts, of many about the same records only the first with how many more.

    A patient needs one to be in doubt; a thousand about each of a million patients help nobody.
    """
    groups: defaultdict[tuple[str, str], dict[Doubt, None]] = defaultdict(dict)
    for doubt in doubts:
        groups[doubt.about, doubt.source].setdefault(doubt)
    kept: list[Doubt] = []
    for (about, source), group in groups.items():
        first = list(group)[:SHOWN]
        kept += first
        if len(group) > len(first):
            more = len(group) - len(first)
            unheld = all(doubt.unheld for doubt in group)
            text = f"{more} more of this kind; mend the source and import it again"
            kept.append(Doubt(about, None, text, source, unheld))
    return sorted(set(kept), key=lambda d: (d.about, d.source, d.node or "", d.message))


def changed(old: Iterable[Doubt], new: Iterable[Doubt]) -> set[str]:
    """Return whom doubts are about that are told of only once, before or now."""
    return {doubt.about for doubt in set(old) ^ set(new)}


def concerns_all(about: Iterable[str]) -> bool:
    """Tell whether a doubt among them is about everybody."""
    return ANYBODY in set(about)
