"""HermiT over one graph: is it consistent, and does an individual belong to a class?"""

from __future__ import annotations

from rdflib import Graph, URIRef

from eligo.reason.guard import guarded
from eligo.reason.logic import logical_part
from ontology.owl_api import java, load, owl_api


class Hermit:
    """A reasoner that has read a graph, prepared as the product prepares it."""

    def __init__(self, graph: Graph) -> None:
        self._reasoner = java()("org.semanticweb.HermiT.Reasoner")(
            load(logical_part(guarded(graph)))
        )
        self._make = owl_api("apibinding.OWLManager").getOWLDataFactory()

    @property
    def consistent(self) -> bool:
        """Whether everything in the graph can be true together."""
        return bool(self._reasoner.isConsistent())

    def entails(self, individual: URIRef, name: URIRef, *, member: bool) -> bool:
        """Tell whether an individual must be (or, if not MEMBER, cannot be) in a named class."""
        iri = owl_api("model.IRI")
        asked = self._make.getOWLClass(iri.create(str(name)))
        if not member:
            asked = self._make.getOWLObjectComplementOf(asked)
        who = self._make.getOWLNamedIndividual(iri.create(str(individual)))
        return bool(self._reasoner.isEntailed(self._make.getOWLClassAssertionAxiom(asked, who)))
