"""Write results to standard output, or to a file at one stroke."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from eligo.errors import UsageError

STDOUT = "-"


class PipeClosed(Exception):
    """The reader of standard output has gone, which is its right."""


def write(text: str, output: str | None) -> None:
    """Write to standard output (None or `-`) or to a file.

    Raises:
        UsageError: The file cannot be written.
        PipeClosed: Nobody reads standard output any more.
    """
    if output is None or output == STDOUT:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise PipeClosed from error
        return
    write_file(text, Path(output))


def write_file(text: str, path: Path) -> None:
    """Write a file under another name and rename it, so that nobody ever sees half of it.

    Raises:
        UsageError: The file cannot be written.
    """
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()
        reason = error.strerror or str(error)
        raise UsageError(f"{path}: cannot be written ({reason}); choose another file") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def choose_format(given: str | None, output: str | None, endings: dict[str, str]) -> str:
    """Return the format asked for, else the one the file's ending tells, else the first known.

    Args:
        given: What the user asked for.
        output: The file to write.
        endings: Format of each known file ending; the first is the default.
    """
    if given is not None:
        return given
    default = next(iter(endings.values()))
    return default if output is None else endings.get(Path(output).suffix.lower(), default)
