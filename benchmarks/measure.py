"""Run something in a process of its own and say how long it took and how much memory it had."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

JOBS = Path(__file__).with_name("jobs.py")
ENTRY = "from eligo.cli.main import run; run()"


@dataclass(frozen=True)
class Measured:
    """What was measured.

    Attributes:
        seconds: Median wall-clock time.
        spread: Fastest and slowest.
        peak: Largest memory of any one process, in MiB, over all runs.
        facts: What the last run said of itself.
    """

    seconds: float
    spread: tuple[float, float]
    peak: float
    facts: dict[str, float] = field(default_factory=dict)


class Failed(Exception):
    """A command that did not do what it should."""


def eligo(*arguments: str | Path, allowed: Sequence[int] = (0,)) -> tuple[float, float, str]:
    """Run the command `eligo`; return seconds, peak memory in MiB and its output."""
    return run([sys.executable, "-c", ENTRY], arguments, allowed)


def job(name: str, **options: object) -> tuple[float, float, str]:
    """Run a job of `jobs.py`; it says itself how long the part that counts took."""
    wall, peak, out = run([sys.executable, str(JOBS)], [name, json.dumps(options, default=str)])
    return float(json.loads(out).get("seconds", wall)), peak, out


def run(
    program: list[str], arguments: Sequence[str | Path], allowed: Sequence[int] = (0,)
) -> tuple[float, float, str]:
    """Run a program in a process of its own.

    Raises:
        Failed: It ended with another code than those allowed.
    """
    command = [*program, *(str(argument) for argument in arguments)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode not in allowed:
            raise Failed(
                f"{' '.join(command)}: {process.returncode}\n{err.read().decode()[-2000:]}"
            )
        return seconds, usage.ru_maxrss / 1024, out.read().decode()


def repeated(
    times: int, once: Callable[[], tuple[float, float, str]], clean: Sequence[Path] = ()
) -> Measured:
    """Run something several times; what is named is deleted before each run."""
    runs = []
    for _ in range(times):
        for path in clean:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        runs.append(once())
    seconds = [run[0] for run in runs]
    said = runs[-1][2].strip()
    facts = json.loads(said) if said.startswith("{") else {}
    return Measured(
        statistics.median(seconds), (min(seconds), max(seconds)), max(r[1] for r in runs), facts
    )
