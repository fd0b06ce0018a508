"""Which shapes report, and on which nodes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from eligo.shapes_sql.model import Shape, ShapeError, Target
from eligo.shapes_sql.profile import Profile


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


def reporting(shapes: Iterable[Shape], profile: Profile) -> tuple[Reporting, ...]:
    """Return the shapes that report: those with targets and their property shapes.

    Raises:
        ShapeError: A shape has no message, or targets what cannot be turned into SQL.
    """
    focus: dict[Node, dict[str, None]] = {}
    found: dict[Node, Shape] = {}

    def add(shape: Shape, conditions: Iterable[str]) -> None:
        found[shape.name] = shape
        focus.setdefault(shape.name, {}).update(dict.fromkeys(conditions))
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
            add(part, conditions)

    for shape in shapes:
        add(shape, [_focus(shape, target, profile) for target in shape.targets])
    return tuple(
        Reporting(number, found[name], f"({' OR '.join(focus[name])})")
        for number, name in enumerate(sorted(found, key=str))
        if focus[name]
    )


def target_nodes(shapes: Iterable[Shape]) -> tuple[URIRef, ...]:
    """Return the nodes that shapes target by their names."""
    targets = (target for shape in shapes for target in shape.targets)
    return tuple(sorted({t.term for t in targets if t.kind == SH.targetNode}))


def _focus(shape: Shape, target: Target, profile: Profile) -> str:
    term, graph = target.term, profile.vocabulary
    if target.kind == SH.targetNode:
        return f"n.node = {profile.names.constant(term)}"
    if target.kind == SH.targetClass:
        below = set(graph.transitive_subjects(RDFS.subClassOf, term))
        if any((None, RDF.type, kind) in graph for kind in below):
            _refuse(shape, target)
        return profile.classes.any_of("n", profile.classes.words([term]))
    if profile.mixed(term):
        _refuse(shape, target)
    bits = profile.has if target.kind == SH.targetSubjectsOf else profile.held
    return bits.any_of("n", bits.words([term]))


def _refuse(shape: Shape, target: Target) -> None:
    kind = str(target.kind).removeprefix(str(SH))
    raise ShapeError(
        f"{shape.name}: sh:{kind} {target.term} targets nodes of the vocabulary, which cannot be "
        "turned into SQL"
    )
