"""Is a graph in OWL 2 DL? Asked of the OWL API that HermiT's archive in owlready2 contains."""

from __future__ import annotations

import re

from rdflib import Graph

from eligo.vocabulary.ontology import Ontology
from ontology.owl_api import load, owl_api


def violations(graph: Graph) -> tuple[str, ...]:
    """Return what keeps a graph out of OWL 2 DL, one line each, sorted."""
    ontology = load(graph)
    manager = ontology.getOWLOntologyManager()
    loader = manager.getOntologyFormat(ontology).getOntologyLoaderMetaData()
    found = {f"NotOwl {triple}" for triple in loader.getUnparsedTriples()}
    try:
        report = owl_api("profiles.OWL2DLProfile")().checkOntology(ontology)
    except owl_api("model.OWLRuntimeException") as error:
        return (*sorted(map(_readable, found)), f"OWL API: {error}")
    found |= {f"{v.getClass().getSimpleName()} {v}" for v in report.getViolations()}
    return tuple(sorted(map(_readable, found)))


def _readable(violation: str) -> str:
    text = re.sub(r" in OntologyID\(.*?\)\)\]?", "", violation)
    short = Ontology(Graph()).short
    return re.sub(r"<([^<> ]+)>", lambda match: short(match[1]), text)
