"""Real FHIR bundles go through screening; nothing is decided that the data do not say."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from archives import unpack
from eligo.api import Trial
from eligo.assess.model import Verdict
from eligo.evaluate.truth import Status

SMALLEST = None if os.environ.get("ELIGO_ALL_CASES") else 1


@pytest.fixture(scope="module")
def bundles(data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    archive = data / "fhir" / "synthea_lupus_dev.tar.zst"
    if not archive.is_file():
        pytest.skip(f"{archive} is not at hand")
    folder = tmp_path_factory.mktemp("bundles")
    unpack(archive, folder)
    found = sorted(folder.rglob("*.json"), key=lambda path: path.stat().st_size)
    assert len(found) == 34
    return found[:SMALLEST]


@pytest.mark.slow
def test_bundles_are_screened_end_to_end(bundles: list[Path], trial: Trial) -> None:
    screening = trial.screen(bundles, screening_date=date(2024, 6, 1))
    assert not screening.failures
    assert len(screening) == len(bundles)
    assert screening.unmapped
    for assessment in screening:
        assert assessment.verdict is not Verdict.ELIGIBLE
        assert assessment["I1"].status in (Status.MET, Status.NOT_MET)
        for notation in ("I4", "E5"):
            assert assessment[notation].status is Status.UNKNOWN
            assert assessment[notation].missing
