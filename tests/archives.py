"""Unpack the archives of real data."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import zstandard

WINDOW = 2**27


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a tar packed with zstd; early releases of Python 3.11 know no filter yet."""
    opener = zstandard.ZstdDecompressor(max_window_size=WINDOW)
    with archive.open("rb") as packed:
        unpacked = io.BytesIO(opener.stream_reader(packed).read())
    with tarfile.open(fileobj=unpacked) as members:
        if hasattr(tarfile, "data_filter"):
            members.extractall(folder, filter="data")
        else:
            members.extractall(folder)
