"""Populations say what they are, use declared terms, and lead to well-formed records."""

from __future__ import annotations

import os

import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCTERMS, RDFS, SKOS

from eligo.api import Trial
from eligo.records.records import Records
from eligo.resources import importer_files, ontology_files, population_files
from eligo.services.check import check_records
from eligo.synth.population import population_of, relations_of
from eligo.synth.render import Writer
from eligo.trial.trial import load_trial as load_model
from eligo.vocabulary.ontology import load_ontology
from eligo.vocabulary.terms import ELIG
from synth.well_formed import single_records
from trials.cohort import load_trial

STEP = 1 if os.environ.get("ELIGO_ALL_CASES") else 40
VOCABULARY = ("ns/", "concept/", "measure/", "score/", "system/", "unit/", "trial/")


@pytest.fixture(scope="module")
def populations() -> Graph:
    return load_ontology(population_files()).graph


def test_every_item_says_what_it_is(populations: Graph) -> None:
    kinds = (ELIG.Population, ELIG.RecordItem, ELIG.RecordTemplate)
    names = {name for kind in kinds for name in populations.subjects(RDF.type, kind)}
    needed = (RDFS.label, SKOS.definition, DCTERMS.source)
    assert len(names) > 60
    assert not [(n, p) for n in names for p in needed if (n, p, None) not in populations]


def test_every_term_is_declared(populations: Graph) -> None:
    known = load_ontology([*ontology_files(), *importer_files()]).graph
    for name in ("NCT06150651", "NCT05781750"):
        known += load_model(name).ontology.graph
    used = {str(term) for triple in populations for term in triple if isinstance(term, URIRef)}
    foreign = [
        term
        for term in used
        if term.startswith(tuple(f"https://w3id.org/eligo/{name}" for name in VOCABULARY))
        and (URIRef(term), None, None) not in known
    ]
    # A misspelt property is among the awkward records on purpose.
    assert foreign == ["https://w3id.org/eligo/ns/onsetDate"]


@pytest.mark.parametrize(
    "name", ["NCT06150651", pytest.param("NCT05781750", marks=pytest.mark.slow)]
)
def test_every_variant_is_well_formed(name: str) -> None:
    model = load_trial(name).model
    population = population_of(model)
    texts = list(single_records(population.items, Writer(relations_of(model), {})))
    offset = sum(name.encode()) % STEP
    records = Records()
    records.add_rdf("".join(texts[offset::STEP]).encode(), "variants.nt")
    checked = check_records(records)
    assert checked.patients == len(texts[offset::STEP])
    assert [f for f in checked.findings if f.severity != "warning"] == []


def test_turtle_and_n_triples_are_the_same(trial: Trial) -> None:
    relations, prefixes = relations_of(trial.model), trial.model.ontology.prefixes
    items = population_of(trial.model).items
    plain = "".join(single_records(items, Writer(relations, {})))
    short = Writer(relations, prefixes)
    turtle = short.head + "".join(single_records(items, short))
    assert set(ox.parse(plain, format=ox.RdfFormat.N_TRIPLES)) == set(
        ox.parse(turtle, format=ox.RdfFormat.TURTLE)
    )
