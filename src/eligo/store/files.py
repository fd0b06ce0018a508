"""Write files at one stroke."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from eligo.errors import EngineError


def write_atomic(path: Path, text: str) -> None:
    """Write a file under another name, bring it to disk and rename it.

    Raises:
        EngineError: It cannot be written.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise no_room(path, error) from error


def no_room(path: Path, error: Exception) -> EngineError:
    """Return the error of a file that cannot be written."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return EngineError(
        f"{path}: cannot be written ({reason}); make room, then give the same command again: "
        "what is done is kept"
    )
