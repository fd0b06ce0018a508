"""`eligo trial expand`: from blocks and rows of patterns to OWL definitions."""

from __future__ import annotations

import rich_click as click

from eligo.cli.options import common_options, output_option
from eligo.cli.output import write, write_file
from eligo.cli.talk import error, note


def patterns_option(command: click.decorators.FC) -> click.decorators.FC:
    """Add `--patterns`."""
    return click.option(
        "--patterns",
        "folders",
        multiple=True,
        metavar="FOLDER",
        help="A folder with patterns of your own; may be repeated.",
    )(command)


@click.command("expand")
@click.argument("trial", metavar="TRIAL")
@click.argument("rows", nargs=-1, metavar="[ROWS]...")
@click.option("--in-place", is_flag=True, help="Write the trial's file itself.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if it is out of date.")
@patterns_option
@output_option
@common_options
def expand(
    trial: str,
    rows: tuple[str, ...],
    in_place: bool,
    check: bool,
    folders: tuple[str, ...],
    output: str | None,
) -> int:
    """Expand the patterns of TRIAL (a Turtle file): its blocks, and ROWS of TSV or CSV files.

    What was written by hand stays as it is. Without an option the whole file goes to standard
    output. Criteria with errors stay as they are; the exit code is then 3.
    """
    from eligo.cli.exits import Exit
    from eligo.errors import UsageError
    from eligo.services.patterns import expand_trial

    if in_place + check + (output is not None) > 1:
        raise UsageError("--in-place, --check and --output exclude each other; keep one")
    expansion = expand_trial(trial, rows, folders)
    for fault in expansion.faults:
        error(fault)
    count = len(expansion.criteria)
    told = "1 criterion" if count == 1 else f"{count or 'no'} criteria"
    if check:
        if expansion.before != expansion.after:
            error(f"{expansion.path} is out of date: {', '.join(expansion.criteria) or 'blocks'}")
    elif in_place:
        if expansion.before != expansion.after:
            write_file(expansion.after, expansion.path)
        note(f"{expansion.path}: {told} expanded")
    else:
        write(expansion.after, output)
        note(f"{told} expanded")
    if expansion.faults:
        return Exit.UNREADABLE
    return Exit.FINDINGS if check and expansion.before != expansion.after else Exit.FINE
