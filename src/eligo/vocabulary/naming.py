"""How derived IRIs are named: shapes of a class, bounds of a number, completeness of a relation.

They are formed by a suffix so that a reader of a report or a graph sees at once what they belong
to.
"""

from __future__ import annotations

from rdflib import URIRef


def met_shape(name: URIRef) -> URIRef:
    """Shape that a patient conforms to when the record establishes the class."""
    return URIRef(f"{name}.met")


def not_met_shape(name: URIRef) -> URIRef:
    """Shape that a patient conforms to when the record refutes the class."""
    return URIRef(f"{name}.notMet")


def violation_shape(name: URIRef) -> URIRef:
    """Reader-facing shape that is violated when a criterion stands against the patient."""
    return URIRef(f"{name}.against")


def open_shape(name: URIRef) -> URIRef:
    """Reader-facing shape that warns when a criterion is unknown."""
    return URIRef(f"{name}.open")


def low(attribute: URIRef) -> URIRef:
    """Property that carries the lower bound of a number."""
    return URIRef(f"{attribute}.low")


def high(attribute: URIRef) -> URIRef:
    """Property that carries the upper bound of a number."""
    return URIRef(f"{attribute}.high")


def completeness(relation: URIRef) -> URIRef:
    """Property that lists the kinds completely recorded for a relation."""
    return URIRef(f"{relation}.complete")
