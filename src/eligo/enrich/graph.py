"""Turn derived rows into the graph that validation, queries and explanations read."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

COLUMNS = ("patient", "subject", "predicate", "object", "datatype")


def enriched_graphs(
    rows: Iterable[tuple[str, str, str, str, str]], patients: Iterable[str], ontology: Ontology
) -> dict[URIRef, Graph]:
    """Return one graph a patient, also for a patient of whom nothing is known.

    Args:
        rows: Rows of the table `enriched`.
        patients: All patients of the run.
        ontology: Knows the prefixes of short IRIs.
    """
    graphs = {ontology.expand(patient): new_graph(ontology) for patient in patients}
    for patient, graph in graphs.items():
        graph.add((patient, RDF.type, ELIG.Patient))
    terms: dict[str, URIRef] = {}

    def iri(short: str) -> URIRef:
        if short not in terms:
            terms[short] = ontology.expand(short)
        return terms[short]

    for patient_name, subject, predicate, value, datatype in rows:
        term: Node = iri(value) if datatype == "iri" else _literal(value, iri(datatype))
        graphs[iri(patient_name)].add((iri(subject), iri(predicate), term))
    return graphs


def _literal(value: str, datatype: URIRef) -> Literal:
    """Return a literal; of a text in a language only the text is known here."""
    return Literal(value) if datatype == RDF.langString else Literal(value, datatype=datatype)


def new_graph(ontology: Ontology) -> Graph:
    """Return an empty graph that writes IRIs with the ontology's prefixes."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in ontology.prefixes.items():
        graph.bind(prefix, namespace)
    return graph
