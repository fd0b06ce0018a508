"""Write text as it comes, packed or not, to standard output or to a file at one stroke."""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from eligo.errors import UsageError

TOGETHER = 500
"""How many pieces of text are written at once."""


def write_pieces(pieces: Iterable[str], output: str | None) -> None:
    """Write pieces of text to standard output (None or `-`) or to a file.

    A name that ends with `.gz` or `.zst` is packed. A file appears when it is complete.

    Raises:
        UsageError: The file cannot be written.
        BrokenPipeError: Nobody reads standard output any more.
    """
    if output in (None, "-"):
        for block in _blocks(pieces):
            sys.stdout.write(block)
        sys.stdout.flush()
        return
    path = Path(output or "")
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file, ExitStack() as stack:
            packed = _packed(file, path.suffix, stack)
            for block in _blocks(pieces):
                packed.write(block.encode())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{path}: cannot be written ({reason}); choose another file") from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def _packed(file: BinaryIO, ending: str, stack: ExitStack) -> BinaryIO:
    if ending == ".gz":
        return stack.enter_context(
            cast(BinaryIO, gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0))
        )
    if ending == ".zst":
        writer = zstandard.ZstdCompressor(level=3).stream_writer(file, closefd=False)
        return stack.enter_context(cast(BinaryIO, writer))
    return file


def _blocks(pieces: Iterable[str]) -> Iterator[str]:
    waiting = iter(pieces)
    while block := list(islice(waiting, TOGETHER)):
        yield "".join(block)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
