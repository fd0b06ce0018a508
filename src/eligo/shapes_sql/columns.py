"""The columns of the tables that are counted once about every node."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import URIRef
from rdflib.namespace import RDF, RDFS, XSD

from eligo.shapes_sql.bits import Bits
from eligo.shapes_sql.model import Shape
from eligo.shapes_sql.names import quoted
from eligo.shapes_sql.pairs import ORDERS, paired
from eligo.shapes_sql.profile import Profile
from eligo.shapes_sql.properties import by_itself, forward, wants_class
from eligo.shapes_sql.reporting import target_nodes
from eligo.shapes_sql.term import Term
from eligo.shapes_sql.values import TermTests


def table_columns(
    profile: Profile, of_properties: Iterable[Shape], targeted: Iterable[Shape]
) -> dict[str, str]:
    """Return what fills the places of the script that counts.

    Args:
        profile: What is counted.
        of_properties: The property shapes that report.
        targeted: The shapes that have targets.
    """
    names, has, held, classes = profile.names, profile.has, profile.held, profile.classes
    every = (*has.columns, *held.columns, *classes.columns)
    known = (*has.columns, *classes.columns)
    of_properties = tuple(of_properties)
    tests, term = TermTests(names), Term.object_of("t", "NULL")
    tested = forward(of_properties, lambda shape: bool(shape.constraints) and by_itself(shape))
    tested |= {
        predicate
        for shape in of_properties
        for c in shape.constraints
        if c.parameter in ORDERS and shape.predicate is not None
        for predicate in (shape.predicate.predicate, paired(c))
    }
    return {
        "type": str(profile.number(RDF.type)),
        "type_name": names.constant(RDF.type),
        "sub_class_of": str(profile.number(RDFS.subClassOf)),
        "string": names.constant(XSD.string),
        "lang_string": names.constant(RDF.langString),
        "classes": _columns(f"c.{c}" for c in classes.columns),
        "no_has": _nothing(has),
        "no_held": _nothing(held),
        "no_classes": _nothing(classes),
        "or_classes": _columns(f"bit_or(c.{c}) AS {c}" for c in classes.columns),
        "or_has": _columns(f"bit_or(p.{c}) AS {c}" for c in has.columns),
        "or_held": _columns(f"bit_or(p.{c})" for c in held.columns),
        "only_classes": _columns(classes.columns),
        "valid": tests.any_valid(term),
        "number": tests.number(term),
        "or_all": _columns(f"bit_or({c}) AS {c}" for c in every),
        "with_vocabulary": _columns(
            f"n.{c} | coalesce(w.{c}, 0) AS {c}" if c in known else f"n.{c}" for c in every
        ),
        "value_classes": _columns(
            f"CASE WHEN t.kind = 'iri' THEN coalesce(o.{c}, w.{c}, 0) ELSE 0 END AS {c}"
            for c in classes.columns
        ),
        "counted_bits": _number(has, profile.limited),
        "held_counted_bits": _number(held, profile.limited_inverse),
        "classed": _numbers(profile, forward(of_properties, wants_class)),
        "tested": _numbers(profile, tested),
        "target_nodes": f"[{_columns(names.constant(t) for t in target_nodes(targeted))}]",
    }


def result_columns(profile: Profile, unnamed: str, *, sources: bool) -> dict[str, str]:
    """Return what fills the places of the script that says the findings.

    Args:
        profile: How terms are written.
        unnamed: What the names of blank nodes begin with.
        sources: Whether statements say their source.
    """
    names = profile.names
    told = (
        "LEFT JOIN (SELECT t.patient, t.subject, list_sort(list_distinct(list(t.source))) AS list "
        "FROM triple t JOIN (SELECT DISTINCT patient, node FROM shape_result) f "
        "ON f.patient = t.patient AND f.node = t.subject GROUP BY t.patient, t.subject) d "
        "ON d.patient = r.patient AND d.subject = r.node"
    )
    return {
        "unnamed": quoted(unnamed),
        "full_subject": names.full("t.subject"),
        "full_predicate": names.full("t.predicate"),
        "full_owner": names.full("r.owner"),
        "shown_predicate": names.shown("t.predicate"),
        "shown_result_predicate": names.shown("r.predicate"),
        "shown_value": names.shown("r.value"),
        "sources": "coalesce(d.list, [])" if sources else "[]::VARCHAR[]",
        "from_sources": told if sources else "",
    }


def _columns(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _numbers(profile: Profile, predicates: Iterable[URIRef]) -> str:
    """Return the numbers of properties in brackets; -1 is none's."""
    return f"({_columns(str(n) for n in (-1, *sorted(map(profile.number, predicates))))})"


def _nothing(bits: Bits) -> str:
    return _columns(f"0::BIGINT AS {column}" for column in bits.columns)


def _number(bits: Bits, terms: Iterable[URIRef]) -> str:
    """Return how many bits of some terms a row `n` has."""
    words = zip(bits.columns, bits.words(terms), strict=True)
    return " + ".join(f"bit_count(n.{column} & {word}::BIGINT)" for column, word in words)
