"""The criteria that a record's text holds: items with their words, not formalised."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator

from eligo.registry.criteria import Draft
from eligo.registry.split import Item, split
from eligo.trial.model import Polarity

LETTER = {Polarity.INCLUSION: "I", Polarity.EXCLUSION: "E"}
LONGEST_LABEL = 72
MEANING = {
    Polarity.INCLUSION: "A patient whom these words of the record ask for.",
    Polarity.EXCLUSION: "A patient whom these words of the record exclude.",
}
REASON = "An item of the record's text, not yet put in logic."
ASK = "A person's reading of these words."
UNREAD = "The record has no text of criteria that items could be told apart in."


def text_criteria(text: str) -> Iterator[Draft]:
    """Yield the items of a text, each before those nested in it; one that stands for all if none.

    Args:
        text: The text of criteria.
    """
    items = split(text)
    names: list[str] = []
    counts: Counter[str] = Counter()
    for item in items:
        above = LETTER[item.polarity] if item.parent is None else names[item.parent]
        counts[above] += 1
        number = counts[above]
        names.append(f"{above}{number}" if item.parent is None else f"{above}.{number}")
        yield _draft(text, item, names[-1], number, None if item.parent is None else above)
    if not items:
        yield Draft(
            "I-text",
            "Criteria not stated",
            "A patient who fulfils the criteria that the record leaves out.",
            ordinal=1,
            reason=UNREAD,
            ask="The criteria of the protocol.",
        )


def item_label(quote: str) -> str:
    """Return the label of an item that nobody worked on: the beginning of its words."""
    words = " ".join(quote.rstrip(":").split()) or quote
    short = textwrap.shorten(words, LONGEST_LABEL, placeholder="…")
    return words[:LONGEST_LABEL] if short in ("", "…") else short


def _draft(text: str, item: Item, name: str, number: int, parent: str | None) -> Draft:
    quote = text[item.start : item.end]
    heading = text[slice(*item.heading)] if item.heading else None
    return Draft(
        name,
        item_label(quote),
        MEANING[item.polarity],
        polarity=item.polarity,
        ordinal=number,
        quote=quote,
        start=item.start,
        reason=REASON,
        ask=ASK,
        parent=parent,
        heading=heading,
    )
