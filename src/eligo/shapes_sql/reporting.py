"""Which shapes report, and on which nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from eligo.shapes_sql.model import Shape, ShapeError, Target
from eligo.shapes_sql.profile import Profile
from eligo.shapes_sql.read import TARGETS


@dataclass(frozen=True)
class Reporting:
    """A shape that reports.

    Attributes:
        number: Its number in the tables.
        shape: The shape.
        focus: The condition that a row `n` of `shape_node` is one of its focus nodes.
    """

    number: int
    shape: Shape
    focus: str

    def report(self, rest: str, value: str = "NULL", message: str = "NULL") -> str:
        """Return the statement that reports the rows `n` (patient, node) of a FROM clause."""
        return (
            f"INSERT INTO shape_result SELECT {self.number}, n.patient, n.node, NULL, {value}, "
            f"{message} {rest};"
        )

    def failing(self, condition: str) -> Failing:
        """Return the report of the focus nodes that meet a condition on what is known of them."""
        return Failing(self, f"{self.focus} AND {condition}")


@dataclass(frozen=True)
class Failing:
    """Nodes that a shape reports, told by a condition on a row `n` of `shape_node` alone."""

    one: Reporting
    condition: str


def failing_statements(failing: Iterable[Failing]) -> Iterator[str]:
    """Yield the statements that report nodes; all are looked at once, then those that fail."""
    failing = tuple(failing)
    alone = [f for f in failing if "SELECT" not in f.condition]
    if alone:
        any_of = " OR ".join(f"({f.condition})" for f in alone)
        yield (
            "CREATE OR REPLACE TEMP TABLE shape_failing AS "
            f"SELECT n.* FROM shape_node n WHERE {any_of};"
        )
    for f in failing:
        table = "shape_failing" if f in alone else "shape_node"
        yield f.one.report(f"FROM {table} n WHERE {f.condition}")


def reporting(shapes: Iterable[Shape], profile: Profile) -> tuple[Reporting, ...]:
    """Return the shapes that report: those with targets and their property shapes.

    Raises:
        ShapeError: A shape has no message, or targets what cannot be turned into SQL.
    """
    focus: dict[Node, set[Target]] = {}
    found: dict[Node, Shape] = {}

    def add(shape: Shape, targets: Iterable[Target]) -> None:
        found[shape.name] = shape
        focus.setdefault(shape.name, set()).update(targets)
        if shape.path is not None and (shape.properties or shape.selects or shape.allowed):
            raise ShapeError(
                f"{shape.name}: sh:property, sh:sparql or sh:closed on a property shape cannot be "
                "turned into SQL"
            )
        if shape.message is None and (shape.constraints or shape.allowed is not None):
            raise ShapeError(
                f"{shape.name}: a shape that reports needs sh:message to be turned into SQL"
            )
        for part in shape.properties:
            add(part, targets)

    for shape in shapes:
        for target in shape.targets:
            _check(shape, target, profile)
        add(shape, shape.targets)
    return tuple(
        Reporting(number, found[name], _focus(focus[name], profile))
        for number, name in enumerate(sorted(found, key=str))
        if focus[name]
    )


def target_nodes(shapes: Iterable[Shape]) -> tuple[URIRef, ...]:
    """Return the nodes that shapes target by their names."""
    targets = (target for shape in shapes for target in shape.targets)
    return tuple(sorted({t.term for t in targets if t.kind == SH.targetNode}))


def _focus(targets: Iterable[Target], profile: Profile) -> str:
    """Return the condition that a row `n` of `shape_node` is a focus node."""
    terms: dict[URIRef, list[URIRef]] = {kind: [] for kind in TARGETS}
    for target in sorted(targets, key=str):
        terms[target.kind].append(target.term)
    tests = [f"n.node = {profile.names.constant(term)}" for term in terms[SH.targetNode]]
    for kind, bits in (
        (SH.targetClass, profile.classes),
        (SH.targetSubjectsOf, profile.has),
        (SH.targetObjectsOf, profile.held),
    ):
        if terms[kind]:
            tests.append(bits.any_of("n", bits.words(terms[kind])))
    return f"({' OR '.join(tests)})"


def _check(shape: Shape, target: Target, profile: Profile) -> None:
    graph, term = profile.vocabulary, target.term
    if target.kind == SH.targetClass:
        below = set(graph.transitive_subjects(RDFS.subClassOf, term))
        met = any((None, RDF.type, kind) in graph for kind in below)
    else:
        met = target.kind != SH.targetNode and profile.mixed(term)
    if met:
        kind = str(target.kind).removeprefix(str(SH))
        raise ShapeError(
            f"{shape.name}: sh:{kind} {term} targets nodes of the vocabulary, which cannot be "
            "turned into SQL"
        )
