"""Each check query finds its fault in a tiny broken ontology and none in the ontology itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"
QUERIES = {
    path.name.removesuffix("-violation.rq"): path
    for path in sorted((ROOT / "queries" / "check").glob("*-violation.rq"))
}
MANIFEST = yaml.safe_load((CASES / "manifest.yaml").read_text(encoding="utf-8"))


def store_of(paths: Iterable[Path]) -> ox.Store:
    store = ox.Store()
    for path in paths:
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    return store


def violations(store: ox.Store, query: Path) -> list[dict[str, str]]:
    rows = store.query(query.read_text(encoding="utf-8"))
    assert isinstance(rows, ox.QuerySolutions)
    names = [variable.value for variable in rows.variables]
    return [{name: str(row[name]) for name in names if row[name] is not None} for row in rows]


def expand(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"<{MANIFEST['prefixes'][prefix] + local if prefix in MANIFEST['prefixes'] else name}>"


@pytest.fixture(scope="module")
def ontology() -> ox.Store:
    return store_of(sorted((ROOT / "ontology").rglob("*.ttl")))


@pytest.mark.parametrize("name", QUERIES)
def test_the_ontology_passes(name: str, ontology: ox.Store) -> None:
    assert violations(ontology, QUERIES[name]) == []


@pytest.mark.parametrize("name", QUERIES)
def test_the_broken_example_is_found(name: str) -> None:
    found = violations(store_of([CASES / f"{name}.ttl"]), QUERIES[name])
    assert {row["entity"] for row in found} == {expand(n) for n in MANIFEST["violations"][name]}


def test_every_query_has_a_broken_example() -> None:
    assert (
        set(MANIFEST["violations"]) == set(QUERIES) == {path.stem for path in CASES.glob("*.ttl")}
    )


@pytest.mark.parametrize("name", QUERIES)
def test_the_rule_is_stated_in_the_first_line(name: str) -> None:
    first, second, *_ = QUERIES[name].read_text(encoding="utf-8").splitlines()
    assert first.startswith("#+ summary: ")
    assert first.endswith(".")
    assert second.startswith("#+ tags: check, ")
