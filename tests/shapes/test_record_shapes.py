"""Each record shape reports what it should, on the node it should, and nothing else."""

from __future__ import annotations

import pytest
from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection

from eligo.vocabulary.terms import ELIG
from shapes.shape_cases import (
    ROOT,
    Manifest,
    ShapeCase,
    findings,
    named_shapes,
    read_all,
    read_folder,
    reporting_shapes,
    terms_of,
)

MANIFEST = Manifest.load("record")
SHAPES = read_folder(MANIFEST.shapes)
VOCABULARY = read_all(MANIFEST.vocabulary)
CONFORMING = read_all([MANIFEST.folder / "conforming.ttl"])
RECORD_VOCABULARY = read_all([ROOT / "ontology" / "clinical.ttl"])


@pytest.mark.parametrize("case", MANIFEST.cases, ids=lambda case: case.name)
def test_findings_are_exactly_the_expected_ones(case: ShapeCase) -> None:
    found = findings(read_all([case.data]), SHAPES, VOCABULARY)
    assert found == sorted(case.expected, key=repr)


def test_every_case_file_is_in_the_manifest() -> None:
    listed = {case.data for case in MANIFEST.cases} | set(MANIFEST.vocabulary)
    assert set(MANIFEST.folder.glob("*.ttl")) - listed == set()


def test_every_reporting_shape_has_a_violating_example() -> None:
    reported = {finding.shape for case in MANIFEST.cases for finding in case.expected}
    assert {str(shape) for shape in reporting_shapes(SHAPES)} == reported


def test_every_shape_explains_itself() -> None:
    silent = {
        (shape, wanted)
        for shape in named_shapes(SHAPES)
        for wanted in (SH.name, SH.description, RDFS.isDefinedBy)
        if (shape, wanted, None) not in SHAPES
    }
    assert silent == set()
    for shape in reporting_shapes(SHAPES):
        assert SHAPES.value(shape, SH.message) is not None, shape
        assert "Mend: " in str(SHAPES.value(shape, SH.description)), shape


def test_only_terms_of_shacl_are_used() -> None:
    """A misspelt target or constraint would be ignored by every engine."""
    assert {term for term in terms_of(SHAPES, str(SH)) if term not in SH} == set()


def test_every_shape_that_is_pointed_to_is_defined() -> None:
    pointed = {shape for link in (SH.property, SH.node) for shape in SHAPES.objects(None, link)}
    undefined = {
        shape
        for shape in pointed
        if isinstance(shape, URIRef) and shape not in named_shapes(SHAPES)
    }
    assert undefined == set()


def test_every_shape_is_reached_from_a_target() -> None:
    targets = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
    roots = {shape for target in targets for shape in SHAPES.subjects(target, None)}
    parts = {part for root in roots for part in SHAPES.objects(root, SH.property)} | roots
    helpers = {helper for part in parts for helper in SHAPES.objects(part, SH.node)}
    assert named_shapes(SHAPES) - parts - helpers == set()


def test_every_term_of_the_vocabulary_exists() -> None:
    assert {term for term in terms_of(SHAPES, str(ELIG)) if term not in ELIG} == set()


def test_every_property_of_the_vocabulary_is_allowed_somewhere() -> None:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    derived = {ELIG.family, ELIG.numberOf}
    declared = {
        term
        for kind in kinds
        for term in RECORD_VOCABULARY.subjects(RDF.type, kind)
        if not derived & set(RECORD_VOCABULARY.predicates(term))
    }
    coding = {ELIG.inSystem, ELIG.notation, ELIG.unit}
    assert {path for paths in allowed().values() for path in paths} - {RDFS.label} == (
        declared | coding
    )


def test_every_allowed_property_is_used_in_the_conforming_record() -> None:
    unused = {
        (shape, path)
        for shape, paths in allowed().items()
        for target in SHAPES.objects(shape, SH.targetClass)
        for path in paths
        if not any(
            (node, path, None) in CONFORMING for node in CONFORMING.subjects(RDF.type, target)
        )
    }
    assert unused == set()


def allowed() -> dict[URIRef, set[URIRef]]:
    """The properties that each closed shape allows by its property shapes."""
    return {
        shape: {
            path
            for part in SHAPES.objects(shape, SH.property)
            for path in SHAPES.objects(part, SH.path)
            if isinstance(path, URIRef)
        }
        for shape in SHAPES.subjects(SH.closed, Literal(True))
        if isinstance(shape, URIRef)
    }


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ("ClinicalStatus", ELIG.ClinicalStatus),
        ("ControlStatus", ELIG.ControlStatus),
        ("Criticality", ELIG.Criticality),
        ("Severity", ELIG.Severity),
        ("SexAtBirth", ELIG.Sex),
        ("VerificationStatus", ELIG.VerificationStatus),
        ("AboutRelation", ELIG.FactRelation),
    ],
)
def test_closed_lists_are_those_of_the_vocabulary(shape: str, kind: URIRef) -> None:
    listed = SHAPES.value(URIRef(f"https://w3id.org/eligo/shapes/record/{shape}"), SH["in"])
    assert listed is not None
    assert set(Collection(SHAPES, listed)) == set(RECORD_VOCABULARY.subjects(RDF.type, kind))


def test_an_empty_graph_does_not_pass() -> None:
    found = findings(Graph(), SHAPES, VOCABULARY)
    assert [finding.shape.rpartition("/")[2] for finding in found] == ["PatientPresent"]


def test_a_record_parsed_by_rdflib_alone_passes_too() -> None:
    """Parsers differ in whether they type plain strings; the shapes do not mind."""
    data, vocabulary = Graph(), Graph()
    data.parse(MANIFEST.folder / "conforming.ttl")
    for path in MANIFEST.vocabulary:
        vocabulary.parse(path)
    assert findings(data, SHAPES, vocabulary) == []


def test_without_the_vocabulary_no_concept_passes() -> None:
    """Forgetting the ontology makes every record fail; it never makes one pass."""
    found = findings(CONFORMING, SHAPES, Graph())
    assert "Violation" in {finding.severity for finding in found}
