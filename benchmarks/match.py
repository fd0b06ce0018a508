"""Measure matching with many trials: `python benchmarks/match.py RECORDS`.

RECORDS are registry records, or a folder of trials; records are imported first, untimed. Prints a
table as Markdown. Each figure is the median of repeated runs of the command line, each in a fresh
process, start included. The peer in the same run is `eligo screen`, one trial after another on a
sample, whose time a trial is multiplied by the number of trials.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from functools import partial
from pathlib import Path

from machine import machine
from measure import Measured, eligo, repeated

DATE = ("--screening-date", "2026-03-02")
MADE = ("synth", "--trial", "NCT06150651", "--seed", "1")
FINE = (0, 1, 3)
"""Invented patients may have data problems, and records may repeat each other."""


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("--patients", type=int, nargs="*", default=[1, 100])
    parser.add_argument("--store", type=int, default=2000, help="patients of the store; 0: none")
    parser.add_argument("--sample", type=int, default=10, help="trials that the peer screens for")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    for name, value in machine().items():
        print(f"- {name}: {value}")
    with tempfile.TemporaryDirectory() as scratch:
        measure(options, Path(scratch))


def measure(options: argparse.Namespace, scratch: Path) -> None:
    """Measure everything and print it."""
    trials = options.records
    if not trials.is_dir():
        eligo("trial", "import", trials, "--to", scratch / "trials", allowed=FINE)
        trials = scratch / "trials"
    files = sorted(trials.rglob("*.ttl"))
    candidates = ("--trials", trials, *DATE)
    rows: list[tuple[str, Measured, float]] = []
    for number in options.patients:
        people = _invented(number, scratch)
        found = repeated(
            options.repeats, partial(eligo, "match", people, *candidates, allowed=FINE)
        )
        peer = _peer(people, files, options.sample)
        rows.append((_named(number), found, peer * len(files)))
    if options.store:
        people, store = _invented(options.store, scratch), scratch / "store"
        eligo("import", people, "--to", store, allowed=FINE)
        found = repeated(
            options.repeats, partial(eligo, "match", "--store", store, *candidates, allowed=FINE)
        )
        peer = _peer(store, files, options.sample)
        rows.append((f"a store of {_named(options.store)}", found, peer * len(files)))
    _print(rows, len(files), options)


def _invented(number: int, scratch: Path) -> Path:
    people = scratch / f"people-{number}.nt"
    if not people.exists():
        eligo(*MADE, str(number), "--out", people)
    return people


def _peer(people: Path, files: list[Path], sample: int) -> float:
    """Return the median seconds that screening for one trial takes."""
    chosen = random.Random(1).sample(files, min(sample, len(files)))
    times = [eligo("screen", people, "--trial", file, *DATE, allowed=FINE)[0] for file in chosen]
    return statistics.median(times)


def _named(number: int) -> str:
    return "1 patient" if number == 1 else f"{number:,} patients"


def _print(
    rows: list[tuple[str, Measured, float]], trials: int, options: argparse.Namespace
) -> None:
    print(
        f"\n{trials:,} trials, median of {options.repeats}; the peer: {options.sample} trials\n\n"
        "| | seconds | fastest, slowest | peak MiB | one after another, seconds | times faster |\n"
        "|---|---|---|---|---|---|"
    )
    for name, found, peer in rows:
        fastest, slowest = found.spread
        print(
            f"| {name} | {found.seconds:.1f} | {fastest:.1f}, {slowest:.1f} | {found.peak:.0f} "
            f"| {peer:,.0f} | {peer / found.seconds:,.0f} |"
        )


if __name__ == "__main__":
    main()
