"""Sample patients that were read by hand come out as their record says."""

from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml
from rdflib import Graph, Literal, URIRef

from eligo.api import Trial
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.view import GraphView
from eligo.vocabulary.terms import ELIG

Case: TypeAlias = dict[str, Any]

SAMPLE = yaml.safe_load(Path(__file__).with_name("synthea-sample.yaml").read_text("utf-8"))
ARCHIVES = ("synthea_r4_dev.tar.zst", "synthea_lupus_dev.tar.zst")
WINDOW = 2**27
CASES = [c for c in SAMPLE["cases"] if c.get("small") or os.environ.get("ELIGO_ALL_CASES")]


@pytest.fixture(scope="module")
def bundles(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundles of the cases, unpacked."""
    zstandard = pytest.importorskip("zstandard")
    folder = tmp_path_factory.mktemp("sample")
    missing = {case["file"] for case in CASES}
    for name in ARCHIVES:
        archive = data / "fhir" / name
        if missing and not archive.is_file():
            pytest.skip(f"{archive} is not at hand")
        opener = zstandard.ZstdDecompressor(max_window_size=WINDOW)
        with (
            archive.open("rb") as packed,
            opener.stream_reader(packed) as unpacked,
            tarfile.open(fileobj=unpacked, mode="r|") as members,
        ):
            for member in members:
                file = Path(member.name).name
                if file in missing and (content := members.extractfile(member)):
                    (folder / file).write_bytes(content.read())
                    missing.remove(file)
                if not missing:
                    return folder
    return folder


@pytest.fixture(scope="module")
def found(bundles: Path, trial: Trial) -> dict[str, dict[str, str]]:
    """The status of every criterion in each case; a patient with two cases is derived twice."""
    rounds: list[dict[str, Case]] = []
    for case in CASES:
        free = next((one for one in rounds if case["file"] not in one), None)
        if free is None:
            rounds.append(free := {})
        free[case["file"]] = case
    return {name: s for cases in rounds for name, s in decided(trial, bundles, cases).items()}


def decided(trial: Trial, folder: Path, cases: dict[str, Case]) -> dict[str, dict[str, str]]:
    """Import, derive and decide cases of different patients together, each on its own day."""
    patients = {file: patient_of(folder / file) for file in cases}
    screenings = folder / "screenings.ttl"
    screenings.write_text(
        "".join(
            f"<{patients[file]}> <{ELIG.hasScreening}> [ a <{ELIG.Screening}> ;"
            f" <{ELIG.screeningDate}> {Literal(case['screening']).n3()} ] .\n"
            for file, case in cases.items()
        ),
        encoding="utf-8",
    )
    records = trial.read([*(folder / file for file in cases), screenings])
    assert not records.failures
    graphs = trial.prepare(records, policy=SAMPLE["policy"]).derived.graphs
    return {
        identify(case): statuses(trial, patients[file], graphs[patients[file]])
        for file, case in cases.items()
    }


def patient_of(file: Path) -> URIRef:
    """Return the name of the patient of a bundle."""
    entries = json.loads(file.read_text("utf-8"))["entry"]
    (patient,) = (r for e in entries if (r := e["resource"])["resourceType"] == "Patient")
    return URIRef(f"urn:eligo:fhir:Patient:{patient['id']}")


def statuses(trial: Trial, patient: URIRef, graph: Graph) -> dict[str, str]:
    """Return the status of every criterion by direct evaluation."""
    evaluator = Evaluator(GraphView(graph), patient, trial.model.rules)
    return {
        criterion.notation: str(evaluator.named(criterion.name).status).replace(" ", "_")
        for top in trial.criteria
        for criterion in top.walk()
    }


def identify(case: Case) -> str:
    """Name a case by patient and day."""
    return f"{case['file'].partition('.')[0][:20]}-{case['screening']}"


@pytest.mark.parametrize("case", CASES, ids=identify)
def test_patient_is_decided_as_read(case: Case, found: dict[str, dict[str, str]]) -> None:
    expected = SAMPLE["usual"] | {name: status for name, (status, _) in case["expect"].items()}
    assert {name: found[identify(case)][name] for name in expected} == expected, case["who"]


def test_the_sample_names_twenty_patients_each_with_a_reason() -> None:
    assert len({case["file"] for case in SAMPLE["cases"]}) == 20
    for case in SAMPLE["cases"]:
        assert case["who"]
        assert all(reason for _, reason in case["expect"].values())
