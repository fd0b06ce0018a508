"""`eligo import`: read patient data once, into a store."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import rich_click as click

from eligo.cli.options import common_options, format_option, output_option, sources_argument
from eligo.cli.output import choose_format, write
from eligo.cli.talk import error, note, warn_of

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from eligo.store.watch import Imported

ENDINGS = {".txt": "text", ".json": "json"}


@click.command("import")
@sources_argument()
@click.option(
    "--to", "store", required=True, metavar="STORE", help="Folder of the store, new or there."
)
@click.option(
    "--jobs", "-j", type=click.IntRange(1), help="Processes to use. Default: one for each core."
)
@click.option("--restart", is_flag=True, help="Drop what an import that was not finished has done.")
@format_option("text", "json", default="text")
@output_option
@common_options
def import_(
    sources: tuple[str, ...],
    store: str,
    jobs: int | None,
    restart: bool,
    format_: str | None,
    output: str | None,
) -> int:
    """Read PATIENTS (files, folders, patterns, `-`) once into a STORE of Parquet files.

    A store that is there already is added to: data that it holds are passed over, and patients of
    whom there is more are written anew. An import that died goes on when the same command is given
    again. The exit code is 1 if something hangs on no patient, or a record is in doubt.
    """
    from eligo.cli.exits import Exit, NothingToDo
    from eligo.services.check import general_checker
    from eligo.services.importing import import_patients

    if not sources:
        raise click.UsageError("Missing argument 'PATIENTS...': name files, folders or -")
    began = time.monotonic()
    with _Bar() as bar:
        imported = import_patients(
            sources,
            Path(store),
            general_checker(),
            jobs=jobs,
            restart=restart,
            watch=bar,
        )
    for failure in imported.failures:
        error(failure)
    for name in imported.known[:3]:
        note(f"{name}: was imported before; nothing was done")
    if len(imported.known) > 3:
        note(f"{len(imported.known) - 3} more sources were imported before")
    if imported.manifest is None:
        raise NothingToDo(f"nothing could be read: {store} is no store yet")
    doubts = [doubt.message for doubt in imported.manifest.doubts]
    warn_of(doubts, "a record is in doubt")
    if choose_format(format_, output, ENDINGS) == "json":
        write(json.dumps(asdict(imported.manifest), indent=1, ensure_ascii=False) + "\n", output)
    else:
        write(_text(imported, store), output)
    note(f"{time.monotonic() - began:.1f} s")
    if imported.failures:
        return Exit.UNREADABLE
    lost = any(rejected.statements for rejected in imported.manifest.rejected)
    return Exit.FINDINGS if lost or doubts else Exit.FINE


def _text(imported: Imported, store: str) -> str:
    manifest = imported.manifest
    assert manifest is not None
    statements = sum(source.statements for source in manifest.sources)
    kept = sum(source.kept for source in manifest.sources)
    rejected = sum(source.rejected for source in manifest.sources)
    patients = manifest.rows.get("patient", 0)
    lines = [
        f"{store}: {_count(patients, 'patient')} in {_count(len(manifest.parts), 'part')}, from "
        f"{_count(len(manifest.sources), 'source')} ({imported.read} new)",
        f"  statements read {statements} = kept {kept} + rejected {rejected}",
        "  " + ", ".join(f"{name} {rows}" for name, rows in manifest.rows.items()),
    ]
    lines += [f"  {line}" for line in _resources(manifest.counts)]
    for item in manifest.rejected:
        if item.statements:
            of = ", ".join(item.examples)
            lines.append(
                f"  rejected: {_count(item.statements, 'statement')} of {item.source}: "
                f"{item.reason} ({of})"
            )
        else:
            lines.append(f"  rejected: {item.reason}")
    if manifest.unmapped:
        shown = ", ".join(
            f"{c.system or '?'} {c.notation or '?'} ({c.facts})" for c in manifest.unmapped[:5]
        )
        lines.append(f"  codes that no concept lists: {len(manifest.unmapped)}, first {shown}")
    return "\n".join(lines) + "\n"


def _resources(counts: tuple[tuple[str, str, int], ...]) -> list[str]:
    if not counts:
        return []
    read = ", ".join(f"{kind} {n}" for what, kind, n in counts if what == "read" and n)
    ignored, rejected = (
        sum(n for what, _, n in counts if what == outcome) for outcome in ("ignored", "rejected")
    )
    return [f"resources and rows read: {read}; ignored {ignored}, rejected {rejected}"]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


class _Bar:
    """Shows how an import gets on, if standard error is a terminal."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> _Bar:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                Progress,
                TaskProgressColumn,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )

            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def stage(self, name: str, total: int) -> None:
        """Begin a stage."""
        if self._progress is not None:
            if self._task is not None:
                self._progress.remove_task(self._task)
            fields: dict[str, Any] = {"rate": ""}
            self._task = self._progress.add_task(name, total=total, **fields)

    def advance(self, amount: int) -> None:
        """Go on by so much."""
        if self._progress is None or self._task is None:
            return
        self._progress.advance(self._task, amount)
        (task,) = (t for t in self._progress.tasks if t.id == self._task)
        if task.description == "reading" and task.elapsed:
            rate = task.completed / task.elapsed / 1e6
            self._progress.update(self._task, rate=f"{rate:.1f} MB/s")
