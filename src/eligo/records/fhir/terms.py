"""The terms that reading FHIR writes, as nodes, and the closed namespace of the value maps."""

from __future__ import annotations

from pyoxigraph import NamedNode
from rdflib import RDF, RDFS, XSD, URIRef
from rdflib.namespace import DefinedNamespace, Namespace

from eligo.vocabulary.terms import ELIG


class IMPORTER(DefinedNamespace):
    """The terms of value maps that `ontology/importers/fhir-r4.ttl` declares, and no other."""

    _fail = True

    _NS = Namespace("https://w3id.org/eligo/importer/")

    FhirR4: URIRef  # FHIR R4
    Importer: URIRef  # importer
    TimingMap: URIRef  # timing map
    ValueMap: URIRef  # value map
    consentMeans: URIRef  # consent means
    countsPieces: URIRef  # counts pieces
    extensionUrl: URIRef  # extension URL
    hasDailyUnit: URIRef  # has daily unit
    hasTimeUnit: URIRef  # has time unit
    hasEntry: URIRef  # has entry
    integerUnit: URIRef  # integer unit
    mintsUnder: URIRef  # mints under
    ofElement: URIRef  # of element
    ofSystem: URIRef  # of system
    passesOver: URIRef  # passes over
    perDay: URIRef  # per day
    period: URIRef  # period
    periodUnit: URIRef  # period unit
    readsBundle: URIRef  # reads bundle
    registryUri: URIRef  # registry URI
    times: URIRef  # times
    toValue: URIRef  # to value
    unitSystem: URIRef  # unit system


def _node(term: URIRef) -> NamedNode:
    return NamedNode(str(term))


TYPE = _node(RDF.type)
LABEL = _node(RDFS.label)
DECIMAL = _node(XSD.decimal)
INTEGER = _node(XSD.integer)
BOOLEAN = _node(XSD.boolean)
DATE = _node(XSD.date)
YEAR_MONTH = _node(XSD.gYearMonth)
YEAR = _node(XSD.gYear)

FREE_TEXT = NamedNode("https://w3id.org/eligo/system/FreeText")
UNSTATED = NamedNode("https://w3id.org/eligo/system/Unstated")

PATIENT = _node(ELIG.Patient)
BIRTH_DATE = _node(ELIG.birthDate)
SEX_AT_BIRTH = _node(ELIG.sexAtBirth)

HAS_CONDITION = _node(ELIG.hasCondition)
HAS_MEDICATION_USE = _node(ELIG.hasMedicationUse)
HAS_PROCEDURE = _node(ELIG.hasProcedure)
HAS_IMMUNIZATION = _node(ELIG.hasImmunization)
HAS_ADVERSE_REACTION = _node(ELIG.hasAdverseReaction)
HAS_FAMILY_HISTORY = _node(ELIG.hasFamilyHistory)
HAS_HOSPITALIZATION = _node(ELIG.hasHospitalization)
HAS_TRIAL_PARTICIPATION = _node(ELIG.hasTrialParticipation)
HAS_ATTESTATION = _node(ELIG.hasAttestation)
HAS_OBSERVATION = _node(ELIG.hasObservation)
CONDITION = _node(ELIG.Condition)
MEDICATION_USE = _node(ELIG.MedicationUse)
PROCEDURE = _node(ELIG.Procedure)
IMMUNIZATION = _node(ELIG.Immunization)
ADVERSE_REACTION = _node(ELIG.AdverseReaction)
OBSERVATION = _node(ELIG.Observation)
FAMILY_HISTORY = _node(ELIG.FamilyHistory)
HOSPITALIZATION = _node(ELIG.Hospitalization)
TRIAL_PARTICIPATION = _node(ELIG.TrialParticipation)
ATTESTATION = _node(ELIG.Attestation)

CODE = _node(ELIG.code)
AGENT = _node(ELIG.agent)
ROUTE = _node(ELIG.route)
DUE_TO = _node(ELIG.dueTo)
INDICATION = _node(ELIG.indication)
MANIFESTATION = _node(ELIG.manifestation)
RESULT = _node(ELIG.result)
CODING = _node(ELIG.Coding)
IN_SYSTEM = _node(ELIG.inSystem)
NOTATION = _node(ELIG.notation)

ON_DATE = _node(ELIG.date)
START_DATE = _node(ELIG.startDate)
END_DATE = _node(ELIG.endDate)
CLINICAL_STATUS = _node(ELIG.clinicalStatus)
VERIFICATION_STATUS = _node(ELIG.verificationStatus)
EVENT_STATUS = _node(ELIG.eventStatus)
SEVERITY = _node(ELIG.severity)
CRITICALITY = _node(ELIG.criticality)
ACTIVE = _node(ELIG.Active)
PLANNED = _node(ELIG.Planned)
NOT_DONE = _node(ELIG.NotDone)
ENTERED_IN_ERROR = _node(ELIG.EnteredInError)

QUANTITY = _node(ELIG.Quantity)
HAS_QUANTITY = _node(ELIG.quantity)
LOWER_LIMIT = _node(ELIG.lowerReferenceLimit)
UPPER_LIMIT = _node(ELIG.upperReferenceLimit)
VALUE = _node(ELIG.value)
UNIT = _node(ELIG.unit)
COMPARATOR = _node(ELIG.comparator)
LOW = _node(ELIG.low)
HIGH = _node(ELIG.high)
DOSE = _node(ELIG.dose)
DAILY_DOSE = _node(ELIG.dailyDose)
RECORDED_AS = _node(ELIG.recordedAs)
BASED_ON = _node(ELIG.basedOn)
ORDER = _node(ELIG.Order)
STATEMENT = _node(ELIG.Statement)
ADMINISTRATION = _node(ELIG.Administration)
DISPENSE = _node(ELIG.Dispense)
TIMES_PER_PERIOD = _node(ELIG.timesPerPeriod)
PERIOD = _node(ELIG.period)
AS_NEEDED = _node(ELIG.asNeeded)

RELATIONSHIP = _node(ELIG.relationship)
ANSWER = _node(ELIG.answer)
STUDY_IDENTIFIER = _node(ELIG.studyIdentifier)

NOTE = _node(ELIG.note)
SOURCE_REFERENCE = _node(ELIG.sourceReference)
