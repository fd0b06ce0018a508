"""`eligo trial compile`: from trials of one's own to SHACL shapes."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from eligo.cli.options import common_options
from eligo.cli.output import STDOUT, write, write_file
from eligo.cli.talk import error, note


@click.command("compile")
@click.argument("trials", nargs=-1, required=True, metavar="TRIALS...")
@click.option(
    "--to",
    metavar="FOLDER|FILE",
    help="A folder for one file of shapes a trial, or a .ttl file for one trial. Default: standard "
    "output, for one trial.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file differs.")
@common_options
def compile_(trials: tuple[str, ...], to: str | None, check: bool) -> int:
    """Compile TRIALS (numbers, Turtle files, folders) to SHACL shapes, patterns expanded."""
    from eligo.cli.exits import Exit
    from eligo.errors import EligoError, UsageError
    from eligo.report.difference import difference
    from eligo.trial.trial import load_trial

    names = [name for given in trials for name in _files(given)]
    single = to is None or to == STDOUT or to.endswith(".ttl")
    if single and len(names) != 1:
        raise UsageError(f"{len(names)} trials were named; name a folder with --to")
    if check and (to is None or to == STDOUT):
        raise UsageError("--check compares with files; name them with --to")
    failed = differing = 0
    for name in names:
        try:
            trial = load_trial(name)
            shapes = trial.shapes_text
        except EligoError as problem:
            error(problem)
            failed += 1
            continue
        if to is None or to == STDOUT:
            write(shapes, to)
            continue
        path = Path(to) if single else Path(to) / f"{trial.identifier}.ttl"
        found = path.read_text(encoding="utf-8") if path.is_file() else None
        if check:
            if found != shapes:
                differing += 1
                what = "is missing" if found is None else difference(found, shapes)
                error(f"{path} {what}; compile {name} again")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(shapes, path)
        note(f"{path} written")
    if failed:
        return Exit.UNREADABLE
    return Exit.FINDINGS if differing else Exit.FINE


def _files(given: str) -> list[str]:
    folder = Path(given)
    return [str(p) for p in sorted(folder.rglob("*.ttl"))] if folder.is_dir() else [given]
