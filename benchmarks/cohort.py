"""Measure cohorts from file to answer: `python benchmarks/cohort.py --sizes 1000 10000`.

Prints tables as Markdown; `--json FILE` writes the same figures as JSON. Each figure is the median
of repeated runs, each in a fresh process, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from machine import machine
from measure import Failed, Measured, eligo, job, repeated

SIZES = (1_000, 10_000, 100_000, 240_000, 1_000_000)
TRIALS = ("NCT06150651", "NCT05781750")
PARTS = ("parse", "import", "screen", "evidence", "peers", "trials")
PEERS = {"direct": 500, "pyshacl": 50, "shacl_rust": 2000}
"""How many patients each peer is given."""
IMPORT = ("import", "{data}", "--to", "{store}")
SCREEN = ("screen", "{store}", "--trial", "{trial}", "--out", "{results}")
STATUSES_ONLY = ("--no-evidence",)
"""Command lines of the record store; what stands in braces is filled in."""


class Benchmark:
    """One run of the benchmark.

    Args:
        folder: Where data, stores and results are put.
        options: The arguments of the command line.
    """

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.folder = folder
        self.options = options
        self.figures: dict[str, dict[int, Measured]] = {}
        self.skipped: dict[str, str] = {}

    def run(self) -> None:
        """Measure what was asked for, size by size."""
        for size in self.options.sizes:
            data = self.folder / f"{self.options.trial}-{size}.nt"
            self.note("synth", size, partial(self._synth, data, size), [data])
            self._size(size, data)
            if not self.options.keep:
                data.unlink()

    def _synth(self, data: Path, size: int) -> tuple[float, float, str]:
        options = self.options
        return eligo("synth", str(size), "--trial", options.trial, "--seed", "1", "--out", data)

    def _size(self, size: int, data: Path) -> None:
        parts, store, results = self.options.parts, self.folder / "store", self.folder / "results"
        if "parse" in parts:
            self.note("parse", size, lambda: job("parse", path=data))
        if "import" in parts:
            self.note("import", size, lambda: self.command(IMPORT, data), [store])
        if "screen" in parts and store.is_dir():
            told = (*SCREEN, *STATUSES_ONLY)
            self.note("screen, statuses", size, lambda: self.command(told, data), [results])
        if "evidence" in parts and store.is_dir():
            self.note("screen, evidence", size, lambda: self.command(SCREEN, data), [results])
        if "peers" in parts:
            for name, most in PEERS.items():
                self._peer(name, size, data, min(size, most))
        if "trials" in parts and store.is_dir():
            self._trials(size, data, results)

    def _peer(self, name: str, size: int, data: Path, count: int) -> None:
        trial = self.options.trial
        self.note(name, size, lambda: job(name, path=data, trial=trial, count=count))

    def _trials(self, size: int, data: Path, results: Path) -> None:
        """Screen one store for ten trials, of which eight are copies under other numbers."""
        for number in range(10):
            trial = TRIALS[number % 2] if number < 2 else self._copy(number)
            once = partial(self.command, (*SCREEN, *STATUSES_ONLY), data, trial)
            self.note(f"trial {number}", size, once, [results], 1)

    def _copy(self, number: int) -> Path:
        from eligo.resources import trial_file

        name = TRIALS[number % 2]
        other = f"NCT9000000{number}"
        path = self.folder / f"{other}.ttl"
        text = trial_file(name).read_text("utf-8")
        path.write_text(text.replace(name, other), encoding="utf-8")
        return path

    def command(
        self, command: tuple[str, ...], data: Path, trial: str | Path | None = None
    ) -> tuple[float, float, str]:
        """Run a command of the record store."""
        filled = {
            "data": data,
            "store": self.folder / "store",
            "results": self.folder / "results",
            "trial": trial or self.options.trial,
        }
        words = [word.format(**filled) for word in command]
        return eligo(*words, allowed=(0, 1))

    def note(
        self,
        name: str,
        size: int,
        once: Callable[[], tuple[float, float, str]],
        clean: list[Path] | None = None,
        times: int | None = None,
    ) -> None:
        """Measure one step; a step that fails is told at the end and not tried again."""
        if name in self.skipped:
            return
        try:
            measured = repeated(times or self.options.repeats, once, clean or ())
        except Failed as failure:
            self.skipped[name] = str(failure).strip().splitlines()[-1]
            return
        self.figures.setdefault(name, {})[size] = measured
        rate = (measured.facts.get("patients") or size) / measured.seconds
        print(f"{name}, {size}: {measured.seconds:.2f} s, {rate:.0f} patients/s", file=sys.stderr)


def tables(bench: Benchmark) -> str:
    """Return the figures as Markdown."""
    lines = ["| machine | |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in machine().items()]
    lines += ["", "| step | patients | median s | fastest to slowest | patients/s | peak MiB |"]
    lines += ["|---|---:|---:|---:|---:|---:|"]
    for name, sizes in bench.figures.items():
        for size, m in sizes.items():
            count = int(m.facts.get("patients") or size)
            fastest, slowest = m.spread
            lines.append(
                f"| {name} | {count} | {m.seconds:.2f} | {fastest:.2f} to {slowest:.2f} "
                f"| {count / m.seconds:.0f} | {m.peak:.0f} |"
            )
    lines += ["", "| ratio | value |", "|---|---:|", *_ratios(bench)]
    lines += [f"\n{name}: not measured ({reason})" for name, reason in bench.skipped.items()]
    return "\n".join(lines)


def _ratios(bench: Benchmark) -> list[str]:
    """Return how much faster than its peers, and what one more patient costs."""
    found = []
    sizes = sorted(bench.options.sizes)
    cost = {
        (name, size): m.seconds / (m.facts.get("patients") or size)
        for name, by_size in bench.figures.items()
        for size, m in by_size.items()
    }
    for size in sizes:
        for name, other in (("import", "parse"), *(("screen, statuses", p) for p in PEERS)):
            if (name, size) in cost and (other, size) in cost:
                ratio = cost[other, size] / cost[name, size]
                found.append(f"| {other} / {name}, time a patient, at {size} | {ratio:.2f} |")
        runs = [cost[f"trial {n}", size] for n in range(10) if (f"trial {n}", size) in cost]
        if len(runs) == 10 and ("import", size) in cost:
            one, ten = cost["import", size] + sum(runs), 10 * cost["import", size] + sum(runs)
            what = f"ten runs from files / ten trials over one store, at {size}"
            found.append(f"| {what} | {ten / one:.2f} |")
    for name, by_size in bench.figures.items():
        measured = [size for size in sizes if size in by_size and name not in PEERS]
        if len(measured) > 1:
            small, large = measured[-2], measured[-1]
            more = (by_size[large].seconds - by_size[small].seconds) / (large - small)
            ratio = more / (by_size[small].seconds / small)
            what = f"{name}: one more patient from {small} to {large} / mean to {small}"
            found.append(f"| {what} | {ratio:.2f} |")
    return found


def options() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--trial", default=TRIALS[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--fhir", type=Path, help="FHIR NDJSON files to import as well")
    parser.add_argument("--folder", type=Path, help="work here and keep what is made")
    parser.add_argument("--json", type=Path, help="write the figures as JSON too")
    found = parser.parse_args()
    found.keep = found.folder is not None
    return found


def main() -> int:
    """Run the benchmark."""
    chosen = options()
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="eligo-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    bench = Benchmark(folder, chosen)
    try:
        if chosen.fhir is not None:
            once = partial(bench.command, IMPORT, chosen.fhir)
            bench.note("import of FHIR", 0, once, [folder / "store"])
        bench.run()
    finally:
        if not chosen.keep:
            shutil.rmtree(folder)
    print(tables(bench))
    if chosen.json is not None:
        sizes = {n: {s: asdict(m) for s, m in by.items()} for n, by in bench.figures.items()}
        whole = {"machine": machine(), "figures": sizes, "skipped": bench.skipped}
        chosen.json.write_text(json.dumps(whole, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
