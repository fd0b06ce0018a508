"""Files as streams of bytes, unpacked on the way, so that none is held whole."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING

from eligo.errors import InputError
from eligo.records.parse import BYTE_ORDER_MARK, GZIP_MAGIC, LONGEST_WINDOW, ZSTD_MAGIC

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE = 1 << 16


class _Zstd(io.RawIOBase):
    """Reads zstd frame after frame; the end of the file within a frame is an error."""

    def __init__(self, packed: IO[bytes]) -> None:
        import zstandard

        self._packed = packed
        self._unpacker = zstandard.ZstdDecompressor(max_window_size=LONGEST_WINDOW)
        self._frame = self._unpacker.decompressobj()
        self._begun = False
        self._rest = b""
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._ready:
            data = self._rest or self._packed.read(PIECE)
            self._rest = b""
            if not data:
                if self._begun:
                    raise OSError("it is cut short")
                return 0
            self._ready = self._unpack(data)
        taken = min(len(view), len(self._ready))
        view[:taken] = self._ready[:taken]
        self._ready = self._ready[taken:]
        return taken

    def _unpack(self, data: bytes) -> bytes:
        import zstandard

        try:
            found = self._frame.decompress(data)
        except zstandard.ZstdError as error:
            raise OSError(str(error)) from error
        self._begun = not self._frame.eof
        if self._frame.eof:
            self._rest = self._frame.unused_data
            self._frame = self._unpacker.decompressobj()
        return found


class Source(io.RawIOBase):
    """A file, unpacked, without its byte order mark; what is wrong with it is an `InputError`."""

    def __init__(self, path: Path, name: str) -> None:
        """Open a file.

        Args:
            path: The file.
            name: What messages call it.

        Raises:
            InputError: It cannot be read.
        """
        self._name = name
        self._kind = ""
        self.fault: InputError | None = None
        try:
            file = path.open("rb")
            start = file.read(len(ZSTD_MAGIC))
            file.seek(0)
        except OSError as error:
            raise unreadable(error, name) from error
        stream: IO[bytes] = file
        if start.startswith(GZIP_MAGIC):
            self._kind = "gzip"
            stream = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
        elif start.startswith(ZSTD_MAGIC):
            self._kind = "zstd"
            stream = io.BufferedReader(_Zstd(file), PIECE)
        self._stream = stream
        self._start = self._take(len(BYTE_ORDER_MARK)).removeprefix(BYTE_ORDER_MARK)

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer as far as data come."""
        view = memoryview(buffer).cast("B")
        data = self._start or self._take(len(view))
        self._start = data[len(view) :]
        data = data[: len(view)]
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        super().close()

    def _take(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except (OSError, EOFError, zlib.error) as error:
            if not self._kind:
                self.fault = unreadable(error, self._name)
            else:
                self.fault = InputError(
                    f"is a damaged {self._kind} file ({error}); fetch it again", source=self._name
                )
            raise self.fault from error


def unreadable(error: Exception, name: str) -> InputError:
    """Return the error of a file that cannot be read."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return InputError(f"cannot be read ({reason}); check the path", source=name)


def is_packed(path: Path) -> bool:
    """Tell whether a file is gzip or zstd, by how it begins.

    Raises:
        InputError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(len(ZSTD_MAGIC)).startswith((GZIP_MAGIC, ZSTD_MAGIC))
    except OSError as error:
        raise unreadable(error, str(path)) from error


def beginning(path: Path, name: str, size: int) -> bytes:
    """Return the first bytes of a file, unpacked.

    Raises:
        InputError: It cannot be read.
    """
    with Source(path, name) as stream:
        return io.BufferedReader(stream).read(size)
