"""Options that say where patient data are and in which vocabulary."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import rich_click as click

from eligo.cli.talk import note

if TYPE_CHECKING:
    from eligo.records.remote import Endpoint

Command = Callable[..., Any]
MANY = "PATIENTS..."


@dataclass(frozen=True)
class Reading:
    """Where patient data are and how they are read.

    Attributes:
        endpoint: Address of a SPARQL endpoint, in place of files.
        profile: Name or folder of the profile that reads the vocabulary.
        graph: IRIs of the endpoint's graphs to ask.
        page_size: How many patients are read at once from an endpoint.
        timeout: Seconds to wait for an answer of the endpoint.
    """

    endpoint: str | None
    profile: str
    graph: tuple[str, ...]
    page_size: int
    timeout: float

    def remote(self, sources: tuple[str, ...], patients: tuple[str, ...] = ()) -> Endpoint | None:
        """Return the endpoint to read; None: the sources are to be read.

        Raises:
            UsageError: Neither sources nor endpoint, or both, or an option that needs the other.
        """
        from eligo.records.remote import Endpoint

        if self.endpoint is None:
            if not sources:
                raise click.UsageError(f"Missing argument '{MANY}': name files, or an --endpoint")
            if self.graph:
                raise click.UsageError("--graph chooses graphs of an --endpoint")
            return None
        if sources:
            raise click.UsageError(f"give files or an --endpoint, not both: {' '.join(sources)}")
        endpoint = Endpoint(
            self.endpoint,
            profile=self.profile,
            graphs=tuple(iri.strip("<>") for iri in self.graph),
            patients=tuple(dict.fromkeys(iri.strip("<>") for iri in patients)),
            page_size=self.page_size,
            timeout=self.timeout,
        )
        if endpoint.sends_login_in_the_clear:
            note(f"{self.endpoint}: the login is sent unencrypted; use https if the server can")
        return endpoint


def reading_options(command: Command) -> Command:
    """Add `--endpoint`, `--profile` and what goes with them; hand them over as `Reading`."""

    @functools.wraps(command)
    def collect(**given: Any) -> Any:
        values = {field.name: given.pop(field.name) for field in fields(Reading)}
        return command(reading=Reading(**values), **given)

    options = (
        click.option(
            "--endpoint",
            "-E",
            metavar="URL",
            help="Read the patients of a SPARQL 1.1 endpoint, in place of files.",
        ),
        click.option(
            "--profile",
            default="eligo",
            metavar="NAME|FOLDER",
            help="Vocabulary of the RDF: eligo, fhir-rdf, or a folder of queries of your own.",
        ),
        click.option(
            "--graph", multiple=True, metavar="IRI", help="Graph of the endpoint; may be repeated."
        ),
        click.option(
            "--page-size",
            type=click.IntRange(1),
            default=100,
            help="Patients to read at once from the endpoint. Default: 100.",
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(0, min_open=True),
            default=60.0,
            help="Seconds to wait for an answer of the endpoint. Default: 60.",
        ),
    )
    wrapped: Command = collect
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped
