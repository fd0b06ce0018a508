"""Read an endpoint page by page: some patients, and all that is said of them, at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import pyoxigraph as ox

from eligo.errors import InputError
from eligo.records.profile import Profile
from eligo.records.remote.endpoint import Endpoint
from eligo.records.remote.http import Client, OverloadError
from eligo.records.remote.queries import RemoteQueries
from eligo.records.remote.results import construct, construct_whole, count, select

Result = TypeVar("Result")
TIRED = 3
SHRINKING = 4


@dataclass(frozen=True)
class Page:
    """Some patients of an endpoint.

    Attributes:
        patients: IRIs of those asked for.
        quads: What the endpoint says of them, in its own vocabulary.
        failures: Why patients were not read, or not surely all.
    """

    patients: tuple[str, ...] = ()
    quads: tuple[ox.Quad, ...] = ()
    failures: tuple[InputError, ...] = ()


def read_pages(endpoint: Endpoint, profile: Profile) -> Iterator[Page]:
    """Read the patients of an endpoint in the order of their IRIs.

    A page that cannot be read is told and the next is tried; one that is too much is made smaller.

    Yields:
        Pages of at most `endpoint.page_size` patients.

    Raises:
        UsageError: The profile reads files only.
        InputError: The endpoint cannot be asked at all.
    """
    queries = RemoteQueries.of(profile, endpoint.url)
    yield from _Reader(Client(endpoint), queries, profile, endpoint.page_size).pages()


@dataclass
class _Reader:
    client: Client
    queries: RemoteQueries
    profile: Profile
    size: int
    astray: tuple[ox.Quad, ...] = ()
    failed: int = 0
    read: int = 0
    seen: set[str] = field(default_factory=set)

    def pages(self) -> Iterator[Page]:
        """Yield the pages; see `read_pages`."""
        yield from self._strays()
        if self.client.endpoint.patients:
            yield from self._some(self.client.endpoint.patients)
            return
        try:
            for patients in self._listed():
                yield from self._some(patients)
            self._check_number()
        except InputError as error:
            if not self.read:
                raise
            yield Page(failures=(error,))

    def _strays(self) -> Iterator[Page]:
        """Ask for facts that hang on no patient; what is too much to ask is told."""
        if self.profile.astray is None:
            return
        try:
            self.astray = tuple(construct(self.client, self.profile.astray.text))
        except OverloadError as error:
            told = InputError(
                f"cannot be asked for facts that hang on no patient: {error}",
                source=self.client.endpoint.url,
            )
            yield Page(failures=(told,))

    def _listed(self) -> Iterator[tuple[str, ...]]:
        """List the patients until a page is empty: a short one proves nothing."""
        after = ""
        while page := self._smaller(partial(self._list, after)):
            yield page
            after = page[-1]

    def _list(self, after: str) -> tuple[str, ...]:
        found = select(self.client, self.queries.page(after, self.size), "patient")
        if any(isinstance(term, ox.BlankNode) for term in found):
            self.client.fail(
                "has patients that are blank nodes, which no later query can ask for; "
                "give each patient an IRI"
            )
        patients = tuple(
            self.queries.checked(term.value) if isinstance(term, ox.NamedNode) else str(term)
            for term in found
        )
        if len(set(patients)) != len(patients) or self.seen.intersection(patients):
            self.client.fail("does not order its patients, so they cannot be read page by page")
        self.seen.update(patients)
        return patients

    def _some(self, patients: tuple[str, ...]) -> Iterator[Page]:
        """Yield the records of some patients, in as many pages as it takes."""
        position = 0
        while position < len(patients):
            try:
                chunk, quads = self._smaller(partial(self._fetch, patients, position))
            except InputError as error:
                self.failed += 1
                if not self.read or self.failed >= TIRED:
                    raise
                chunk = patients[position : position + self.size]
                named = f"<{chunk[0]}>" + (f" to <{chunk[-1]}>" if len(chunk) > 1 else "")
                told = InputError(f"{named} not read: {error}", source=self.client.endpoint.url)
                yield Page(failures=(told,))
            else:
                self.failed = 0
                self.read += len(chunk)
                yield Page(chunk, (*quads, *self.astray))
            position += len(chunk)

    def _fetch(
        self, patients: tuple[str, ...], position: int
    ) -> tuple[tuple[str, ...], list[ox.Quad]]:
        chunk = patients[position : position + self.size]
        query, counting = self.queries.records(chunk), self.queries.count_records(chunk)
        return chunk, construct_whole(self.client, query, counting)

    def _smaller(self, ask: Callable[[], Result]) -> Result:
        """Ask, with ever smaller pages while the endpoint does not manage."""
        while True:
            try:
                return ask()
            except OverloadError:
                if self.size == 1:
                    raise
                self.size = max(1, self.size // SHRINKING)

    def _check_number(self) -> None:
        expected = count(self.client, self.queries.count_patients())
        if len(self.seen) != expected:
            self.client.fail(
                f"listed {len(self.seen)} of {expected} patients: it orders or limits them in its "
                "own way, or changed meanwhile; the others were not read"
            )
