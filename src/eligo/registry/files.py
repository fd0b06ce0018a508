"""Find the files of registry records and turn their bytes into text."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eligo.errors import InputError
from eligo.records.parse import suffix_of, unpack

STDIN = "-"
LINES = (".jsonl", ".ndjson")
ENDINGS = (".json", *LINES, ".xml", ".txt")
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
WESTERN = ("cp1252", "latin-1")


@dataclass(frozen=True)
class Document:
    """A file as text.

    Attributes:
        name: Name of the file.
        sha256: Of its bytes as they were found, in hexadecimal digits.
        text: What it says.
        remark: What the user should know about how it was read; None: nothing.
    """

    name: str
    sha256: str
    text: str
    remark: str | None

    @property
    def has_lines(self) -> bool:
        """Whether its name says that each line is a record."""
        return suffix_of(Path(self.name)) in LINES


def read_documents(paths: Iterable[str]) -> Iterator[Document | InputError]:
    """Read files, the files of folders (by name) and `-`; what cannot be read is yielded as error.

    Args:
        paths: What the user names.
    """
    seen: set[Path] = set()
    for path in paths:
        if path == STDIN:
            yield _document(sys.stdin.buffer.read(), STDIN)
            continue
        files = _files(Path(path))
        if not files:
            yield InputError(
                f"holds no file of a known kind ({' '.join(ENDINGS)}, also with .gz or .zst)",
                source=path,
            )
        for file in files:
            if file.resolve() in seen:
                continue
            seen.add(file.resolve())
            try:
                data = file.read_bytes()
            except OSError as error:
                reason = error.strerror or str(error)
                yield InputError(f"cannot be read ({reason}); check the path", source=str(file))
                continue
            yield _document(data, str(file))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(
        file for file in path.rglob("*") if suffix_of(file) in ENDINGS and not file.is_dir()
    )


def _document(data: bytes, name: str) -> Document | InputError:
    digest = hashlib.sha256(data).hexdigest()
    try:
        text, remark = decode(unpack(data, name), name)
    except InputError as error:
        return error
    if not text.strip():
        return InputError("is empty; fetch it again", source=name)
    return Document(name, digest, text, remark)


def decode(data: bytes, name: str) -> tuple[str, str | None]:
    """Turn bytes into text by their byte order mark, their XML declaration, or as UTF-8.

    Args:
        data: The bytes, unpacked.
        name: For messages.

    Returns:
        The text, and a remark where the encoding was guessed.

    Raises:
        InputError: The bytes are no text.
    """
    declared = DECLARED.match(data[:200])
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)
    encoding = marked or (declared[1].decode("ascii") if declared else json.detect_encoding(data))
    try:
        text = data.decode(encoding)
    except LookupError:
        raise InputError(f"names an unknown encoding ({encoding})", source=name) from None
    except UnicodeDecodeError as error:
        if encoding.lower() not in ("utf-8", "utf-8-sig") or declared:
            raise InputError(
                f"is not {encoding} as it claims (byte {error.start}); save it as UTF-8",
                source=name,
            ) from error
        return _western(data, name, error)
    if "\0" in text:
        raise InputError("is no text; give a registry record in JSON, XML or text", source=name)
    return text.removeprefix("\ufeff"), None


def _western(data: bytes, name: str, error: UnicodeDecodeError) -> tuple[str, str | None]:
    if b"\0" in data:
        raise InputError(
            "is no text; give a registry record in JSON, XML or text", source=name
        ) from error
    for encoding in WESTERN:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        line = data.count(b"\n", 0, error.start) + 1
        return text, f"{name}:{line}: is not UTF-8 and was read as {encoding}; save it as UTF-8"
    raise InputError("is neither UTF-8 nor Western text; save it as UTF-8", source=name)
