"""Assessments as RDF.

Every name is made from what it stands for (patient, trial, dates, policy, mappings, version), and
there is no wall clock in the graph: the same record gives the same statements.
"""

from __future__ import annotations

import hashlib

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, XSD
from rdflib.term import Node

from eligo.assess.model import Assessment, CriterionResult, Missing, Verdict
from eligo.evaluate.truth import Status
from eligo.records.model import DataProblem, Dates
from eligo.trial.trial import TrialModel
from eligo.vocabulary.mappings import MappingFolder
from eligo.vocabulary.terms import ELIG

ASSESSMENT = "urn:eligo:assessment:"
EVIDENCE = "urn:eligo:evidence:"
MAPPINGS = "urn:eligo:mappings:"
SOFTWARE = "https://w3id.org/eligo/software/"
VERDICTS = {
    Verdict.ELIGIBLE: ELIG.Eligible,
    Verdict.NOT_ELIGIBLE: ELIG.NotEligible,
    Verdict.UNDETERMINED: ELIG.Undetermined,
}
STATUSES = {
    Status.MET: ELIG.Met,
    Status.NOT_MET: ELIG.NotMet,
    Status.UNKNOWN: ELIG.Unknown,
    Status.CONFLICT: ELIG.Conflict,
}


def assessment_iri(assessment: Assessment) -> URIRef:
    """Name an assessment after the patient, trial, dates, policy, mappings and version."""
    return assessment_name(
        assessment.patient,
        assessment.trial,
        assessment.dates,
        assessment.policy,
        assessment.version,
        assessment.mappings,
    )


def assessment_name(
    patient: str,
    trial: str,
    dates: Dates,
    policy: str,
    version: str,
    mappings: tuple[MappingFolder, ...] = (),
) -> URIRef:
    """Name an assessment after what it was made from."""
    return URIRef(ASSESSMENT + _digest(patient, trial, dates, policy, version, mappings))


def evidence_iri(
    patient: str,
    trial: str,
    dates: Dates,
    policy: str,
    version: str,
    mappings: tuple[MappingFolder, ...] = (),
) -> URIRef:
    """Name the enriched graph of a patient after what it was made from."""
    return URIRef(EVIDENCE + _digest(patient, trial, dates, policy, version, mappings))


def _digest(
    patient: str,
    trial: str,
    dates: Dates,
    policy: str,
    version: str,
    mappings: tuple[MappingFolder, ...],
) -> str:
    parts = (
        patient,
        trial,
        dates.screening,
        dates.evaluation,
        dates.enrolment,
        dates.intervention,
        policy,
        version,
        *(mapping.digest for mapping in mappings),
    )
    text = "\n".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def result_iri(assessment: Assessment, result: CriterionResult) -> URIRef:
    """Name the result of a criterion in an assessment."""
    return URIRef(f"{assessment_iri(assessment)}:{result.criterion.notation}")


def assessment_graph(assessment: Assessment, trial: TrialModel) -> Graph:
    """Return the statements of one assessment.

    Args:
        assessment: The outcome.
        trial: Names the trial and the policies; its prefixes are bound.
    """
    writer = _Writer(assessment, trial)
    writer.write()
    return writer.graph


class _Writer:
    def __init__(self, assessment: Assessment, trial: TrialModel) -> None:
        self.assessment = assessment
        self.trial = trial
        self.name = assessment_iri(assessment)
        self.graph = Graph(bind_namespaces="none")
        for prefix, namespace in trial.ontology.prefixes.items():
            self.graph.bind(prefix, namespace)

    def write(self) -> None:
        assessment, name = self.assessment, self.name
        self._add(name, RDF.type, ELIG.Assessment)
        self._add(name, ELIG.ofPatient, URIRef(assessment.patient))
        self._add(name, ELIG.assesses, self.trial.name)
        self._add(name, ELIG.verdict, VERDICTS[assessment.verdict])
        self._add(name, ELIG.prescreenVerdict, VERDICTS[assessment.prescreen])
        self._add(name, ELIG.underPolicy, self.trial.policies[assessment.policy].name)
        dates = assessment.dates
        for predicate, day in (
            (ELIG.screeningDate, dates.screening),
            (ELIG.evaluationDate, dates.evaluation),
            (ELIG.enrolmentDate, dates.enrolment),
            (ELIG.plannedInterventionDate, dates.intervention),
        ):
            if day is not None:
                self._add(name, predicate, Literal(day.isoformat(), datatype=XSD.date))
        self._software()
        self._mappings()
        for result in assessment.results:
            self._result(result)
        for advisory in assessment.advisories:
            self._add(name, ELIG.raises, advisory.name)
        for number, problem in enumerate(assessment.problems, 1):
            self._problem(number, problem)

    def _add(self, subject: Node, predicate: URIRef, value: Node) -> None:
        self.graph.add((subject, predicate, value))

    def _software(self) -> None:
        version = self.assessment.version
        agent = URIRef(SOFTWARE + version)
        self._add(self.name, PROV.wasAttributedTo, agent)
        self._add(agent, RDF.type, PROV.SoftwareAgent)
        self._add(agent, RDFS.label, Literal("Eligo"))
        self._add(agent, OWL.versionInfo, Literal(version))

    def _mappings(self) -> None:
        for mapping in self.assessment.mappings:
            folder = URIRef(MAPPINGS + mapping.digest)
            self._add(self.name, PROV.used, folder)
            self._add(folder, RDF.type, PROV.Entity)
            self._add(folder, RDFS.label, Literal(mapping.path))

    def _result(self, result: CriterionResult) -> None:
        name = result_iri(self.assessment, result)
        self._add(self.name, ELIG.hasResult, name)
        self._add(name, RDF.type, ELIG.CriterionResult)
        self._add(name, ELIG.ofCriterion, result.criterion.name)
        self._add(name, ELIG.status, STATUSES[result.status])
        for evidence in result.evidence:
            self._add(name, ELIG.explanation, Literal(evidence.text))
            for source in evidence.sources:
                self._add(name, ELIG.restsOn, URIRef(source))
        for number, missing in enumerate(result.missing, 1):
            self._missing(name, number, missing)
        for part in result.parts:
            self._result(part)

    def _missing(self, result: URIRef, number: int, missing: Missing) -> None:
        name = URIRef(f"{result}:missing-{number}")
        self._add(result, ELIG.misses, name)
        self._add(name, RDF.type, ELIG.MissingDatum)
        self._add(name, ELIG.explanation, Literal(missing.text))
        for source in missing.sources:
            self._add(name, ELIG.restsOn, URIRef(source))

    def _problem(self, number: int, problem: DataProblem) -> None:
        name = URIRef(f"{self.name}:problem-{number}")
        self._add(self.name, ELIG.hasProblem, name)
        self._add(name, RDF.type, ELIG.DataProblem)
        self._add(name, ELIG.explanation, Literal(problem.text))
        self._add(name, ELIG.restsOn, URIRef(problem.node))
        if problem.source:
            self._add(name, DCTERMS.source, Literal(problem.source))
