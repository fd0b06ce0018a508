"""The alignments: our terms exist, the mappings stay annotations, inexact ones say why."""

from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS

ONTOLOGY = Path(__file__).parents[2] / "ontology"
ALIGNMENTS = sorted((ONTOLOGY / "alignments").glob("*.ttl"))
OURS = "https://w3id.org/eligo/"
MAPPINGS = {
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.relatedMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
}


def read(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    concepts = (ONTOLOGY / "concepts").glob("*.ttl")
    return read(ONTOLOGY / "core.ttl", ONTOLOGY / "clinical.ttl", *concepts)


@pytest.fixture(scope="module", params=ALIGNMENTS, ids=lambda path: path.stem)
def alignment(request: pytest.FixtureRequest) -> Graph:
    return read(request.param)


def test_all_alignments_are_there() -> None:
    stems = {path.stem for path in ALIGNMENTS}
    assert stems == {"fhir-rdf", "ncit", "obi-cto", "prov-o", "schema-org"}


def test_mapped_terms_are_declared(alignment: Graph, vocabulary: Graph) -> None:
    mappings = [(s, o) for s, p, o in alignment if p in MAPPINGS]
    assert mappings
    assert {s for s, _ in mappings if (s, RDF.type, None) not in vocabulary} == set()
    assert all(isinstance(o, URIRef) and not o.startswith(OURS) for _, o in mappings)


def test_externals_are_declared_by_mappings_only(alignment: Graph) -> None:
    """No external term becomes a subject, a superclass or a type of ours."""
    (ontology,) = alignment.subjects(RDF.type, OWL.Ontology)
    assert all(str(o).startswith(OURS) for o in alignment.objects(ontology, OWL.imports))
    named = {s for s in alignment.subjects() if isinstance(s, URIRef)}
    assert all(s.startswith(OURS) or s in MAPPINGS for s in named)
    assert not list(alignment.triples((None, RDFS.subClassOf, None)))


def test_mapping_properties_are_annotations(alignment: Graph) -> None:
    """So that the files stay within OWL 2 DL."""
    for used in MAPPINGS & set(alignment.predicates()):
        assert (used, RDF.type, OWL.AnnotationProperty) in alignment


def test_inexact_mappings_say_how_they_differ(alignment: Graph) -> None:
    explained = {
        (
            alignment.value(axiom, OWL.annotatedSource),
            alignment.value(axiom, OWL.annotatedProperty),
            alignment.value(axiom, OWL.annotatedTarget),
        )
        for axiom in alignment.subjects(RDF.type, OWL.Axiom)
        if alignment.value(axiom, RDFS.comment)
    }
    inexact = {(s, p, o) for s, p, o in alignment if p in MAPPINGS - {SKOS.exactMatch}}
    assert explained == inexact
