"""Arguments and options that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import rich_click as click

from eligo.cli.reading import MANY, Reading, reading_options
from eligo.cli.talk import Settings

Command = Callable[..., Any]


class Day(click.ParamType[date]):
    """A day of the calendar, written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Turn the text into a date."""
        if isinstance(value, date):
            return value
        try:
            if len(value) != 10:
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day of the calendar; write YYYY-MM-DD", param, ctx)


@dataclass(frozen=True)
class RunOptions:
    """What a run is asked to do.

    Attributes:
        sources: Files, folders or `-`.
        trial: Registry number or path; None is the only trial there is.
        policy: Name of the evidence policy.
        screening_date: For records that state none.
        evaluation_date: Likewise.
        enrolment_date: Likewise.
        intervention_date: Likewise.
        force_dates: Whether these dates replace those of the records.
        patient: IRIs of the patients to use; none is all.
        mappings: Folders of the user's own code mappings.
        reading: Where patient data are, if not in the sources, and in which vocabulary.
    """

    sources: tuple[str, ...]
    trial: str | None
    policy: str
    screening_date: date | None
    evaluation_date: date | None
    enrolment_date: date | None
    intervention_date: date | None
    force_dates: bool
    patient: tuple[str, ...]
    mappings: tuple[str, ...]
    reading: Reading


def sources_argument() -> Callable[[Command], Command]:
    """Add the argument for patient data; an endpoint may stand in for it."""
    return click.argument("sources", nargs=-1, metavar=MANY)


def trial_option(command: Command) -> Command:
    """Add `--trial`."""
    return click.option(
        "--trial",
        "-t",
        metavar="TRIAL",
        envvar="ELIGO_TRIAL",
        help="Registry number, or a trial's Turtle file. ELIGO_TRIAL stands in for it.",
    )(command)


def mappings_option(command: Command) -> Command:
    """Add `--mappings`."""
    return click.option(
        "--mappings",
        "-m",
        multiple=True,
        type=click.Path(),
        envvar="ELIGO_MAPPINGS",
        metavar="FOLDER",
        help="Folder with code mappings of your own (Turtle); may be repeated. The variable "
        "ELIGO_MAPPINGS names folders too.",
    )(command)


def output_option(command: Command) -> Command:
    """Add `--output`."""
    return click.option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to a file, complete or not at all. Its ending tells the format.",
    )(command)


def format_option(*names: str, default: str) -> Callable[[Command], Command]:
    """Add `--format` with the given choices."""
    return click.option(
        "--format",
        "-f",
        "format_",
        type=click.Choice(names),
        help=f"Default: by the ending of --output, else {default}.",
    )


def run_options(command: Command) -> Command:
    """Add what every command that derives evidence takes, and hand it over as `RunOptions`."""
    return trial_option(trials_run_options(command))


def trials_run_options(command: Command) -> Command:
    """Add the same without `--trial`, for a command that takes many trials."""

    @functools.wraps(command)
    def collect(**given: Any) -> Any:
        given.setdefault("trial", None)
        values = {field.name: given.pop(field.name) for field in fields(RunOptions)}
        return command(options=RunOptions(**values), **given)

    day = Day()
    options = (
        click.option(
            "--policy",
            "-p",
            default="default",
            metavar="POLICY",
            help="What may be assumed about the source of the data; `eligo policies` lists them.",
        ),
        click.option(
            "--screening-date",
            type=day,
            help="For records that state none. Default: today, and the result says so.",
        ),
        click.option("--evaluation-date", type=day, help="Likewise; default the screening date."),
        click.option("--enrolment-date", type=day, help="Likewise; default the screening date."),
        click.option("--intervention-date", type=day, help="Likewise; default not known."),
        click.option(
            "--force-dates", is_flag=True, help="Let these dates replace those of the records."
        ),
        click.option(
            "--patient", multiple=True, metavar="IRI", help="Only this patient; may be repeated."
        ),
        mappings_option,
    )
    wrapped: Command = reading_options(collect)
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def _set(name: str, meaning: Any) -> Callable[[click.Context, click.Parameter, bool], None]:
    def store(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            setattr(ctx.find_root().ensure_object(Settings), name, meaning)

    return store


def common_options(command: Command) -> Command:
    """Add `--debug` and `--no-color`, which may stand before or behind a command's name."""
    command = click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        callback=_set("debug", True),
        help="Show the traceback of an error.",
    )(command)
    return click.option(
        "--no-color",
        is_flag=True,
        expose_value=False,
        callback=_set("color", False),
        help="No colours; the variable NO_COLOR does the same.",
    )(command)
