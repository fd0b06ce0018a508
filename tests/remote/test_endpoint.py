"""Patients of a SPARQL endpoint are read as if they stood in files, page by page."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from cli.command import EXAMPLES, eligo, example
from docs.pages import ROOT, blocks
from eligo.api import Endpoint, Trial
from eligo.errors import UsageError
from eligo.records.profiled import endpoint_pages, read_endpoint
from eligo.records.records import Records
from eligo.records.remote import Credentials
from eligo.services.holders import unheld_facts
from remote.endpoint_kit import Reply, Request, Server, about_records, serving

PEOPLE = sorted(EXAMPLES.glob("*.ttl"))
ANNA = "https://example.org/patient/anna/patient"
HEAD = """
@prefix : <https://example.org/> .
@prefix elig: <https://w3id.org/eligo/ns/> .
@prefix concept: <https://w3id.org/eligo/concept/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def statements(records: Records) -> set[ox.Triple]:
    return {quad.triple for quad in records.store}


def of_files(*paths: Path) -> set[ox.Triple]:
    """What files say, with numbers as a store writes them, which may drop zeros."""
    records = Records()
    for path in paths:
        data = (
            Server()
            .load(path)
            .store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        )
        records.add_rdf(data or b"", f"{path.stem}.nt")
    return statements(records)


def written(folder: Path, text: str) -> Path:
    path = folder / "data.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


@pytest.mark.parametrize("size", [1, 3, 8, 100])
def test_any_page_size_gives_what_the_files_say(size: int) -> None:
    with serving(Server().load(*PEOPLE)) as server:
        pages = list(endpoint_pages(Endpoint(server.url, page_size=size)))
        assert [failure for page in pages for failure in page.failures] == []
        assert all(len(page.patients or ()) <= size for page in pages)
        assert {triple for page in pages for triple in statements(page)} == of_files(*PEOPLE)
        assert {request.method for request in server.asked} == {"POST"}


@pytest.mark.parametrize(
    "media_type", ["application/n-triples", "text/turtle", "application/rdf+xml"]
)
def test_facts_may_be_blank_nodes_in_any_syntax(tmp_path: Path, media_type: str) -> None:
    page = (ROOT / "docs" / "patient-vocabulary.md").read_text("utf-8")
    full = next(block.text for block in blocks(page) if block.role == "file")
    unnamed = re.sub(
        r"(?<= ):(?!patient\b)([a-z][\w-]*)(?=[ ,;])|^:(?!patient\b)([a-z][\w-]*)",
        lambda found: f"_:{found[1] or found[2]}",
        full,
        flags=re.MULTILINE,
    )
    path = tmp_path / "example.ttl"
    path.write_text(unnamed, encoding="utf-8")
    server = Server(only=media_type).load(path)
    with serving(server):
        first, second = (read_endpoint(Endpoint(server.url)) for _ in range(2))
    assert first.failures == []
    assert statements(first) == of_files(path), "the same facts under the same names"
    assert statements(first) == statements(second)
    assert "BlankNode" not in str(statements(first))


def test_graphs_can_be_chosen() -> None:
    server = Server().load(example("anna"), graph="https://a.example/g1")
    server.load(example("elena"), graph="https://a.example/g2")
    with serving(server):
        read = read_endpoint(Endpoint(server.url, graphs=("https://a.example/g2",)))
        both = read_endpoint(
            Endpoint(server.url, graphs=("https://a.example/g1", "https://a.example/g2"))
        )
    assert statements(read) == of_files(example("elena"))
    assert statements(both) == of_files(example("anna"), example("elena"))


def test_one_patient_is_asked_for_alone() -> None:
    with serving(Server().load(*PEOPLE)) as server:
        read = read_endpoint(Endpoint(server.url, patients=(ANNA,)))
        assert statements(read) == of_files(example("anna"))
        assert not any("ORDER BY" in request.query for request in server.asked)


def test_an_ontology_beside_the_patients_is_not_taken_for_their_record() -> None:
    server = Server().load(example("anna"), *sorted((ROOT / "ontology" / "concepts").glob("*.ttl")))
    with serving(server):
        assert statements(read_endpoint(Endpoint(server.url))) == of_files(example("anna"))


def test_a_fact_of_two_patients_is_seen_though_their_pages_differ(
    trial: Trial, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        ":a a elig:Patient ; elig:hasCondition :c . :b a elig:Patient ; elig:hasCondition :c . "
        ":c a elig:Condition ; elig:code concept:Nephritis .",
    )
    with serving(Server().load(path)) as server:
        first, second = endpoint_pages(Endpoint(server.url, page_size=1))
    for page in (first, second):
        (problems,) = unheld_facts(page, trial.model.ontology).values()
        assert "hangs on several patients" in problems[0].text
    assert [str(p) for p in trial.prepare(first).patients] == ["https://example.org/a"]


def test_a_fact_of_nobody_makes_every_record_doubtful(trial: Trial, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ":a a elig:Patient . :b a elig:Patient . [] a elig:Condition .",
    )
    with serving(Server().load(path)) as server:
        for page in endpoint_pages(Endpoint(server.url, page_size=1)):
            (problems,) = unheld_facts(page, trial.model.ontology).values()
            assert "hangs on no patient" in problems[0].text


def test_another_patient_named_in_a_record_is_not_half_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ":a a elig:Patient ; elig:hasCondition :c ; rdfs:seeAlso :b . "
        ":c a elig:Condition ; elig:code concept:Nephritis ; rdfs:seeAlso :b . "
        ":b a elig:Patient ; elig:hasCondition :d . :d a elig:Condition .",
    )
    with serving(Server().load(path)) as server:
        first, second = endpoint_pages(Endpoint(server.url, page_size=1))
    node = ox.NamedNode("https://example.org/b")
    assert list(first.store.quads_for_pattern(node, None, None)) == []
    assert first.patients == frozenset({"https://example.org/a"})
    assert len(list(second.store.quads_for_pattern(node, None, None))) == 2


def test_patients_need_no_type_if_they_have_facts(tmp_path: Path) -> None:
    path = written(tmp_path, ":a elig:hasCondition :c . :c a elig:Condition .")
    with serving(Server().load(path)) as server:
        assert read_endpoint(Endpoint(server.url)).patients == frozenset({"https://example.org/a"})


def test_the_command_says_the_same_of_an_endpoint_as_of_files() -> None:
    """Also where a page fails, which shows in the messages and in the exit code."""

    def broken(request: Request, _: Reply) -> Reply | None:
        bad = about_records(request) and "/farah/" in request.query
        return Reply(200, b"", {"Content-Type": "application/n-triples"}) if bad else None

    server = Server(faults=[broken]).load(example("elena"), example("farah"))
    with serving(server):
        remote = eligo("screen", "-E", server.url, "--page-size", "1", "-f", "csv")
    local = eligo("screen", example("elena"), "-f", "csv")
    assert remote.out == local.out
    assert (local.code, remote.code) == (0, 3)
    assert "gave 0 of" in remote.err


def test_other_commands_take_an_endpoint_too() -> None:
    with serving(Server().load(example("elena"), example("farah"))) as server:
        nobody = eligo(
            "explain", "--endpoint", server.url, "E9", "--patient", "https://a.example/x"
        )
        valid = eligo("validate", "--endpoint", server.url)
    assert nobody.code == 3
    assert "nothing is said of patient <https://a.example/x>" in nobody.err
    assert valid.out.startswith("2 patients checked")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--endpoint", "ftp://a.example/"), "begins with http:// or https://"),
        (("--endpoint", "file:///etc/passwd"), "begins with http:// or https://"),
        (("--endpoint", "sparql"), "begins with http:// or https://"),
        (("--endpoint", "http://"), "begins with http:// or https://"),
        (("--endpoint", "http://[::1/"), "is no URL"),
        (("--endpoint", "http://a.example:x/"), "is no URL"),
        (("--endpoint", "http://a.example/\n"), "a space or a control character"),
        (("--endpoint", "http://a.example/#x"), "has a fragment"),
        (("--endpoint", "http://u:secret@a.example/"), "ELIGO_ENDPOINT_USER"),
        (("--endpoint", "http://a.example/", "--graph", "g> <x"), "no IRI of a graph"),
        (("--endpoint", "http://a.example/", "--patient", "a\n"), "no IRI of a patient"),
        (("--endpoint", "http://a.example/", "--profile", "nonsense"), "eligo, fhir-rdf"),
        (("--endpoint", "http://a.example/", "--page-size", "0"), "page-size"),
        (("--endpoint", "http://a.example/", "anna.ttl"), "not both"),
        (("anna.ttl", "--graph", "https://a.example/g"), "--graph chooses graphs"),
        ((), "Missing argument"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(
    arguments: tuple[str, ...], message: str
) -> None:
    ran = eligo("screen", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert "secret" not in ran.err
    assert len(ran.err.splitlines()) == 1


def test_the_login_is_sent_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ELIGO_ENDPOINT_TOKEN", "top-secret")
    seen: list[str | None] = []

    def look(request: Request, _: object) -> None:
        seen.append(request.headers.get("authorization"))

    with caplog.at_level("DEBUG"), serving(Server(faults=[look]).load(example("elena"))) as server:
        endpoint = Endpoint(server.url)
        read_endpoint(endpoint)
    assert set(seen) == {"Bearer top-secret"}
    assert "top-secret" not in f"{endpoint!r}{endpoint.credentials}{caplog.text}"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"TOKEN": "t", "USER": "u", "PASSWORD": "p"}, "not both"),
        ({"USER": "u"}, "set both"),
        ({"PASSWORD": "hush"}, "set both"),
        ({"TOKEN": "hush\r\nX: y"}, "line break"),
        ({"TOKEN": "hüsh"}, "beyond ASCII"),
        ({"USER": "u:v", "PASSWORD": "hush"}, "colon"),
    ],
)
def test_a_login_that_cannot_be_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], message: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"ELIGO_ENDPOINT_{name}", value)
    with pytest.raises(UsageError, match=message) as caught:
        Endpoint("http://127.0.0.1/")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "clear"),
    [
        ("http://a.example/", True),
        ("https://a.example/", False),
        ("http://127.0.0.1:7200/", False),
        ("http://127.0.0.1.a.example/", True),
    ],
)
def test_a_login_without_encryption_is_remarked_on(url: str, clear: bool) -> None:
    assert Endpoint(url, credentials=Credentials(token="t")).sends_login_in_the_clear is clear
    assert not Endpoint(url, credentials=Credentials()).sends_login_in_the_clear
