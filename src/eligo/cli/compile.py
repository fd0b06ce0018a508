"""`eligo compile`: from criteria to SHACL shapes, or to SQL."""

from __future__ import annotations

import rich_click as click

from eligo.cli.options import common_options
from eligo.cli.output import STDOUT, write, write_file
from eligo.cli.talk import error, note


@click.command("compile")
@click.argument("trials", nargs=-1, metavar="[TRIALS]...")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file differs.")
@click.option(
    "--output", "-o", metavar="FILE", help="For one trial: where to write; `-` is standard output."
)
@click.option(
    "--sql", is_flag=True, help="For one trial: write the SQL that decides cohorts instead."
)
@common_options
def compile_(trials: tuple[str, ...], check: bool, output: str | None, sql: bool) -> int:
    """Compile TRIALS (all by default) to `shapes/trials/ID.ttl`."""
    from pathlib import Path

    from eligo.cli.exits import Exit, NothingToDo
    from eligo.cli.session import load_trial
    from eligo.errors import UsageError
    from eligo.report.difference import difference
    from eligo.resources import root
    from eligo.resources import trials as known

    names = trials or tuple(sorted(known()))
    if not names:
        raise NothingToDo("there is no trial: nothing was compiled")
    if output is not None and len(names) != 1:
        raise UsageError("--output takes one trial; name it")
    if sql:
        return _compile_sql(names, output or STDOUT, check=check)
    differing = 0
    for name in names:
        trial = load_trial(name)
        if output == STDOUT and not check:
            write(trial.shapes, output)
            continue
        path = root() / "shapes" / "trials" / f"{trial.identifier}.ttl"
        if output is not None:
            path = Path(output)
        found = path.read_text(encoding="utf-8") if path.is_file() else None
        if found == trial.shapes:
            note(f"{path} is up to date")
        elif check:
            differing += 1
            what = "is missing" if found is None else difference(found, trial.shapes)
            error(f"{path} {what}; run `eligo compile {name}`")
        else:
            write_file(trial.shapes, path)
            note(f"{path} written")
    return Exit.FINDINGS if differing else Exit.FINE


def _compile_sql(names: tuple[str, ...], output: str, *, check: bool) -> int:
    from eligo.cli.exits import Exit
    from eligo.cli.session import load_trial
    from eligo.errors import UsageError
    from eligo.services.compiled import cohort_engine

    if check or len(names) != 1:
        raise UsageError("--sql takes one trial, and no --check: it has no file to compare with")
    write(cohort_engine(load_trial(names[0]).model).text, output)
    return Exit.FINE
