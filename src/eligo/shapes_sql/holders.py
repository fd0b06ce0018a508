"""Facts that hang on no patient, or on several, as SQL."""

from __future__ import annotations

from string import Template

from rdflib import URIRef
from rdflib.namespace import RDF, RDFS

from eligo.database import Database
from eligo.records.model import DataProblem
from eligo.shapes_sql.compile import SCRIPTS, RecordCheck
from eligo.shapes_sql.names import Names
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.tables import Table
from eligo.vocabulary.terms import ELIG


def unheld_sql(ontology: Ontology, names: Names) -> RecordCheck:
    """Return the check that fills `unheld` from the statements of all sources.

    The table `triple` needs the columns subject, predicate, object, kind and source, and must hold
    every statement about types and holders of facts, whosever it is. `unheld` gets the source that
    a fact stands in, the fact as node, the text, and the sources that speak of the fact.

    Args:
        ontology: Kinds of facts and the relations that hold them.
        names: How the tables write IRIs.
    """
    kinds = sorted(ontology.graph.subjects(RDFS.subClassOf, ELIG.Fact), key=str)
    relations = sorted(ontology.graph.subjects(RDF.type, ELIG.FactRelation), key=str)
    script = Template((SCRIPTS / "unheld.sql").read_text(encoding="utf-8"))
    return RecordCheck(
        (
            Table(
                "shape_fact_kind",
                {"kind": "VARCHAR", "label": "VARCHAR"},
                tuple((names.written(k), ontology.label(URIRef(str(k)))) for k in kinds),
            ),
            Table(
                "shape_fact_relation",
                {"relation": "VARCHAR"},
                tuple((names.written(relation),) for relation in relations),
            ),
        ),
        "",
        script.substitute(type=names.constant(RDF.type), full_fact=names.full("f.fact")),
    )


def unheld_problems(database: Database) -> dict[str, tuple[DataProblem, ...]]:
    """Return the facts in the table `unheld`, by the source that each stands in."""
    found: dict[str, list[DataProblem]] = {}
    for source, node, text, sources in database.rows(
        "unheld", ("source", "node", "text", "sources")
    ):
        problem = DataProblem(text, node, ", ".join(sources) or None)
        found.setdefault(source, []).append(problem)
    return {source: tuple(sorted(p, key=lambda q: q.node)) for source, p in found.items()}
