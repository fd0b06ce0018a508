"""The command `eligo`."""

from __future__ import annotations

import gc
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version

import rich_click as click

from eligo.cli import (
    codes,
    enrich,
    explain,
    extract,
    import_,
    lists,
    match,
    query,
    report,
    screen,
    synth,
    trial,
    validate,
)
from eligo.cli import compile as compile_
from eligo.cli.exits import EPILOG, Exit, NothingToDo
from eligo.cli.options import common_options
from eligo.cli.output import PipeClosed
from eligo.cli.talk import Settings, error, one_line
from eligo.errors import EligoError, EngineError, InputError, ModelError, UsageError

click.rich_click.COMMAND_GROUPS = {
    "eligo": [
        {
            "name": "Patients",
            "commands": ["screen", "match", "explain", "validate", "enrich", "report", "codes"],
        },
        {"name": "Cohorts", "commands": ["import", "extract", "synth"]},
        {"name": "Knowledge base", "commands": ["query", "trials", "trial", "policies", "compile"]},
    ]
}

SELDOM = (200_000, 20, 100)
"""Graphs live as long as a command; looking through them often takes a tenth of its time."""

CODES: tuple[tuple[type[EligoError], Exit], ...] = (
    (UsageError, Exit.USAGE),
    (InputError, Exit.UNREADABLE),
    (NothingToDo, Exit.UNREADABLE),
    (ModelError, Exit.UNREADABLE),
    (EngineError, Exit.FAILED),
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]}, epilog=EPILOG, no_args_is_help=True
)
@click.version_option(version("eligo"), prog_name="eligo", message="%(prog)s %(version)s")
@common_options
def cli() -> None:
    """Decide who is eligible for a clinical trial, who is not, and what is still unknown.

    Criteria are OWL classes, compiled to SHACL shapes; patients are RDF or FHIR. Begin with
    `eligo screen examples/patients`.
    """


for command in (
    screen.screen,
    match.match,
    explain.explain,
    validate.validate,
    enrich.enrich,
    report.report,
    codes.codes,
    import_.import_,
    extract.extract,
    query.query,
    compile_.compile_,
    lists.trials,
    trial.trial,
    lists.policies,
    synth.synth,
):
    cli.add_command(command)


def main(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit code; nothing is raised."""
    settings = Settings()
    # rdflib logs a traceback for each ill-formed literal; the record shapes report these properly.
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    try:
        code = cli.main(list(arguments), prog_name="eligo", standalone_mode=False, obj=settings)
        sys.stdout.flush()
    except (BrokenPipeError, PipeClosed):
        # The reader has gone; nothing more can be written, not even on closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.PIPE_CLOSED
    except (click.Abort, KeyboardInterrupt):
        error("interrupted")
        return Exit.INTERRUPTED
    except click.ClickException as problem:
        return _refuse(problem)
    except EligoError as problem:
        _trace(settings)
        error(problem)
        return next((code for kind, code in CODES if isinstance(problem, kind)), Exit.USAGE)
    except Exception as problem:
        _trace(settings)
        hint = "" if settings.debug else "; --debug shows where, please report it"
        error(f"unexpected {type(problem).__name__}: {problem}{hint}")
        return Exit.FAILED
    return int(code or Exit.FINE)


def _refuse(problem: click.ClickException) -> int:
    hint = ""
    if isinstance(problem, click.UsageError) and problem.ctx is not None:
        hint = f" (see `{problem.ctx.command_path} --help`)"
    error(f"{one_line(problem.format_message()).rstrip('.')}{hint}")
    return Exit.USAGE


def _trace(settings: Settings) -> None:
    if settings.debug:
        traceback.print_exc()


def run() -> None:
    """Entry point of the program."""
    gc.set_threshold(*SELDOM)
    sys.exit(main(sys.argv[1:]))
