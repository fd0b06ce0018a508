"""The 34 lupus bundles of a Synthea run: every resource of a type that is read becomes facts."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from eligo.records.fhir import READERS, read_fhir
from records.fhir_kit import maps

DATA = os.environ.get("ELIGO_DATA")
ARCHIVE = Path(DATA or ".") / "fhir" / "synthea_lupus_dev.tar.zst"
WINDOW = 2**27
SHARE = 1 if os.environ.get("ELIGO_ALL_CASES") else 6
"""Every so many bundles are read in each run."""

pytestmark = pytest.mark.skipif(
    DATA is None or not ARCHIVE.exists(),
    reason="set ELIGO_DATA to the folder of development data (fhir/synthea_lupus_dev.tar.zst)",
)
INPATIENT = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "code": "IMP",
    "display": "inpatient encounter",
}


def bundles() -> Iterator[tuple[str, bytes]]:
    zstandard = pytest.importorskip("zstandard")
    reader = zstandard.ZstdDecompressor(max_window_size=WINDOW).stream_reader(
        ARCHIVE.open("rb"), read_across_frames=True
    )
    with tarfile.open(fileobj=io.BufferedReader(reader), mode="r|") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if member.name.endswith(".json") and file is not None:
                yield member.name, file.read()


def test_every_resource_of_a_read_type_is_read() -> None:
    documents = 0
    unread: Counter[str] = Counter()
    for name, data in bundles():
        documents += 1
        if documents % SHARE:
            continue
        result = read_fhir(data, source=name, maps=maps())
        entries = json.loads(data)["entry"]
        held = Counter(entry["resource"]["resourceType"] for entry in entries)
        held["Encounter"] = sum(entry["resource"].get("class") == INPATIENT for entry in entries)
        assert result.rejected == ()
        said = {kind: held[kind] for kind in READERS if held[kind] and kind != "DiagnosticReport"}
        assert result.read == said
        assert sum(result.read.values()) + len(result.ignored) == len(entries)
        unread.update(item.element for item in result.left_out)
    assert documents == 34
    assert set(unread) == {"valueString", "dosageInstruction"}


def test_every_coding_carries_a_system_and_a_notation() -> None:
    name, data = next(bundles())
    result = read_fhir(data, source=name, maps=maps())
    said: dict[str, set[str]] = {}
    for triple in result.triples:
        said.setdefault(str(triple.subject), set()).add(triple.predicate.value.rsplit("/", 1)[-1])
    coded = [predicates for predicates in said.values() if "notation" in predicates]
    assert coded
    assert all("inSystem" in predicates for predicates in coded)
