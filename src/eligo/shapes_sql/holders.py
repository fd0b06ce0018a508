"""Facts that hang on no patient, or on several, as SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import Template

from rdflib import URIRef
from rdflib.namespace import RDF

from eligo.shapes_sql.compile import SCRIPTS, RecordCheck
from eligo.shapes_sql.names import Names
from eligo.vocabulary.tables import Table


def unheld_sql(
    kinds: Mapping[URIRef, str], relations: Iterable[URIRef], names: Names
) -> RecordCheck:
    """Return the check that fills `unheld` from the statements of all sources in `triple`.

    The table `triple` must hold every statement of every source, whosever it is. `unheld` gets the
    source that the fact stands in, the fact as node, the text, and the sources that speak of it.

    Args:
        kinds: Labels of the kinds of facts.
        relations: Relations that hold facts.
        names: How the tables write IRIs.
    """
    script = Template((SCRIPTS / "unheld.sql").read_text(encoding="utf-8"))
    return RecordCheck(
        (
            Table(
                "shape_fact_kind",
                {"kind": "VARCHAR", "label": "VARCHAR"},
                tuple((names.written(kind), label) for kind, label in sorted(kinds.items())),
            ),
            Table(
                "shape_fact_relation",
                {"relation": "VARCHAR"},
                tuple((names.written(relation),) for relation in sorted(relations)),
            ),
        ),
        "",
        script.substitute(type=names.constant(RDF.type), full_fact=names.full("f.fact")),
    )
