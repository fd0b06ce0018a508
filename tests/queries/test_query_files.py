"""Every query for readers has a header, parses, declares what it uses, and is in the catalogue."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from eligo.services.query import catalogue as offered
from queries.query_files import CATALOGUE, FOLDERS, PARTS, ROOT, SHORT, catalogue, queries

VERBS = {"count", "find", "list", "show"}
KEYS = ["summary", "tags", "over"]


def test_every_file_is_a_query_for_readers() -> None:
    files = [path for folder in FOLDERS for path in (ROOT / "queries" / folder).iterdir()]
    assert sorted(path.stem for path in files if path.suffix == ".rq") == sorted(queries())
    assert len(files) == len(queries()), "two queries have one name, or a file is no query"


def test_the_command_offers_the_same_queries() -> None:
    known = {name: (q.value("summary"), q.parameters) for name, q in queries().items()}
    assert {item.name: (item.summary, item.parameters) for item in offered()} == known


def test_the_catalogue_is_made_of_the_headers() -> None:
    assert CATALOGUE.read_text(encoding="utf-8") == catalogue(), (
        "write it again: PYTHONPATH=tests python -m queries.query_files"
    )


@pytest.mark.parametrize("name", queries())
def test_the_name_is_a_verb_and_a_noun(name: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", name)
    assert name.split("-")[0] in VERBS


@pytest.mark.parametrize("name", queries())
def test_the_header_is_whole(name: str) -> None:
    query = queries()[name]
    keys = [key for key, _ in query.header]
    assert keys == KEYS + ["parameter"] * (len(keys) - len(KEYS))
    assert len(query.header) == sum(line.startswith("#") for line in query.text.splitlines())
    assert re.fullmatch(r"[A-Z].+[^.]\.", query.value("summary"))
    assert query.value("tags").split(", ")[0] == query.path.parent.name
    over = query.value("over").split(", ")
    assert over == [part for part in PARTS if part in over]


@pytest.mark.parametrize("name", queries())
def test_each_parameter_has_one_place(name: str) -> None:
    query = queries()[name]
    single = re.findall(r"VALUES \?(\w+) \{ [^ ]+ \}", query.text)
    assert single == list(query.parameters)
    for parameter, meaning in query.parameters.items():
        assert meaning
        (default,) = query.defaults(parameter)
        assert ("UNDEF is " in meaning) or default != "UNDEF"


@pytest.mark.parametrize("name", queries())
def test_it_declares_the_prefixes_it_uses(name: str) -> None:
    query = queries()[name]
    used = set(re.findall(r"(?<![\w?])([a-z]+):\w", query.body))
    assert query.prefixes == used
    for prefix in query.prefixes:
        assert f"PREFIX {prefix}: <{SHORT[prefix]}>" in query.text


@pytest.mark.parametrize("name", queries())
def test_it_parses_on_both_engines_and_states_its_order(name: str) -> None:
    query = queries()[name]
    prepareQuery(query.text)
    assert isinstance(ox.Store().query(query.text), ox.QuerySolutions)
    assert "ORDER BY" in query.text
    assert "SELECT *" not in query.text
