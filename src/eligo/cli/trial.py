"""`eligo trial`: import registry records, export and check trials."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from eligo.cli.options import common_options, output_option
from eligo.cli.output import STDOUT, write, write_file
from eligo.cli.talk import error, note, progress, warn_of
from eligo.cli.trial_compile import compile_
from eligo.cli.trial_expand import expand
from eligo.cli.trial_new import new

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eligo.registry.model import Record
    from eligo.services.registry import Trials


@click.group()
@common_options
def trial() -> None:
    """Import, begin, expand, compile, check and export trials."""


@trial.command("import")
@click.argument("records", nargs=-1, required=True, metavar="RECORDS...")
@click.option(
    "--to",
    metavar="FOLDER|FILE",
    help="A folder for one Turtle file a trial, or a .ttl file for one record. Default: standard "
    "output, for one record.",
)
@click.option("--replace", is_flag=True, help="Replace files that differ; edits in them are lost.")
@click.option(
    "--retrieved", metavar="TEXT", help="When the records were retrieved, where they do not say."
)
@common_options
def import_(records: tuple[str, ...], to: str | None, replace: bool, retrieved: str | None) -> int:
    """Import RECORDS of ClinicalTrials.gov as trials: JSON of both APIs, XML or text.

    Fields become criteria. The text is split into items that are not formalised: they stay unknown
    until a person puts them in logic.
    """
    from eligo.cli.exits import Exit, NothingToDo
    from eligo.services.registry import read_registry

    reading = read_registry(records, retrieved)
    for failure in reading.failures:
        error(failure)
    warn_of(reading.remarks, "remark")
    found = list(reading.records.values())
    if not found:
        raise NothingToDo("no record was read: nothing was imported")
    kept = _put(found, to, replace=replace)
    warn_of(
        [f"{r.source.place}: {r.identifier}" for r in found if not r.criteria_text.strip()],
        "a record has no text of criteria",
    )
    if kept:
        return Exit.USAGE
    return Exit.UNREADABLE if reading.failures else Exit.FINE


def _put(records: Sequence[Record], to: str | None, *, replace: bool) -> int:
    """Write trials; return how many files were kept because they differ."""
    from eligo.errors import UsageError
    from eligo.services.registry import TURTLE, as_turtle

    single = to is None or to == STDOUT or (to.endswith(TURTLE) and not Path(to).is_dir())
    if single:
        if len(records) > 1:
            raise UsageError(f"{len(records)} records were read; name a folder with --to")
        ((_, text),) = as_turtle(records)
        if to is None or to == STDOUT:
            write(text, to)
            return 0
        return _write(Path(to), text, replace=replace)
    folder = Path(to or "")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise UsageError(f"{folder}: cannot be made ({reason}); name another folder") from problem
    kept = 0
    for record, text in as_turtle(progress(records, "importing")):
        kept += _write(folder / f"{record.identifier}{TURTLE}", text, replace=replace)
    count = "1 trial" if len(records) == 1 else f"{len(records)} trials"
    note(f"{count} imported, {folder} has them{f'; {kept} kept as they were' if kept else ''}")
    return kept


def _write(path: Path, text: str, *, replace: bool) -> int:
    if path.exists() and not replace and path.read_bytes() != text.encode():
        error(f"{path} is there and differs; --replace writes over it, edits in it are lost")
        return 1
    write_file(text, path)
    return 0


@trial.command("export")
@click.argument("trials", nargs=-1, required=True, metavar="TRIALS...")
@output_option
@common_options
def export(trials: tuple[str, ...], output: str | None) -> int:
    """Export TRIALS (numbers, Turtle files, folders) as studies of the registry's API version 2.

    One trial is a study; several are a list of `studies`.
    """
    from eligo.registry.export import as_text
    from eligo.services.registry import export_trials, load_trials

    found = load_trials(trials)
    code = _report(found)
    studies = export_trials(found.loaded)
    write(as_text(studies[0] if len(studies) == 1 else {"studies": studies}), output)
    return code


@trial.command("check")
@click.argument("trials", nargs=-1, required=True, metavar="TRIALS...")
@output_option
@common_options
def check(trials: tuple[str, ...], output: str | None) -> int:
    """Check TRIALS (numbers, Turtle files, folders): do fields, text and quotations agree?

    The exit code is 1 if something does not fit together.
    """
    from eligo.cli.exits import Exit
    from eligo.services.registry import check_trials, load_trials

    found = load_trials(trials)
    code = _report(found)
    findings = check_trials(found.loaded)
    lines = [f"{finding.trial}: {finding.text}\n    in: {finding.place}\n" for finding in findings]
    count = "1 trial" if len(found.loaded) == 1 else f"{len(found.loaded)} trials"
    many = "1 finding" if len(findings) == 1 else f"{len(findings) or 'no'} findings"
    write("".join([f"{count} checked: {many}\n", *lines]), output)
    return code or (Exit.FINDINGS if findings else Exit.FINE)


def _report(trials: Trials) -> int:
    """Say what could not be loaded; return the exit code for that.

    Raises:
        NothingToDo: Nothing could be loaded.
    """
    from eligo.cli.exits import Exit, NothingToDo

    for failure in trials.failures:
        error(failure)
    if not trials.loaded:
        raise NothingToDo("no trial was read: nothing was done")
    return Exit.UNREADABLE if trials.failures else Exit.FINE


trial.add_command(new)
trial.add_command(expand)
trial.add_command(compile_)
