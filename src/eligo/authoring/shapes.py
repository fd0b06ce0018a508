"""Hold many trials against the authoring shapes at once.

SHACL Core is turned into SQL, as for record stores, and the constraints in SPARQL are asked of all
trials together: two thousand imported records take seconds where a validator takes an hour. Tests
hold that the findings are those of the validator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from eligo.authoring.model import Triple
from eligo.database import Database
from eligo.records.model import Severity
from eligo.resources import shapes
from eligo.shapes_sql import Names, compile_shapes, prepare
from eligo.shapes_sql import check_records as run_check
from eligo.shapes_sql.compile import SEVERITIES, RecordCheck
from eligo.vocabulary.ontology import PREFIXES, load_ontology
from eligo.vocabulary.tables import Table
from eligo.vocabulary.terms import ELIG

COLUMNS = ("patient", "subject", "predicate", "object", "kind", "datatype", "language")
NAMES = Names(PREFIXES)


@dataclass(frozen=True)
class ShapeResult:
    """A result of a shape.

    Attributes:
        trial: Key of the trial.
        node: What does not conform.
        shape: The shape.
        severity: Its severity.
        message: Its message.
    """

    trial: str
    node: URIRef
    shape: URIRef
    severity: Severity
    message: str


@cache
def authoring_shapes() -> Graph:
    """Return the authoring shapes."""
    return load_ontology(shapes("authoring")).graph


def shape_results(
    trials: Mapping[str, Sequence[Triple]], general: Graph
) -> tuple[ShapeResult, ...]:
    """Return what the authoring shapes find in trials, in a stable order.

    Args:
        trials: The statements of each trial's file, by a key of its own.
        general: The general ontology.

    Raises:
        EngineError: The database failed.
    """
    if not trials:
        return ()
    found = {*_core(trials, general), *_selected(trials, general)}
    return tuple(sorted(found, key=lambda r: (r.trial, r.node, r.shape, r.message)))


@cache
def _check(general: Graph) -> RecordCheck:
    core = Graph(bind_namespaces="none")
    for triple in authoring_shapes():
        if triple[1] != SH.sparql:
            core.add(triple)
    below = Graph(bind_namespaces="none")
    for narrow, wide in general.subject_objects(RDFS.subClassOf):
        if _is_term(narrow) and _is_term(wide):
            below.add((narrow, RDFS.subClassOf, wide))
    return compile_shapes(core, below, NAMES)


def _is_term(node: Node) -> bool:
    return str(node).startswith(str(ELIG))


def _core(trials: Mapping[str, Sequence[Triple]], general: Graph) -> Iterator[ShapeResult]:
    rows = [
        (key, *_row(triple))
        for key, triples in trials.items()
        for triple in (*triples, *_declared(triples, general))
    ]
    database = Database()
    check = _check(general)
    prepare(database, check)
    database.load(Table("triple", dict.fromkeys(COLUMNS, "VARCHAR"), tuple(rows)))
    run_check(database, check)
    own = {key: _described(triples) for key, triples in trials.items()}
    for key, severity, node, shape, message in database.rows(
        "finding", ("patient", "severity", "node", "shape", "message")
    ):
        if URIRef(node) in own[key]:
            yield ShapeResult(key, URIRef(node), URIRef(shape), Severity(severity), message)


def _described(triples: Iterable[Triple]) -> set[Node]:
    """Return what the file itself describes, and what it should have."""
    return {s for s, _, _ in triples if isinstance(s, URIRef)} | {
        node for node in authoring_shapes().objects(None, SH.targetNode)
    }


def _declared(triples: Iterable[Triple], general: Graph) -> Iterator[Triple]:
    """Yield of what general terms that a trial names are declared to be."""
    own, named = set(), set()
    for subject, _, value in triples:
        own.add(subject)
        if isinstance(value, URIRef):
            named.add(value)
    for term in named - own:
        for kind in general.objects(term, RDF.type):
            yield term, RDF.type, kind


def _row(triple: Triple) -> tuple[str, ...]:
    subject, predicate, value = triple
    return (_text(subject), str(predicate), *NAMES.parts(value))


def _text(node: Node) -> str:
    return f"_:{node}" if isinstance(node, BNode) else str(node)


def _selected(trials: Mapping[str, Sequence[Triple]], general: Graph) -> Iterator[ShapeResult]:
    """Ask the constraints in SPARQL of all trials, each in a store of its own."""
    constraints = list(_constraints())
    for key, triples in trials.items():
        store = ox.Store()
        store.extend(_quads((*triples, *_declared(triples, general))))
        for shape, target, query, message, severity in constraints:
            solutions = store.query(query)
            if not isinstance(solutions, ox.QuerySolutions):
                continue
            for solution in solutions:
                node = solution["this"]
                kinds = store.quads_for_pattern(
                    node, ox.NamedNode(str(RDF.type)), ox.NamedNode(str(target)), None
                )
                if isinstance(node, ox.NamedNode) and any(kinds):
                    said = message
                    if "{?value}" in message:
                        value = solution["value"]
                        said = message.replace("{?value}", str(getattr(value, "value", value)))
                    yield ShapeResult(key, URIRef(node.value), shape, severity, said)


def _constraints() -> Iterator[tuple[URIRef, Node, str, str, Severity]]:
    graph = authoring_shapes()
    for shape, node in graph.subject_objects(SH.sparql):
        prefixes = "".join(
            f"PREFIX {graph.value(p, SH.prefix)}: <{graph.value(p, SH.namespace)}>\n"
            for owner in graph.objects(node, SH.prefixes)
            for p in graph.objects(owner, SH.declare)
        )
        target = graph.value(shape, SH.targetClass)
        if isinstance(shape, URIRef) and target is not None:
            weight = graph.value(shape, SH.severity)
            severity = SEVERITIES.get(URIRef(str(weight)), Severity.INFORMATION)
            message = str(graph.value(node, SH.message) or graph.value(shape, SH.message))
            yield shape, target, f"{prefixes}{graph.value(node, SH.select)}", message, severity


def _quads(triples: Iterable[Triple]) -> Iterator[ox.Quad]:
    for subject, predicate, value in triples:
        yield ox.Quad(_ox(subject), ox.NamedNode(str(predicate)), _ox(value))  # type: ignore[arg-type]


def _ox(node: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, BNode):
        return ox.BlankNode(str(node).replace(".", "-"))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        datatype = None if node.datatype is None else ox.NamedNode(str(node.datatype))
        return ox.Literal(str(node), datatype=datatype)
    raise TypeError(f"not an RDF 1.1 term: {node}")
