"""The SPARQL 1.1 protocol: one query out, one whole answer back, or an error that says why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import Retry, Timeout, make_headers

from eligo.errors import InputError
from eligo.records.remote.endpoint import PASSWORD, TOKEN, USER, Endpoint

FORM = "application/x-www-form-urlencoded"
AGENT = "eligo"
BUSY = (429, 502, 503, 504)
TOO_SLOW = (408, 502, 503, 504)
LONGEST_PAUSE = 60
MOST_BYTES = 64 * 2**20
CHUNK = 2**20
SHOWN = 200
# Virtuoso answers 200 when it ran out of time, and says so in headers only.
CUT_SHORT = "X-SQL-State"


class OverloadError(InputError):
    """The endpoint did not manage a query; a smaller one may do."""


@dataclass(frozen=True)
class Answer:
    """A whole answer.

    Attributes:
        body: Its bytes.
        media_type: What they are, without parameters, in lower case.
    """

    body: bytes
    media_type: str


@dataclass(frozen=True)
class Client:
    """Asks an endpoint.

    Attributes:
        endpoint: Where and how.
    """

    endpoint: Endpoint

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        retry = Retry(
            total=None,
            connect=1,
            read=0,
            redirect=False,
            status=self.endpoint.retries,
            other=0,
            allowed_methods=None,
            status_forcelist=BUSY,
            backoff_factor=self.endpoint.pause,
            backoff_max=LONGEST_PAUSE,
            retry_after_max=LONGEST_PAUSE,
            raise_on_status=False,
        )
        wait = self.endpoint.timeout
        return urllib3.PoolManager(timeout=Timeout(connect=wait, read=wait), retries=retry)

    @cached_property
    def _headers(self) -> dict[str, str]:
        known = self.endpoint.credentials
        headers = {"Content-Type": FORM, "User-Agent": AGENT}
        if known.token:
            headers["Authorization"] = f"Bearer {known.token}"
        elif known.user:
            # As UTF-8 bytes in Latin-1 clothing, which is how RFC 7617 sends other alphabets.
            login = f"{known.user}:{known.password}".encode().decode("latin-1")
            headers |= make_headers(basic_auth=login)
        return headers

    def ask(self, query: str, accept: str) -> Answer:
        """Send a query and return the answer.

        Args:
            query: The query.
            accept: Media types to ask for.

        Raises:
            OverloadError: The endpoint did not manage it, in time or at all.
            InputError: No endpoint there, refused, or not a whole answer.
        """
        fields = [("query", query), *(("default-graph-uri", g) for g in self.endpoint.graphs)]
        try:
            with self._pool.request(
                "POST",
                self.endpoint.url,
                body=urlencode(fields),
                headers={**self._headers, "Accept": accept},
                preload_content=False,
                redirect=False,
            ) as response:
                body = b"".join(self._read(response))
                self._check_status(response, body)
        except HTTPError as error:
            self._explain(error)
        media_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
        self._check_whole(response, media_type)
        return Answer(body, media_type)

    def fail(self, reason: str) -> NoReturn:
        """Say what is wrong with the endpoint.

        Raises:
            InputError: Always.
        """
        raise InputError(reason, source=self.endpoint.url)

    def _read(self, response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
        size = 0
        for chunk in response.stream(CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                self._overload(f"answers with more than {MOST_BYTES // 2**20} MiB")
            yield chunk

    def _check_status(self, response: urllib3.BaseHTTPResponse, body: bytes) -> None:
        status = response.status
        if status in range(200, 300):
            return
        said = _first_words(body)
        if status in range(300, 400):
            target = _printable(response.headers.get("Location", "nowhere"))
            self.fail(f"has moved ({status}) to {target}; give that address if you trust it")
        if status in (401, 403):
            known = self.endpoint.credentials
            what = "refuses the login given" if known.token or known.user else "asks for a login"
            self.fail(f"{what} ({status}); set {TOKEN}, or {USER} and {PASSWORD}")
        if status == 404:
            self.fail("has no SPARQL endpoint there (404); check the address")
        if status == 429:
            self.fail("is asked too often (429); try later, or with a smaller --page-size")
        if status in TOO_SLOW:
            self._overload(f"did not manage the query ({status}){said}")
        if status == 400:
            self.fail(f"does not accept the query (400){said}")
        if status == 405:
            self.fail("takes no queries by POST (405); give the address of a SPARQL 1.1 endpoint")
        self.fail(f"failed ({status}){said}")

    def _check_whole(self, response: urllib3.BaseHTTPResponse, media_type: str) -> None:
        if CUT_SHORT in response.headers:
            self._overload("gave only a part of the answer, as it ran into a limit of its own")
        if media_type in ("text/html", "application/xhtml+xml"):
            self.fail("answers with HTML, not with results; give the address of the SPARQL service")

    def _overload(self, reason: str) -> NoReturn:
        raise OverloadError(reason, source=self.endpoint.url)

    def _explain(self, error: HTTPError) -> NoReturn:
        cause = getattr(error, "reason", None) or error
        wait = f"{self.endpoint.timeout:g} s"
        if isinstance(cause, NewConnectionError):
            self.fail(
                "cannot be reached: no such host, or the connection was refused; does it run there?"
            )
        if isinstance(cause, ConnectTimeoutError):
            self.fail(f"cannot be reached: no connection within {wait}; check the address")
        if isinstance(cause, ReadTimeoutError):
            self._overload(f"did not answer within {wait}")
        if isinstance(cause, SSLError):
            self.fail(
                "cannot be reached securely: its certificate is not accepted; SSL_CERT_FILE"
                " names the certificates to trust"
            )
        self.fail("broke off: the answer is cut short or is no HTTP; ask again later")


def _first_words(body: bytes) -> str:
    text = re.sub(r"<[^>]*>", " ", body[: 8 * SHOWN].decode("utf-8", errors="replace"))
    words = _printable(" ".join(text.split()))[:SHOWN]
    return f": {words}" if words else ""


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)[:SHOWN]
