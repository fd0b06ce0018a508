"""Talk to the user on standard error, and say how much colour and width the terminal has."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

import rich_click as click

from eligo.report.page import Page, printable

Item = TypeVar("Item")
FEW = 3
WIDEST = 110
LONGEST = 240


@dataclass
class Settings:
    """Options that hold for every command.

    Attributes:
        debug: Whether errors show their traceback.
        color: Whether colours may be used on a terminal.
    """

    debug: bool = False
    color: bool = True

    def colored(self, *, to_file: bool = False) -> bool:
        """Tell whether to colour standard output."""
        allowed = self.color and not os.environ.get("NO_COLOR")
        return allowed and not to_file and sys.stdout.isatty()

    def page(self, *, to_file: bool = False) -> Page:
        """Return an empty page for standard output or a file."""
        width = None
        if not to_file and (sys.stdout.isatty() or os.environ.get("COLUMNS")):
            width = min(shutil.get_terminal_size().columns, WIDEST)
        return Page(width=width, color=self.colored(to_file=to_file))


def settings() -> Settings:
    """Return the settings of the running command."""
    context = click.get_current_context(silent=True)
    return Settings() if context is None else context.find_root().ensure_object(Settings)


def one_line(text: object) -> str:
    """Return a message without line breaks."""
    return printable(" ".join(str(text).split()))


def shorten(text: object) -> str:
    """Return the beginning of a long message, or all of it when debugging."""
    whole = one_line(text)
    if settings().debug or len(whole) <= LONGEST:
        return whole
    return f"{whole[:LONGEST]}… (--debug shows all)"


def error(text: object) -> None:
    """Say what went wrong."""
    _say("error", text, "red")


def warn(text: object) -> None:
    """Say what the user should know about the result."""
    _say("warning", text, "yellow")


def warn_of(texts: Sequence[object], what: str) -> None:
    """Warn of the first few of several things, and say how many there are."""
    for text in texts[:FEW]:
        warn(f"{what}: {text}")
    if len(texts) > FEW:
        warn(f"{what}: {len(texts) - FEW} more of this kind")


def note(text: object) -> None:
    """Say something in passing."""
    _say("note", text, "cyan")


def _say(kind: str, text: object, color: str) -> None:
    lead = f"{kind}:"
    if sys.stderr.isatty() and not os.environ.get("NO_COLOR"):
        lead = click.style(lead, fg=color, bold=True)
    with suppress(BrokenPipeError):
        click.echo(f"{lead} {one_line(text)}", err=True)


def progress(items: Sequence[Item], label: str) -> Iterator[Item]:
    """Yield items, with a bar if they are more than a few and standard error is a terminal."""
    if len(items) <= FEW or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield from bar.track(items, description=label)


@contextmanager
def counting(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """Yield what is told of each piece of work done; a bar with rate and time left on a terminal.

    Args:
        total: How many patients there are.
        label: What is done.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Elapsed(),
        Remaining(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.advance(task, done)
