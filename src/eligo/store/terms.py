"""From rows of the table `triple` back to RDF."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from eligo.vocabulary.ontology import Ontology


def triple_of(row: Sequence[object], ontology: Ontology) -> ox.Triple:
    """Return a statement from subject, predicate, object, kind, datatype and language.

    Args:
        row: The columns.
        ontology: Expands short forms.
    """
    subject, predicate, value, kind, datatype, language = row
    return ox.Triple(
        full(str(subject), ontology),
        full(str(predicate), ontology),
        full(str(value), ontology)
        if kind == "iri"
        else _literal(str(value), str(datatype), language, ontology),
    )


def _literal(text: str, datatype: str, language: object, ontology: Ontology) -> ox.Literal:
    if language is None:
        return ox.Literal(text, datatype=full(datatype, ontology))
    tag, _, direction = str(language).partition("--")
    if direction:
        return ox.Literal(text, language=tag, direction=ox.BaseDirection(direction))
    return ox.Literal(text, language=tag)


def full(name: str, ontology: Ontology) -> ox.NamedNode:
    """Return the IRI that a table of a store writes in its short form."""
    if name.startswith("<"):
        return ox.NamedNode(name[1:-1])
    return ox.NamedNode(str(ontology.expand(name)))
