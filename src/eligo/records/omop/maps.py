"""How the OMOP CDM is read, from the ontology: tables, columns and what concepts mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rdflib import RDF, Graph
from rdflib.term import Node

from eligo.errors import ModelError
from eligo.records.fhir.terms import IMPORTER
from eligo.records.omop.terms import CDM
from eligo.resources import importer_files, root
from eligo.vocabulary.ontology import load_ontology
from eligo.vocabulary.tables import Table
from eligo.vocabulary.terms import ELIG

READ_AS = {
    CDM.dateColumn: "cdm_date",
    CDM.identifierColumn: "cdm_identifier",
    CDM.numberColumn: "cdm_number",
    CDM.textColumn: "cdm_text",
}
SYSTEMS = ("ontology", "concepts", "systems.ttl")


@dataclass(frozen=True)
class CdmTable:
    """One table of the model.

    Attributes:
        name: What it is called, in lower case.
        key: The column that names its rows, if there is one.
        columns: Columns that are read, with the macro that reads each.
        required: Columns without which it is refused.
        unread: Why none of its rows is read; None where they are.
    """

    name: str
    key: str | None
    columns: Mapping[str, str]
    required: frozenset[str]
    unread: str | None


@dataclass(frozen=True)
class OmopMaps:
    """How the OMOP CDM is read; the knowledge is in `ontology/importers/omop-cdm.ttl`.

    Attributes:
        prefix: What every minted IRI begins with.
        versions: Versions of the model that are read, such as ``5.4``.
        tables: The tables by name.
        values: What codes mean: element, code system, code, term and text.
    """

    prefix: str
    versions: frozenset[str]
    tables: Mapping[str, CdmTable]
    values: Table

    @classmethod
    def load(cls, graph: Graph) -> OmopMaps:
        """Return the maps that a graph states.

        Args:
            graph: The importers' ontologies and the code systems (`elig:systemUri`).

        Raises:
            ModelError: The graph lacks the importer.
        """
        prefix = graph.value(CDM.OmopCdm, IMPORTER.mintsUnder)
        if prefix is None:
            raise ModelError(f"{CDM.OmopCdm}: says not what its IRIs begin with; add mintsUnder")
        tables = (_table(graph, node) for node in graph.subjects(RDF.type, CDM.CdmTable))
        return cls(
            prefix=str(prefix),
            versions=frozenset(map(str, graph.objects(CDM.OmopCdm, CDM.readsVersion))),
            tables={table.name: table for table in sorted(tables, key=lambda t: t.name)},
            values=Table(
                "value_map",
                dict.fromkeys(("element", "system", "code", "value", "text"), "VARCHAR"),
                tuple(sorted(set(_values(graph)), key=lambda row: [str(cell) for cell in row])),
            ),
        )

    @staticmethod
    @cache
    def installed() -> OmopMaps:
        """Return the maps that come with Eligo."""
        files = [*importer_files(), root().joinpath(*SYSTEMS)]
        return OmopMaps.load(load_ontology(files).graph)


def _table(graph: Graph, node: Node) -> CdmTable:
    def text(predicate: Node) -> str | None:
        value = graph.value(node, predicate, any=False)
        return None if value is None else str(value)

    name = text(CDM.tableName)
    if name is None:
        raise ModelError(f"{node}: a CDM table without tableName; add it")
    columns = {
        str(column): macro
        for kind, macro in READ_AS.items()
        for column in graph.objects(node, kind)
    }
    required = frozenset(map(str, graph.objects(node, CDM.requiredColumn)))
    if not required <= columns.keys():
        raise ModelError(f"{node}: requires a column that it does not read; declare how it is read")
    key, unread = text(CDM.rowIdentifier), text(CDM.unreadBecause)
    return CdmTable(name, key, dict(sorted(columns.items())), required, unread)


def _values(graph: Graph) -> Iterator[tuple[str, str, str, str | None, str | None]]:
    systems = {str(uri): system for system, uri in graph.subject_objects(ELIG.systemUri)}
    for value_map in graph.subjects(RDF.type, IMPORTER.ValueMap):
        uris = [str(uri) for uri in graph.objects(value_map, IMPORTER.ofSystem)]
        for element in graph.objects(value_map, IMPORTER.ofElement):
            for entry in graph.objects(value_map, IMPORTER.hasEntry):
                value = graph.value(entry, IMPORTER.toValue)
                text = graph.value(entry, CDM.toText)
                for system in [_term(systems.get(uri)) or uri for uri in uris] or [""]:
                    yield (
                        str(element),
                        system,
                        str(graph.value(entry, ELIG.notation)),
                        _term(value),
                        None if text is None else str(text),
                    )


def _term(node: Node | None) -> str | None:
    return None if node is None else f"<{node}>"
