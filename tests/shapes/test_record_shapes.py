"""Each record shape reports what it should, on the node it should, and nothing else."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection

from eligo.vocabulary.ontology import to_rdflib
from eligo.vocabulary.terms import ELIG
from shapes.shape_cases import ROOT, Manifest, ShapeCase, findings, read_all, read_folder, terms_of

CONCEPTS = "https://w3id.org/eligo/concept/"
MANIFEST = Manifest.load("record")
SHAPES = read_folder(MANIFEST.shapes)
VOCABULARY = read_all(MANIFEST.vocabulary)
CONFORMING = read_all([MANIFEST.folder / "conforming.ttl"])
RECORD_VOCABULARY = read_all([ROOT / "ontology" / "clinical.ttl"])


@pytest.mark.parametrize("case", MANIFEST.cases, ids=lambda case: case.name)
def test_findings_are_exactly_the_expected_ones(case: ShapeCase) -> None:
    found = findings(read_all([case.data]), SHAPES, VOCABULARY)
    assert found == sorted(case.expected, key=repr)


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
        ("RecordedAs", ELIG.RecordingKind),
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


def test_the_ontology_on_file_serves_as_vocabulary() -> None:
    """The part that the query cuts out is enough, and declares every concept the shapes name."""
    cut = vocabulary_on_file()
    assert findings(CONFORMING, SHAPES, cut) == []
    kinds = terms_of(SHAPES, CONCEPTS) - {URIRef(CONCEPTS)}
    assert {kind for kind in kinds if (kind, RDF.type, kind) not in cut} == set()


def vocabulary_on_file() -> Graph:
    """What `construct-record-vocabulary.rq` cuts out of the ontology on file."""
    store = ox.Store()
    for path in sorted((ROOT / "ontology").rglob("*.ttl")):
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    query = ROOT / "queries" / "check" / "construct-record-vocabulary.rq"
    triples = store.query(query.read_text(encoding="utf-8"))
    assert isinstance(triples, ox.QueryTriples)
    graph = Graph()
    for triple in triples:
        graph.add(
            (to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object))
        )
    return graph


def test_without_the_vocabulary_no_concept_passes() -> None:
    """Forgetting the ontology makes every record fail; it never makes one pass."""
    found = findings(CONFORMING, SHAPES, Graph())
    assert "Violation" in {finding.severity for finding in found}
