"""Where an endpoint is, and how it is asked."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from eligo.errors import UsageError
from eligo.records.profile import OWN

IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
TOKEN = "ELIGO_ENDPOINT_TOKEN"
USER = "ELIGO_ENDPOINT_USER"
PASSWORD = "ELIGO_ENDPOINT_PASSWORD"


@dataclass(frozen=True)
class Credentials:
    """What an endpoint wants to know of its users; never shown.

    Attributes:
        token: Bearer token.
        user: User name of basic authentication.
        password: Its password.
    """

    token: str | None = field(default=None, repr=False)
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @staticmethod
    def from_environment(environment: Mapping[str, str] = os.environ) -> Credentials:
        """Return what the environment variables give.

        Raises:
            UsageError: Both kinds are given, one is given in part, or one holds a line break.
        """
        token, user, password = (environment.get(name) or None for name in (TOKEN, USER, PASSWORD))
        if token and (user or password):
            raise UsageError(f"set {TOKEN}, or {USER} and {PASSWORD}, not both")
        if bool(user) != bool(password):
            raise UsageError(f"set both {USER} and {PASSWORD}")
        given = {TOKEN: token, USER: user, PASSWORD: password}
        for name, value in given.items():
            if value is not None and not value.isprintable():
                raise UsageError(f"{name} holds a line break or control character; set it anew")
        if token is not None and not token.isascii():
            raise UsageError(f"{TOKEN} is no token: it holds characters beyond ASCII")
        if user is not None and ":" in user:
            raise UsageError(f"{USER} holds a colon, which basic authentication does not allow")
        return Credentials(token, user, password)


@dataclass(frozen=True)
class Endpoint:
    """A SPARQL 1.1 endpoint with patient data.

    Attributes:
        url: Its address, http or https.
        profile: Name or folder of the profile that reads its vocabulary.
        graphs: IRIs of the graphs that make up the default graph; none leaves it to the endpoint.
        patients: IRIs of the patients to read; none is all.
        page_size: How many patients are asked for at once.
        timeout: Seconds to wait for an answer.
        retries: How often a busy endpoint is asked again.
        pause: Seconds before it is asked again; doubled each time.
        credentials: Default: those of the environment.

    Raises:
        UsageError: The address or the IRI of a graph or patient is none.
    """

    url: str
    profile: str = OWN
    graphs: tuple[str, ...] = ()
    patients: tuple[str, ...] = ()
    page_size: int = 100
    timeout: float = 60.0
    retries: int = 4
    pause: float = 1.0
    credentials: Credentials = field(default_factory=Credentials.from_environment)

    def __post_init__(self) -> None:
        _check_url(self.url)
        for what, iris in (("graph", self.graphs), ("patient", self.patients)):
            for iri in iris:
                if not IRI.fullmatch(iri):
                    raise UsageError(f"{iri!r} is no IRI of a {what}")
        if self.page_size < 1 or self.timeout <= 0:
            raise UsageError("page size and timeout must be above 0")

    @property
    def sends_login_in_the_clear(self) -> bool:
        """Whether anybody on the way can read the login."""
        known, parts = self.credentials, urlsplit(self.url)
        own = parts.hostname in ("localhost", "127.0.0.1", "::1")
        return bool(known.token or known.user) and parts.scheme == "http" and not own


def _check_url(url: str) -> None:
    if not url.isprintable() or " " in url:
        raise UsageError("the endpoint's address holds a space or a control character")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"the endpoint's address is no URL ({error})") from None
    if "@" in parts.netloc:
        raise UsageError(
            "the endpoint's address holds a user name or password; give these in "
            f"{USER} and {PASSWORD}"
        )
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(f"{url} is no address of an endpoint: it begins with http:// or https://")
    if parts.fragment:
        raise UsageError(f"{url} has a fragment (#…), which no endpoint sees; leave it out")
