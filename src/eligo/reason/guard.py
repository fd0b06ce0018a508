"""Definitions held to what they define: classes of patients to patients, classes of facts to facts.

Read to the letter, `C ≡ not D` makes everything that is no D a C, drugs and dates of screening
included, and a reasoner then has to decide every negated criterion for every thing it thinks of.
A criterion is by its own definition a class of patients; saying so in each definition is what
makes classification end: seconds in place of more than ten minutes for one trial.
"""

from __future__ import annotations

from rdflib import OWL, RDF, BNode, Graph
from rdflib.collection import Collection

from eligo.vocabulary.terms import ELIG

_MEMBERS = {
    ELIG.Criterion: ELIG.Patient,
    ELIG.SupportingClass: ELIG.Patient,
    ELIG.Advisory: ELIG.Patient,
    ELIG.TrialPopulation: ELIG.Patient,
    ELIG.FactClass: ELIG.Fact,
}


def guarded(graph: Graph) -> Graph:
    """Return a copy in which each definition of a trial says of what it is a class."""
    copy = Graph(bind_namespaces="none")
    for triple in graph:
        copy.add(triple)
    for role, members in _MEMBERS.items():
        for defined in graph.subjects(RDF.type, role):
            for definition in graph.objects(defined, OWL.equivalentClass):
                both, head = BNode(), BNode()
                copy.remove((defined, OWL.equivalentClass, definition))
                copy.add((defined, OWL.equivalentClass, both))
                copy.add((both, RDF.type, OWL.Class))
                copy.add((both, OWL.intersectionOf, head))
                Collection(copy, head, [members, definition])
    return copy
