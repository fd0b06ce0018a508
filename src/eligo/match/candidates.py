"""Find candidates by what a user names: numbers, Turtle files, folders, registry records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from eligo.errors import EligoError, InputError, UsageError
from eligo.match.library import Library
from eligo.resources import ontology_files, trial_file, trials
from eligo.services.registry import TURTLE, as_turtle, read_registry
from eligo.vocabulary.mappings import MappingFolder, add_mappings
from eligo.vocabulary.ontology import load_ontology


def gather(
    names: Sequence[str], mappings: Sequence[str] = ()
) -> tuple[Library, tuple[MappingFolder, ...], list[EligoError]]:
    """Gather the trials that a user names; what cannot be read is told, and the rest goes on.

    Args:
        names: Registry numbers, Turtle files, folders, and files of registry records; none: all
            trials that come with Eligo.
        mappings: Folders of the user's own code mappings.

    Returns:
        The trials, the mappings, and why others could not be read.

    Raises:
        EligoError: The general ontology or a mapping is malformed.
    """
    general = load_ontology(ontology_files())
    folders = add_mappings(general, mappings)
    library = Library(general, mappings)
    failures: list[EligoError] = []
    with TemporaryDirectory(prefix="eligo-") as scratch:
        for found in _files(names or sorted(trials()), Path(scratch), library, failures):
            data, source, path = found
            try:
                library.add(data, source, path)
            except EligoError as error:
                failures.append(error)
    return library, folders, failures


def _files(
    names: Iterable[str], scratch: Path, library: Library, failures: list[EligoError]
) -> Iterator[tuple[bytes, str, Path]]:
    for name in names:
        given = Path(name)
        turtle = sorted(given.rglob(f"*{TURTLE}")) if given.is_dir() else []
        if not turtle and given.exists() and given.suffix != TURTLE:
            yield from _records(name, scratch, library, failures)
            continue
        try:
            paths = turtle or [trial_file(name)]
        except UsageError as error:
            failures.append(error)
            continue
        for path in paths:
            try:
                yield path.read_bytes(), str(path), path
            except OSError as error:
                failures.append(InputError(f"cannot be read ({error.strerror})", source=str(path)))


def _records(
    name: str, scratch: Path, library: Library, failures: list[EligoError]
) -> Iterator[tuple[bytes, str, Path]]:
    """Yield registry records as the files that an import would write."""
    reading = read_registry([name])
    failures += reading.failures
    library.remarks += reading.remarks
    for record, text in as_turtle(reading.records.values()):
        path = scratch / f"{record.identifier}{TURTLE}"
        data = text.encode()
        path.write_bytes(data)
        yield data, record.source.place, path
