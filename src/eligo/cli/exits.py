"""Exit codes of the command line."""

from __future__ import annotations

from enum import IntEnum

from eligo.errors import EligoError


class Exit(IntEnum):
    """What an exit code means; `EPILOG` tells users."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    UNREADABLE = 3
    FAILED = 4
    INTERRUPTED = 130
    PIPE_CLOSED = 141


EPILOG = """Exit codes:

0 fine; that somebody is not eligible is an answer like any other.

1 findings: an ill-formed record, a trial that contradicts itself, or a compiled file that is out of
date.

2 not possible as stated: an unknown option, trial, policy, patient or criterion, or a file that
would be overwritten.

3 a source could not be read (the others were), or there was nothing to do.

4 an engine failed; please report it.

Results go to standard output, remarks to standard error; `-` reads standard input. Nothing is
ever sent over a network, except queries to the --endpoint that you name.
"""


class NothingToDo(EligoError):
    """There was nothing to work on, so that no answer would mean anything."""
