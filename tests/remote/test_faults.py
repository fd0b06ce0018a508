"""Whatever an endpoint does wrong is named, and never taken for a patient without facts."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

import pytest

from cli.command import EXAMPLES, eligo, example
from eligo.api import Endpoint
from eligo.errors import InputError
from eligo.records.profile import load_profile
from eligo.records.profiled import read_endpoint
from eligo.records.records import Records
from eligo.records.remote.endpoint import Credentials
from eligo.records.remote.queries import RemoteQueries
from remote.endpoint_kit import (
    Fault,
    Reply,
    Request,
    Server,
    about_records,
    about_strays,
    login,
    serving,
    status,
    times,
)

PEOPLE = sorted(EXAMPLES.glob("*.ttl"))
QUICK = {"pause": 0.01, "retries": 2, "timeout": 5.0}
JSON = {"Content-Type": "application/sparql-results+json"}
TRIPLES = {"Content-Type": "application/n-triples"}


def read(server: Server, **settings: object) -> Records:
    return read_endpoint(Endpoint(server.url, **{**QUICK, **settings}))  # type: ignore[arg-type]


def cut(_: Request, reply: Reply) -> Reply:
    """Send half of the body and promise the whole."""
    half = reply.body[: len(reply.body) // 2]
    return Reply(200, half, reply.headers, promised=len(reply.body))


def cut_quietly(_: Request, reply: Reply) -> Reply:
    """Send half of the body as if that were all."""
    return Reply(200, reply.body[: len(reply.body) // 2], reply.headers)


def cut_at_a_line(request: Request, reply: Reply) -> Reply | None:
    """Send every statement but the last: well-formed, and short of a fact."""
    if (
        not about_records(request)
        or reply.headers["Content-Type"].split(";")[0] not in TRIPLES.values()
    ):
        return None
    return Reply(200, b"".join(reply.body.splitlines(keepends=True)[:-1]), reply.headers)


def page_of_html(*_: object) -> Reply:
    return Reply(200, b"<html><body>Welcome</body></html>", {"Content-Type": "text/html"})


def evil_patient(iri: str) -> Fault:
    """List a patient whose IRI would end the query's."""
    body = (
        '{"head":{"vars":["patient"]},"results":{"bindings":[{"patient":{"type":"uri","value":'
        f'"{iri}"}}}}]}}}}'
    ).encode()
    return lambda request, _: Reply(200, body, JSON) if "ORDER BY" in request.query else None


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (status(401), r"asks for a login \(401\); set ELIGO_ENDPOINT_TOKEN"),
        (status(403), r"asks for a login \(403\)"),
        (status(404), r"no SPARQL endpoint there \(404\)"),
        (status(405), r"no queries by POST \(405\)"),
        (status(429), r"asked too often \(429\)"),
        (status(400, b"Parse error: line 3"), r"does not accept the query \(400\): Parse error"),
        (status(500, b"<h1>Out of\ncheese</h1>"), r"failed \(500\): Out of cheese"),
        (status(503), r"did not manage the query \(503\)"),
        (status(307, Location="file:///etc/passwd"), r"has moved \(307\) to file:///etc/passwd"),
        (status(301, Location="http://127.0.0.1:9/"), r"has moved \(301\)"),
        (page_of_html, "answers with HTML"),
        (cut, "cut short"),
        (cut_quietly, "cut short or"),
        (status(200, b"{}"), "answers with text/plain, not with application/sparql-results"),
        (lambda *_: Reply(200, b"{}", JSON), "no SPARQL results in JSON|gives no table"),
        (lambda *_: Reply(200, b"", JSON), "no SPARQL results in JSON"),
        (lambda *_: Reply(200, b'{"head":{},"boolean":true}', JSON), "gives no table"),
        (lambda *_: Reply(200, b"", {}), "answers with nothing known"),
        (lambda _, r: Reply(200, r.body, {**r.headers, "X-SQL-State": "S1TAT"}), "only a part"),
        (evil_patient("http://a.example/x> . ?s ?p <y"), "Invalid IRI"),
        (evil_patient("http://a.example/x\\n"), "Invalid IRI"),
        (evil_patient("patient"), "No scheme"),
    ],
)
def test_a_fault_from_the_start_is_named(fault: Fault, message: str) -> None:
    def beyond_strays(request: Request, reply: Reply) -> Reply | None:
        return None if about_strays(request) else fault(request, reply)

    with serving(Server(faults=[beyond_strays]).load(example("elena"))) as server:
        records = read(server)
    (failure,) = records.failures
    assert failure.source == server.url
    assert re.search(message, str(failure)), str(failure)
    assert str(failure).isprintable()
    assert records.patients == frozenset()


@pytest.mark.parametrize(
    "iri", ["http://a/x> <y", "http://a/\n", "a b:c", "p", "", "http://a/\\u003e"]
)
def test_what_could_end_an_iri_is_never_put_into_a_query(iri: str) -> None:
    queries = RemoteQueries.of(load_profile("eligo"), "http://a.example/")
    with pytest.raises(InputError, match="is no IRI"):
        queries.records([iri])


def test_nothing_is_checked_where_there_is_no_patient() -> None:
    with serving() as server:
        for command in ("screen", "validate"):
            ran = eligo(command, "--endpoint", server.url)
            assert ran.code == 3, command
            assert "nothing was checked" in ran.err


def test_nobody_answers() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ran = eligo("screen", "--endpoint", f"http://127.0.0.1:{port}/sparql")
    assert ran.code == 3
    assert "or the connection was refused" in ran.err


def test_something_that_does_not_speak_http_is_no_endpoint() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        endpoint = Endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=0.2)
        failures = read_endpoint(endpoint).failures
    assert all("did not answer within 0.2 s" in str(failure) for failure in failures)
    assert "facts that hang on no patient" in str(failures[0])
    assert len(failures) == 2


@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_a_busy_endpoint_is_asked_again(code: int) -> None:
    with serving(Server(faults=[times(2, status(code))]).load(example("elena"))) as server:
        records = read(server)
    assert records.failures == []
    assert len(records.patients or ()) == 1


def test_it_waits_as_long_as_the_endpoint_says() -> None:
    fault = times(1, status(429, Retry_After="1"))
    with serving(Server(faults=[fault]).load(example("elena"))) as server:
        start = time.monotonic()
        assert read(server).failures == []
        assert time.monotonic() - start >= 1


def values(request: Request) -> int:
    """How many patients a request asks for."""
    return request.query.partition("VALUES ?patient {")[2].partition("}")[0].count("<")


def slow(request: Request, _: Reply) -> Reply | None:
    if about_records(request) and values(request) > 2:
        time.sleep(0.6)
    return None


def capped(request: Request, reply: Reply) -> Reply | None:
    """Cap graphs at 300 statements without a word."""
    if not about_records(request):
        return None
    return Reply(200, b"".join(reply.body.splitlines(keepends=True)[:300]), reply.headers)


@pytest.mark.parametrize(
    ("fault", "settings"), [(slow, {"timeout": 0.4}), (capped, {})], ids=["slow", "capped"]
)
def test_pages_shrink_until_the_endpoint_manages(fault: Fault, settings: dict[str, object]) -> None:
    with serving(Server().load(*PEOPLE)) as server:
        whole = {quad.triple for quad in read(server).store}
        server.faults.append(fault)
        records = read(server, **settings)
        sizes = {values(request) for request in server.asked if about_records(request)}
    assert records.failures == []
    assert {quad.triple for quad in records.store} == whole
    assert min(sizes) < len(PEOPLE)


def test_a_statement_that_is_missing_is_missed() -> None:
    with serving(Server(faults=[cut_at_a_line]).load(example("anna"))) as server:
        (failure,) = read(server).failures
    assert "it cuts long answers short" in str(failure)


def test_a_page_that_fails_is_named_and_the_others_are_read() -> None:
    def broken(request: Request, _: Reply) -> Reply | None:
        bad = about_records(request) and "/elena/" in request.query
        return Reply(200, b"<http://broken", TRIPLES) if bad else None

    with serving(Server(faults=[broken]).load(*PEOPLE)) as server:
        records = read(server, page_size=1)
    (failure,) = records.failures
    assert "<https://example.org/patient/elena/patient> not read" in str(failure)
    assert len(records.patients or ()) == len(PEOPLE) - 1


def test_an_endpoint_that_dies_is_not_asked_for_ever() -> None:
    calls = []

    def dead(request: Request, reply: Reply) -> Reply | None:
        calls.append(request)
        return status(500)(request, reply) if len(calls) > 5 else None

    with serving(Server(faults=[dead]).load(*PEOPLE)) as server:
        records = read(server, page_size=1)
    assert records.failures
    assert len(calls) < 15
    assert 0 < len(records.patients or ()) < len(PEOPLE)


def test_patients_that_are_blank_nodes_are_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "nameless.ttl"
    path.write_text(
        "@prefix elig: <https://w3id.org/eligo/ns/> . [] a elig:Patient . "
        "<https://a.example/p> a elig:Patient .",
        encoding="utf-8",
    )
    with serving(Server().load(path)) as server:
        (failure,) = read(server).failures
    assert "blank nodes" in str(failure)


def test_patients_out_of_order_are_noticed() -> None:
    def same(request: Request, _: Reply) -> Reply | None:
        """Answer each page with the first."""
        if "ORDER BY" not in request.query or '"" }' in request.query:
            return None
        return Reply(200, first[0], JSON)

    first: list[bytes] = []

    def keep(request: Request, reply: Reply) -> Reply | None:
        if "ORDER BY" in request.query and not first:
            first.append(reply.body)
        return None

    with serving(Server(faults=[keep, same]).load(*PEOPLE)) as server:
        records = read(server, page_size=3)
    assert "does not order its patients" in str(records.failures[-1])


def test_patients_that_are_not_listed_are_missed() -> None:
    def without_farah(request: Request, _: Reply) -> Reply | None:
        if "ORDER BY" not in request.query:
            return None
        text = ",".join(
            f'{{"patient":{{"type":"uri","value":"https://example.org/patient/{name}/patient"}}}}'
            for name in ("anna", "bella")
            if '"" }' in request.query
        )
        return Reply(
            200,
            f'{{"head":{{"vars":["patient"]}},"results":{{"bindings":[{text}]}}}}'.encode(),
            JSON,
        )

    with serving(Server(faults=[without_farah]).load(*PEOPLE)) as server:
        records = read(server)
    assert f"listed 2 of {len(PEOPLE)} patients" in str(records.failures[-1])
    assert len(records.patients or ()) == 2


def test_a_login_by_name_and_password() -> None:
    server = Server(faults=[login("ü", "pä:ss")]).load(example("elena"))
    with serving(server):
        asked = read(server)
        given = read(server, credentials=Credentials(user="ü", password="pä:ss"))
        wrong = read(server, credentials=Credentials(user="ü", password="x"))
    assert "asks for a login" in str(asked.failures[0])
    assert given.failures == []
    assert "refuses the login given" in str(wrong.failures[0])
