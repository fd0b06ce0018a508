"""Facts that hang on no patient, or on several: nobody can tell whose they are."""

from __future__ import annotations

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import RDF, RDFS

from eligo.records.model import DataProblem
from eligo.records.records import Records
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

TYPE = ox.NamedNode(str(RDF.type))


def unheld_facts(records: Records, ontology: Ontology) -> dict[str, tuple[DataProblem, ...]]:
    """Return, by the name of the graph each stands in, the facts without exactly one holder.

    Such a fact may belong to any patient of its source, so none of them can be trusted.
    """
    holding = {ox.NamedNode(str(p)) for p in ontology.graph.subjects(RDF.type, ELIG.FactRelation)}
    found: dict[str, list[DataProblem]] = {}
    for kind in ontology.graph.subjects(RDFS.subClassOf, ELIG.Fact):
        for quad in records.store.quads_for_pattern(None, TYPE, ox.NamedNode(str(kind)), None):
            if not isinstance(quad.subject, ox.NamedNode):
                continue
            links = records.store.quads_for_pattern(None, None, quad.subject, None)
            holders = {link.subject for link in links if link.predicate in holding}
            if len(holders) == 1:
                continue
            what = "hangs on no patient" if not holders else "hangs on several patients"
            fact = quad.subject.value
            text = f"{ontology.label(URIRef(str(kind)))} {what}; link it to the one it is about"
            source = ", ".join(records.sources_of(fact)) or None
            found.setdefault(str(quad.graph_name), []).append(DataProblem(text, fact, source))
    return {graph: tuple(sorted(p, key=lambda q: q.node)) for graph, p in found.items()}


def graphs_of(records: Records, patient: URIRef) -> set[str]:
    """Return the names of the graphs that speak of a patient."""
    quads = records.store.quads_for_pattern(ox.NamedNode(str(patient)), None, None, None)
    return {str(quad.graph_name) for quad in quads}
