"""Each authoring shape reports what it should, and the trials on file are well formed."""

from __future__ import annotations

import pytest
from rdflib import Graph

from shapes.shape_cases import ROOT, Manifest, ShapeCase, findings, read_all, read_folder

MANIFEST = Manifest.load("authoring")
SHAPES = read_folder(MANIFEST.shapes)
NOTHING = Graph()


@pytest.mark.parametrize("case", MANIFEST.cases, ids=lambda case: case.name)
def test_findings_are_exactly_the_expected_ones(case: ShapeCase) -> None:
    found = findings(read_all([case.data, *MANIFEST.vocabulary]), SHAPES, NOTHING)
    assert found == sorted(case.expected, key=repr)


def test_the_trials_on_file_are_well_formed() -> None:
    """A warning is allowed: it names a decision that no explanation would show."""
    whole = read_all(sorted((ROOT / "ontology").rglob("*.ttl")))
    found = findings(whole, SHAPES, NOTHING)
    assert [finding for finding in found if finding.severity == "Violation"] == []
