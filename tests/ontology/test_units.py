"""House tests of the units: one spelling for one unit, and conversions exact to the last digit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from rdflib import RDFS, SKOS
from rdflib.term import Node

from ontology.concept_kit import CONCEPT, ELIG, UNIT, declared, graph, name

UNITS = sorted(map(name, declared(UNIT, ELIG.Unit)))


def factor(unit: Node) -> Fraction:
    """Return what a value in this unit is multiplied by to be in its canonical unit."""
    numerator, denominator = (
        int(str(graph().value(unit, term))) for term in (ELIG.numerator, ELIG.denominator)
    )
    return Fraction(numerator, denominator)


@pytest.mark.parametrize("unit", UNITS)
def test_unit_leads_to_a_canonical_unit(unit: str) -> None:
    """A unit converts exactly to one of its own dimension, which converts to itself."""
    term = UNIT[unit]
    for needed in (RDFS.label, SKOS.definition, SKOS.notation, ELIG.symbol, ELIG.dimension):
        assert graph().value(term, needed) is not None
    assert len(list(graph().objects(term, SKOS.notation))) == 1
    canonical = graph().value(term, ELIG.canonical, any=False)
    assert canonical is not None
    assert graph().value(canonical, ELIG.canonical) == canonical
    assert graph().value(term, ELIG.dimension) == graph().value(canonical, ELIG.dimension)
    assert factor(canonical) == 1
    assert factor(term) > 0


def test_a_spelling_names_one_unit() -> None:
    """No code or alternative spelling belongs to two units."""
    spellings = [
        str(text)
        for unit in UNITS
        for term in (SKOS.notation, SKOS.altLabel)
        for text in graph().objects(UNIT[unit], term)
    ]
    assert len(spellings) == len(set(spellings))


def test_a_dimension_has_one_canonical_unit() -> None:
    """Values of one dimension can always be compared."""
    pairs = {
        tuple(graph().value(UNIT[unit], term) for term in (ELIG.dimension, ELIG.canonical))
        for unit in UNITS
    }
    assert len({dimension for dimension, _ in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("value", "unit", "expected", "same_unit"),
    [
        ("1.5", "g", "1500", "mg"),
        ("1", "g_per_g", "1000", "mg_per_g"),
        ("1", "g_per_g", "1", "mg_per_mg"),
        ("1", "g_per_g", "113.12", "mg_per_mmol"),
        ("1", "lb", "0.45359237", "kg"),
        ("1", "in", "2.54", "cm"),
        ("1", "mo", "30.4375", "d"),
        ("1", "a", "365.25", "d"),
        ("0.5", "g_per_24h", "500", "mg_per_d"),
        ("25", "mIU_per_mL", "0.025", "IU_per_mL"),
        ("4", "thousand_per_uL", "4", "billion_per_L"),
    ],
)
def test_conversion_is_exact(value: str, unit: str, expected: str, same_unit: str) -> None:
    """Equal amounts are equal after conversion, to the last digit."""
    left, right = UNIT[unit], UNIT[same_unit]
    assert graph().value(left, ELIG.canonical) == graph().value(right, ELIG.canonical)
    assert Fraction(value) * factor(left) == Fraction(expected) * factor(right)


@pytest.mark.parametrize(("value", "unit"), [("192", "umol_per_L"), ("0.192", "mmol_per_L")])
def test_creatinine_converts_by_its_molar_mass(value: str, unit: str) -> None:
    """192 umol/L of creatinine are 19200/8842 mg/dL."""
    rules = graph().objects(CONCEPT.SerumCreatinine, ELIG.hasUnitConversion)
    (rule,) = (r for r in rules if graph().value(r, ELIG.fromUnit) == UNIT[unit])
    assert graph().value(rule, ELIG.toUnit) == UNIT.mg_per_dL
    assert Fraction(value) * factor(rule) == Fraction(19200, 8842)


@pytest.mark.parametrize("test", sorted(map(name, graph().subjects(ELIG.preferredUnit))))
def test_preferred_unit_is_declared(test: str) -> None:
    """A numeric test is compared in a declared unit."""
    assert graph().value(CONCEPT[test], ELIG.preferredUnit, any=False) in declared(UNIT, ELIG.Unit)
