"""Matches as RDF: assessments with what stands against patients and what is unknown."""

from __future__ import annotations

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, XSD

from eligo.assess.match import MatchRun, Reason, Standing
from eligo.evaluate.truth import Status
from eligo.report.rdf import STATUSES, VERDICTS, assessment_name
from eligo.report.serialise import turtle
from eligo.trial.model import Polarity
from eligo.vocabulary.ontology import PREFIXES
from eligo.vocabulary.terms import ELIG

AGAINST = {Polarity.INCLUSION: Status.NOT_MET, Polarity.EXCLUSION: Status.MET}


def match_turtle(run: MatchRun) -> str:
    """Return a run as Turtle.

    The assessments have the names that screening gives them and say a part of what it says.
    """
    graph = Graph(bind_namespaces="none")
    for match in run.matches:
        for standing in match.standings:
            _assessment(graph, run, URIRef(match.patient), standing)
    return turtle([graph], PREFIXES)


def _assessment(graph: Graph, run: MatchRun, patient: URIRef, standing: Standing) -> None:
    candidate, dates = standing.candidate, standing.dates
    name = assessment_name(
        str(patient), candidate.identifier, dates, run.policy, run.version, run.mappings
    )
    graph.add((name, RDF.type, ELIG.Assessment))
    graph.add((name, ELIG.ofPatient, patient))
    graph.add((name, ELIG.assesses, candidate.name))
    graph.add((name, ELIG.verdict, VERDICTS[standing.verdict]))
    graph.add((name, ELIG.underPolicy, run.policy_iri))
    day = Literal(dates.screening.isoformat(), datatype=XSD.date)
    graph.add((name, ELIG.screeningDate, day))
    for reason in standing.against:
        result = _result(graph, name, reason, AGAINST[reason.item.polarity])
        for text in reason.texts:
            graph.add((result, ELIG.explanation, Literal(text)))
    for reason in (*standing.lacking, *standing.attested, *standing.unread):
        status = Status.CONFLICT if reason.conflict else Status.UNKNOWN
        result = _result(graph, name, reason, status)
        for number, text in enumerate(reason.texts, 1):
            missing = URIRef(f"{result}:missing-{number}")
            graph.add((result, ELIG.misses, missing))
            graph.add((missing, RDF.type, ELIG.MissingDatum))
            graph.add((missing, ELIG.explanation, Literal(text)))


def _result(graph: Graph, assessment: URIRef, reason: Reason, status: Status) -> URIRef:
    name = URIRef(f"{assessment}:{reason.item.notation}")
    graph.add((assessment, ELIG.hasResult, name))
    graph.add((name, RDF.type, ELIG.CriterionResult))
    graph.add((name, ELIG.ofCriterion, reason.item.name))
    graph.add((name, ELIG.status, STATUSES[status]))
    return name
