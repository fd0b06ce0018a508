"""The example instances of HL7 and mCODE, some odd on purpose: every instance is accounted for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archives import unpack
from eligo.records.fhir import FhirResult, read_fhir
from eligo.records.load import load_records
from eligo.records.records import Records
from records.fhir_kit import maps

ARCHIVES = {"hl7_r4_examples_clinical": 427, "mcode_4.0.0_examples": 179}


@pytest.fixture(scope="module", params=sorted(ARCHIVES))
def examples(
    request: pytest.FixtureRequest, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    archive = data / "fhir" / f"{request.param}.tar.zst"
    if not archive.is_file():
        pytest.skip(f"{archive} is not at hand")
    folder = tmp_path_factory.mktemp(request.param)
    unpack(archive, folder)
    assert len(list(folder.rglob("*.json"))) == ARCHIVES[request.param]
    return folder


def instances(document: dict[str, Any]) -> int:
    """How many resources a document holds; a Bundle's entries, also of Bundles within."""
    if document["resourceType"] != "Bundle":
        return 1
    held = [entry.get("resource") for entry in document.get("entry", [])]
    return sum(1 if resource is None else instances(resource) for resource in held)


def accounted(result: FhirResult) -> int:
    pages = sum(item.resource_type == "Bundle" for item in result.rejected)
    return sum(result.read.values()) + len(result.ignored) + len(result.rejected) - pages


def test_each_example_by_itself(examples: Path) -> None:
    refused = 0
    for path in sorted(examples.rglob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        if document["resourceType"] == "Bundle" and document.get("type") in ("message", "history"):
            refused += 1
            continue
        result = read_fhir(path.read_bytes(), source=path.name, maps=maps())
        assert accounted(result) == instances(document), path.name
        reasons = [item.reason for item in result.ignored]
        reasons += [item.reason for item in result.rejected]
        assert all(reasons + [item.reason for item in result.left_out])
    assert refused < 5


@pytest.mark.slow
def test_all_examples_together(examples: Path) -> None:
    records: Records = load_records([str(examples)], maps())
    documents = [json.loads(path.read_text("utf-8")) for path in examples.rglob("*.json")]
    unread = {str(failure).split(":")[0] for failure in records.failures}
    total = sum(
        instances(json.loads(path.read_text("utf-8")))
        for path in examples.rglob("*.json")
        if str(path) not in unread
    )
    counted = sum(n for (_, kind), n in records.counts.items() if kind != "Bundle")
    assert counted == total
    assert len(documents) - len(records.failures) > 0.98 * len(documents)
    assert records.counts["read", "Patient"] > 0
    assert all("is no code of FHIR R4" not in note for note in records.notes)
