"""The patients are screened once; queries then ask as much of the outcome as they say they need."""

from __future__ import annotations

import pytest

from queries.query_kit import Worlds


@pytest.fixture(scope="session")
def worlds() -> Worlds:
    return Worlds()
