"""The one error family of Eligo.

Every message names what was wrong, where it stands and how to mend it. "Not eligible" is a value,
never an error.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial


class EligoError(Exception):
    """Base of every error that Eligo raises on purpose."""


class UsageError(EligoError):
    """A request that cannot be carried out as stated, such as an unknown trial or policy."""


class InputError(EligoError):
    """Input that cannot be read.

    Args:
        message: What was found and how to mend it.
        source: File name (or ``-`` for standard input) the input came from.
        line: Line of the fault, counted from 1, where it is known.
        column: Column of the fault, counted from 1, where it is known.
    """

    def __init__(
        self, message: str, *, source: str, line: int | None = None, column: int | None = None
    ) -> None:
        self._message = message
        self.source = source
        self.line = line
        self.column = column
        place = source
        if line is not None:
            place += f":{line}"
            if column is not None:
                place += f":{column}"
        super().__init__(f"{place}: {message}")

    def __reduce__(self) -> tuple[Callable[..., InputError], tuple[str]]:
        """Let other processes raise it."""
        place = {"source": self.source, "line": self.line, "column": self.column}
        return partial(InputError, **place), (self._message,)  # type: ignore[arg-type]


class ModelError(EligoError):
    """An ontology or trial file that Eligo cannot work with; the message names the term."""


class ExpressionError(ModelError):
    """A class expression outside the fragment that criteria may use."""


class EngineError(EligoError):
    """An engine that failed or answered something that cannot be trusted."""
