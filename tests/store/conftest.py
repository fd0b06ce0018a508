"""What all tests of stores share."""

from __future__ import annotations

import pytest

from eligo.vocabulary.tables import Table, code_tables
from store.store_kit import ontology


@pytest.fixture(scope="session")
def codes() -> tuple[Table, Table]:
    """The codes of the ontology, listed once."""
    return code_tables(ontology())


@pytest.fixture(autouse=True)
def _listed_codes(codes: tuple[Table, Table], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eligo.store.codes.code_tables", lambda _: codes)
