"""Texts of criteria are split where their layout says so, and nothing is lost or moved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from eligo.registry.split import Item, split
from eligo.trial.model import Polarity

CASES = yaml.safe_load(Path(__file__).with_name("splitting.yaml").read_text("utf-8"))
LETTER = {Polarity.INCLUSION: "I", Polarity.EXCLUSION: "E"}
PARTS = st.sampled_from(
    (
        "Inclusion Criteria:", "EXCLUSION CRITERIA", "Exclusion criteria: ", "\n", "\n\n", "\r\n",
        "* ", "- ", "1. ", "2. ", "2) ", "3.1 ", "(a) ", "b. ", "c) ", "ii. ", "o ", "    ", " ",
        "Age 18 or over", "gout, e.g., tophi", "(index > 6)", "Prior therapy:", "0-2", "1.5 * ULN.",
        "Größe 😀", "was excluded.", "Age: ", "PATIENT CHARACTERISTICS: ", "and/or", ";", ":", "\t",
    )
)  # fmt: skip
PLAIN = st.sampled_from(
    ("Gout", "Tophi:", "Pain and fever", "Urate > 6", "- ", "1. ", "2. ", "a) ", "\n", "\n\n", " ")
)
TEXTS = st.one_of(st.lists(PARTS, max_size=40).map("".join), st.text(max_size=200))


def depth(items: tuple[Item, ...], item: Item) -> int:
    return 0 if item.parent is None else 1 + depth(items, items[item.parent])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_case(case: dict[str, Any]) -> None:
    text = case["text"]
    items = split(text)
    found = [(depth(items, i), LETTER[i.polarity], words(text, i)) for i in items]
    expected = []
    for line in case["items"].splitlines():
        bare = line.lstrip()
        expected.append(((len(line) - len(bare)) // 2, bare[0], bare[2:]))
    if case.get("nesting") is False:
        assert [row[1:] for row in found] == [row[1:] for row in expected]
    else:
        assert found == expected


def words(text: str, item: Item) -> str:
    return " ".join(text[item.start : item.end].split())


def test_an_item_names_its_heading() -> None:
    text = "Inclusion Criteria for the first part:\n\n* Gout\n\nExclusion Criteria\n\n* Dialysis"
    headings = [text[slice(*item.heading)] for item in split(text) if item.heading]
    assert headings == ["Inclusion Criteria for the first part:", "Exclusion Criteria"]


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_items_lie_in_the_text_in_order(text: str) -> None:
    items = split(text)
    place = 0
    for number, item in enumerate(items):
        assert place <= item.start < item.end <= len(text)
        assert not text[item.start].isspace()
        assert not text[item.end - 1].isspace()
        assert item.parent is None or item.parent < number
        if item.parent is not None:
            assert item.polarity is items[item.parent].polarity
        place = item.end


@settings(max_examples=300, deadline=None)
@given(st.lists(PLAIN, max_size=40).map("".join))
def test_only_marks_are_left_out(text: str) -> None:
    """Without headings, what stands in no item is white space and marks."""
    place = 0
    left = []
    for item in split(text):
        left.append(text[place : item.start])
        place = item.end
    left.append(text[place:])
    assert [part for part in left if not re.fullmatch(r"(?:\s|-|\d\.|[ab]\))*", part)] == []


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_the_same_text_is_split_in_the_same_way(text: str) -> None:
    assert split(text) == split(text)
