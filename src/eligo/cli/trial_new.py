"""`eligo trial new`: the skeleton of a trial, and a table to fill with patterns."""

from __future__ import annotations

import sys
from pathlib import Path

import rich_click as click

from eligo.cli.options import common_options
from eligo.cli.output import STDOUT, write_file
from eligo.cli.talk import error, note


@click.command("new")
@click.argument("source", metavar="RECORD|NUMBER")
@click.option(
    "--text",
    metavar="FILE",
    help="A file with the text of criteria, `-` for standard input; then NUMBER comes before it.",
)
@click.option("--to", metavar="FOLDER", default=".", help="Where to write. Default: here.")
@click.option("--replace", is_flag=True, help="Replace files that differ; edits in them are lost.")
@common_options
def new(source: str, text: str | None, to: str, replace: bool) -> int:
    """Begin a trial: NUMBER.ttl with all that a registry RECORD says, and NUMBER.tsv to fill.

    The table has a row for each item of the text. Name a pattern in each and add a column for each
    parameter; `eligo trial expand` makes definitions of them.
    """
    from eligo.cli.exits import Exit
    from eligo.services.authoring import begin_trial

    begun = begin_trial(source, None if text is None else _read(text), text or STDOUT)
    folder = Path(to)
    folder.mkdir(parents=True, exist_ok=True)
    kept = 0
    for ending, content in (("ttl", begun.turtle), ("tsv", begun.table)):
        path = folder / f"{begun.identifier}.{ending}"
        if path.exists() and not replace and path.read_bytes() != content.encode():
            error(f"{path} is there and differs; --replace writes over it, edits in it are lost")
            kept += 1
        else:
            write_file(content, path)
            note(f"{path} written")
    note(f"{begun.rows} criteria wait for a pattern")
    return Exit.USAGE if kept else Exit.FINE


def _read(name: str) -> str:
    from eligo.errors import InputError

    try:
        if name == STDOUT:
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return Path(name).read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise InputError(f"cannot be read ({problem.strerror})", source=name) from problem
    except UnicodeDecodeError as problem:
        raise InputError("is not UTF-8; save it as UTF-8", source=name) from problem
