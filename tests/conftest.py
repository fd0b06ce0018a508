"""Fixtures shared by all tests."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from eligo.api import Trial

# Workers of a parallel run set a width; output that is not for a terminal must not depend on it.
os.environ.pop("COLUMNS", None)

# Large graphs stay alive between tests; to look through them often takes a tenth of all time.
gc.set_threshold(200_000, 20, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes long unless everything is asked for."""
    if os.environ.get("ELIGO_ALL_CASES"):
        return
    skip = pytest.mark.skip(reason="takes long: set ELIGO_ALL_CASES to run it")
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def trial() -> Trial:
    """The first trial, loaded once."""
    return Trial.load("NCT06150651")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data; tests that need it are skipped where it is absent."""
    folder = os.environ.get("ELIGO_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("real data are not at hand: set ELIGO_DATA to their folder")
    return Path(folder)
