"""Score how texts of criteria are split against labels made by hand.

Run with `ELIGO_DATA` naming the folder of real data: `python scripts/score_splitting.py`.
`--held-out` scores the third that splitting was never tuned on; `--differences` shows what differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eligo.registry.read import read_records
from eligo.registry.split import split

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "tests" / "registry" / "split-labels.jsonl"
RECORDS = Path("trials") / "trials_dev.jsonl.gz"
Span = tuple[int, int]


@dataclass(frozen=True)
class Labelled:
    """A text with the items that a person sees in it.

    Attributes:
        record: Registry number.
        held_out: Whether splitting was never tuned on it.
        text: The text.
        items: Span, kind, and the span of the item that it is nested in.
    """

    record: str
    held_out: bool
    text: str
    items: dict[Span, tuple[str, Span | None]]


def labelled(data: Path) -> Iterator[Labelled]:
    """Yield the labelled texts; one that is not the text that was labelled stops the run."""
    records = read_records([str(data / RECORDS)]).records
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        text = records[label["record"]].criteria_text
        if hashlib.sha256(text.encode()).hexdigest() != label["sha256"]:
            raise SystemExit(f"{label['record']}: the text is not the one that was labelled")
        yield Labelled(label["record"], label["held_out"], text, _nested(label["items"]))


def found(text: str) -> dict[Span, tuple[str, Span | None]]:
    """Return what splitting finds, in the form of the labels."""
    return _nested([(i.start, i.end, i.polarity, i.parent) for i in split(text)])


def _nested(items: Sequence[Sequence[object]]) -> dict[Span, tuple[str, Span | None]]:
    spans = [(int(str(item[0])), int(str(item[1]))) for item in items]
    return {
        span: (str(item[2]), None if item[3] is None else spans[int(str(item[3]))])
        for span, item in zip(spans, items, strict=True)
    }


def score(texts: Sequence[Labelled]) -> dict[str, tuple[float, float]]:
    """Return precision and recall by what is compared.

    Items are compared by their whole span; boundaries by the offset alone. A kind counts where
    span and kind are right, nesting where the item that it is nested in is right as well.
    """
    right: Counter[str] = Counter()
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    for text in texts:
        for name, expected, actual in _compared(text.items, found(text.text)):
            right[name] += len(expected & actual)
            theirs[name] += len(expected)
            ours[name] += len(actual)
    return {name: (right[name] / ours[name], right[name] / theirs[name]) for name in theirs}


def _compared(
    expected: dict[Span, tuple[str, Span | None]], actual: dict[Span, tuple[str, Span | None]]
) -> Iterator[tuple[str, set[object], set[object]]]:
    yield "starts", {start for start, _ in expected}, {start for start, _ in actual}
    yield "ends", {end for _, end in expected}, {end for _, end in actual}
    yield "items", set(expected), set(actual)
    for kind in ("inclusion", "exclusion"):
        yield (
            kind,
            {span for span, item in expected.items() if item[0] == kind},
            {span for span, item in actual.items() if item[0] == kind},
        )
    yield (
        "nesting",
        {(span, parent) for span, (_, parent) in expected.items()},
        {(span, parent) for span, (_, parent) in actual.items()},
    )


def differences(text: Labelled) -> Iterator[str]:
    """Yield lines that say where splitting differs from the labels."""
    actual = found(text.text)
    for sign, one, other in (("-", text.items, actual), ("+", actual, text.items)):
        for span, item in one.items():
            if other.get(span) != item:
                words = " ".join(text.text[slice(*span)].split())
                above = "" if item[1] is None else " < " + text.text[slice(*item[1])][:20]
                yield f"{text.record} {sign} {span} {item[0][:2]} {words[:60]}…{words[-15:]}{above}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true", help="score the held-out third")
    parser.add_argument("--differences", action="store_true", help="show what differs")
    options = parser.parse_args(arguments)
    data = os.environ.get("ELIGO_DATA")
    if not data:
        print("set ELIGO_DATA to the folder of real data", file=sys.stderr)
        return 2
    texts = [text for text in labelled(Path(data)) if text.held_out == options.held_out]
    if options.differences:
        for text in texts:
            print(*differences(text), sep="\n")
    items = sum(len(text.items) for text in texts)
    which = "held out" if options.held_out else "tuned on"
    print(f"{len(texts)} records, {items} items, {which}")
    print(f"{'':10} precision  recall")
    for name, (precision, recall) in score(texts).items():
        print(f"{name:10} {precision:9.3f}  {recall:6.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
