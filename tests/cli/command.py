"""Run the command line in this process, so that a trial is loaded once."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from eligo.cli.main import main
from eligo.resources import root

EXAMPLES = root() / "examples" / "patients"
TRIAL = "NCT06150651"
"""The trial of commands that name none."""


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str


def eligo(*arguments: str | Path, stdin: bytes = b"") -> Ran:
    """Run `eligo` with arguments and return exit code and both outputs."""
    out, err = io.StringIO(), io.StringIO()
    source = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    usual = patch.dict(os.environ, {"ELIGO_TRIAL": TRIAL})
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", source), usual:
        code = main([str(argument) for argument in arguments])
    return Ran(code, out.getvalue(), err.getvalue())


def example(name: str) -> Path:
    """Return the file of an example patient."""
    return EXAMPLES / f"{name}.ttl"


def altered(folder: Path, name: str, old: str, new: str, *, base: str = "anna") -> Path:
    """Write an example patient under another name, with one thing changed."""
    text = example(base).read_text(encoding="utf-8")
    assert old in text
    path = folder / f"{name}.ttl"
    changed = text.replace(old, new).replace(f"patient/{base}/", f"patient/{name}/")
    path.write_text(changed, encoding="utf-8")
    return path
