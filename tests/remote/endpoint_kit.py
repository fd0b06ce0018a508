"""A SPARQL 1.1 endpoint over Oxigraph on this machine, and ways to make it misbehave."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

TABLES = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
}
GRAPHS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


@dataclass
class Reply:
    """What the server sends; a fault may change it."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    promised: int | None = None


@dataclass
class Request:
    """A query as it came, with its headers and default graphs."""

    query: str
    method: str
    headers: dict[str, str]
    graphs: tuple[str, ...]


Fault = Callable[[Request, Reply], Reply | None]


@dataclass
class Server:
    """The endpoint.

    Attributes:
        store: Its data.
        faults: Each may replace the reply; the first that does so wins.
        asked: The requests so far.
        only: The one media type it writes graphs in; None is what is asked for.
        url: Its address while it serves.
    """

    store: ox.Store = field(default_factory=ox.Store)
    faults: list[Fault] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    only: str | None = None
    url: str = ""

    def load(self, *paths: Path, graph: str | None = None) -> Server:
        """Add Turtle files to the data."""
        for path in paths:
            self.store.extend(
                ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(graph))
                if graph
                else ox.Quad(q.subject, q.predicate, q.object)
                for q in ox.parse(
                    path.read_bytes(),
                    format=ox.RdfFormat.TURTLE,
                    base_iri=path.resolve().as_uri(),
                    rename_blank_nodes=True,
                )
            )
        return self

    def answer(self, request: Request) -> Reply:
        """Answer as the protocol says, then let the faults have their way."""
        self.asked.append(request)
        reply = self._answer(request)
        for fault in self.faults:
            changed = fault(request, reply)
            if changed is not None:
                return changed
        return reply

    def _answer(self, request: Request) -> Reply:
        graphs = [ox.NamedNode(iri) for iri in request.graphs]
        try:
            result = self.store.query(
                request.query,
                use_default_graph_as_union=not graphs,
                **({"default_graph": graphs} if graphs else {}),  # type: ignore[arg-type]
            )
        except SyntaxError as error:
            return Reply(400, str(error).encode(), {"Content-Type": "text/plain"})
        accept = [part.split(";")[0].strip() for part in request.headers["accept"].split(",")]
        if isinstance(result, ox.QueryTriples):
            graph_type = self.only or next((a for a in accept if a in GRAPHS), None)
            if graph_type is None:
                return Reply(406, b"not that", {})
            body = result.serialize(format=GRAPHS[graph_type]) or b""
            return Reply(200, body, {"Content-Type": f"{graph_type}; charset=utf-8"})
        table = next((a for a in accept if a in TABLES), None)
        if table is None:
            return Reply(406, b"not that", {})
        body = result.serialize(format=TABLES[table]) or b""
        return Reply(200, body, {"Content-Type": table})


@contextmanager
def serving(server: Server | None = None) -> Iterator[Server]:
    """Serve on a free port of this machine until the block ends."""
    served = Server() if server is None else server

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve(parse_qs(urlsplit(self.path).query))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.headers["Content-Type"] == "application/sparql-query":
                self._serve({"query": [body], **parse_qs(urlsplit(self.path).query)})
            else:
                self._serve(parse_qs(body))

        def _serve(self, fields: dict[str, list[str]]) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            graphs = tuple(fields.get("default-graph-uri", ()))
            request = Request(fields["query"][0], self.command, headers, graphs)
            reply = served.answer(request)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            length = len(reply.body) if reply.promised is None else reply.promised
            self.send_header("Content-Length", str(length))
            if length != len(reply.body):
                self.send_header("Connection", "close")
                self.close_connection = True
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    served.url = f"http://127.0.0.1:{http.server_port}/sparql"
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def about_records(request: Request) -> bool:
    """Whether a request asks for records, not for patients, counts or facts astray."""
    return "CONSTRUCT" in request.query and "VALUES ?patient {" in request.query


def about_strays(request: Request) -> bool:
    """Whether a request asks for facts that hang on no patient."""
    return "CONSTRUCT" in request.query and not about_records(request)


def times(number: int, fault: Fault) -> Fault:
    """Let a fault happen so many times."""
    left = [number]

    def limited(request: Request, reply: Reply) -> Reply | None:
        if left[0] == 0:
            return None
        changed = fault(request, reply)
        left[0] -= changed is not None
        return changed

    return limited


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    """Answer with a status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda *_: Reply(code, body, {"Content-Type": "text/plain", **named})


def login(user: str, password: str) -> Fault:
    """Ask for a login."""
    expected = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def check(request: Request, _: Reply) -> Reply | None:
        return None if request.headers.get("authorization") == expected else Reply(401)

    return check
