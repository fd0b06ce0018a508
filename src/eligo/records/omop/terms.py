"""The terms by which `ontology/importers/omop-cdm.ttl` says how the OMOP CDM is read."""

from __future__ import annotations

from rdflib import URIRef
from rdflib.namespace import DefinedNamespace, Namespace


class CDM(DefinedNamespace):
    """The terms that the importer's ontology declares, and no other."""

    _fail = True

    _NS = Namespace("https://w3id.org/eligo/importer/")

    CdmTable: URIRef  # CDM table
    OmopCdm: URIRef  # OMOP CDM
    dateColumn: URIRef  # date column
    identifierColumn: URIRef  # identifier column
    numberColumn: URIRef  # number column
    readsVersion: URIRef  # reads version
    requiredColumn: URIRef  # required column
    rowIdentifier: URIRef  # row identifier
    tableName: URIRef  # table name
    textColumn: URIRef  # text column
    toText: URIRef  # to text
    unreadBecause: URIRef  # unread because
