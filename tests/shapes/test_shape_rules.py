"""Rules that every shape set keeps, because a shape that is never looked at passes everything."""

from __future__ import annotations

import pytest
from rdflib import RDFS, SH, URIRef

from eligo.vocabulary.terms import ELIG
from shapes.shape_cases import Manifest, named_shapes, read_folder, reporting_shapes, terms_of

MANIFESTS = (Manifest.load("authoring"), Manifest.load("record"))
pytestmark = pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda each: each.folder.name)


def test_every_case_file_is_in_the_manifest(manifest: Manifest) -> None:
    listed = {case.data for case in manifest.cases} | set(manifest.vocabulary)
    assert set(manifest.folder.glob("*.ttl")) - listed == set()


def test_every_reporting_shape_has_a_violating_example(manifest: Manifest) -> None:
    shapes = read_folder(manifest.shapes)
    reported = {finding.shape for case in manifest.cases for finding in case.expected}
    assert {str(shape) for shape in reporting_shapes(shapes)} == reported


def test_every_shape_explains_itself(manifest: Manifest) -> None:
    shapes = read_folder(manifest.shapes)
    silent = {
        (shape, wanted)
        for shape in named_shapes(shapes)
        for wanted in (SH.name, SH.description, RDFS.isDefinedBy)
        if (shape, wanted, None) not in shapes
    }
    assert silent == set()
    for shape in reporting_shapes(shapes):
        assert shapes.value(shape, SH.message) is not None, shape
        assert "Mend: " in str(shapes.value(shape, SH.description)), shape


def test_only_terms_of_shacl_are_used(manifest: Manifest) -> None:
    """A misspelt target or constraint would be ignored by every engine."""
    shapes = read_folder(manifest.shapes)
    assert {term for term in terms_of(shapes, str(SH)) if term not in SH} == set()


def test_every_shape_that_is_pointed_to_is_defined(manifest: Manifest) -> None:
    shapes = read_folder(manifest.shapes)
    pointed = {shape for link in (SH.property, SH.node) for shape in shapes.objects(None, link)}
    undefined = {
        shape
        for shape in pointed
        if isinstance(shape, URIRef) and shape not in named_shapes(shapes)
    }
    assert undefined == set()


def test_every_shape_is_reached_from_a_target(manifest: Manifest) -> None:
    shapes = read_folder(manifest.shapes)
    targets = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
    roots = {shape for target in targets for shape in shapes.subjects(target, None)}
    parts = {part for root in roots for part in shapes.objects(root, SH.property)} | roots
    helpers = {helper for part in parts for helper in shapes.objects(part, SH.node)}
    assert named_shapes(shapes) - parts - helpers == set()


def test_every_term_of_the_vocabulary_exists(manifest: Manifest) -> None:
    shapes = read_folder(manifest.shapes)
    assert {term for term in terms_of(shapes, str(ELIG)) if term not in ELIG} == set()
