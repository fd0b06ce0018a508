"""The terms by which `ontology/importers/clinicaltrials-gov.ttl` says how records are read."""

from __future__ import annotations

from rdflib import URIRef
from rdflib.namespace import DefinedNamespace, Namespace


class REGISTRY(DefinedNamespace):
    """The terms that the importer's ontology declares, and no other."""

    _fail = True

    _NS = Namespace("https://w3id.org/eligo/importer/")

    BulletMark: URIRef  # bullet
    ClinicalTrialsGov: URIRef  # ClinicalTrials.gov
    DecimalMark: URIRef  # decimal mark
    HeadingForm: URIRef  # form of heading
    ItemMark: URIRef  # mark of an item
    LetterMark: URIRef  # letter mark
    NeutralHeading: URIRef  # neutral heading
    NumberMark: URIRef  # number mark
    RegistryField: URIRef  # registry field
    RomanMark: URIRef  # Roman mark
    StatementForm: URIRef  # form of statement
    StandingDecision: URIRef  # standing decision
    ageUnit: URIRef  # age unit
    announces: URIRef  # announces
    apiPath: URIRef  # API path
    beforePattern: URIRef  # pattern of what stands before
    classicPath: URIRef  # classic path
    comparedBy: URIRef  # compared by
    contextPattern: URIRef  # pattern of its context
    countingWord: URIRef  # counting word
    decidesOn: URIRef  # decides on
    exclusionPhrase: URIRef  # exclusion phrase
    fieldForm: URIRef  # form of a field
    fieldTerm: URIRef  # field term
    hasAgeUnit: URIRef  # has age unit
    hasEntry: URIRef  # has entry
    inlinePattern: URIRef  # pattern within a line
    noLimitWord: URIRef  # word for no limit
    pattern: URIRef  # pattern
    refusingPattern: URIRef  # refusing pattern
    rowName: URIRef  # name in a row
    says: URIRef  # says
    textLabel: URIRef  # text label
    toValue: URIRef  # to value
    topicLabel: URIRef  # topic label
    xmlPath: URIRef  # XML path
