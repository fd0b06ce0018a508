"""Criteria that rows of patterns make are in the trial's file as the rows say."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligo.services.patterns import expand_trial

TRIALS = Path(__file__).parents[2] / "ontology" / "trials"
ROWS = sorted((TRIALS / "rows").glob("*.tsv"))


@pytest.mark.parametrize("rows", ROWS, ids=lambda path: path.stem)
def test_file_is_what_its_rows_make_of_it(rows: Path) -> None:
    expansion = expand_trial(str(TRIALS / f"{rows.stem}.ttl"), [str(rows)])
    assert expansion.faults == ()
    assert expansion.after == expansion.before
