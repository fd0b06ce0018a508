"""HermiT over one graph: is it consistent, and does an individual belong to a class?"""

from __future__ import annotations

from typing import Any

from rdflib import Graph, URIRef

from eligo.reason.guard import guarded
from eligo.reason.logic import logical_part
from ontology.owl_api import java, load, owl_api


class Hermit:
    """A reasoner that has read a graph, prepared as the product prepares it."""

    def __init__(self, graph: Graph) -> None:
        self._read = load(logical_part(guarded(graph)))
        self._reasoner = self._fresh()
        self._make = owl_api("apibinding.OWLManager").getOWLDataFactory()

    def _fresh(self) -> Any:
        return java()("org.semanticweb.HermiT.Reasoner")(self._read)

    @property
    def consistent(self) -> bool:
        """Whether everything in the graph can be true together."""
        return bool(self._reasoner.isConsistent())

    def entails(self, individual: URIRef, name: URIRef, *, member: bool) -> bool:
        """Tell whether an individual must be (or, if not MEMBER, cannot be) in a named class.

        A reasoner that was asked before sometimes no longer finds what follows from a data value;
        so a no is asked again of a fresh one.
        """
        iri = owl_api("model.IRI")
        asked = self._make.getOWLClass(iri.create(str(name)))
        if not member:
            asked = self._make.getOWLObjectComplementOf(asked)
        who = self._make.getOWLNamedIndividual(iri.create(str(individual)))
        axiom = self._make.getOWLClassAssertionAxiom(asked, who)
        return bool(self._reasoner.isEntailed(axiom)) or bool(self._fresh().isEntailed(axiom))
