"""Shapes as typed values."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef
from rdflib.term import Node

from eligo.errors import ModelError


class ShapeError(ModelError):
    """A shape that cannot be turned into SQL; the message names the shape and the construct."""


@dataclass(frozen=True)
class Step:
    """One step of a path: along a predicate or against it."""

    predicate: URIRef
    inverse: bool = False


Chain = tuple[Step, ...]
Path = tuple[Chain, ...]
"""Alternatives, each of steps in a row."""


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape.

    Attributes:
        parameter: What it demands, such as `sh:class`.
        terms: The terms it names.
        shapes: The shapes it names.
    """

    parameter: URIRef
    terms: tuple[Node, ...] = ()
    shapes: tuple[Shape, ...] = ()


@dataclass(frozen=True)
class Target:
    """Where a shape finds its focus nodes."""

    kind: URIRef
    term: URIRef


@dataclass(frozen=True)
class Select:
    """A SPARQL constraint.

    Attributes:
        text: The query.
        message: What it reports.
    """

    text: str
    message: str


@dataclass(frozen=True)
class Shape:
    """A shape.

    Attributes:
        name: Its name in the shapes.
        path: Where its values are; None for a node shape.
        severity: How much its results weigh.
        message: What its results say; None if it says nothing itself.
        targets: Where it finds its focus nodes.
        constraints: What it demands of values or of their number.
        properties: Property shapes that each value must meet.
        allowed: The properties a closed shape allows; None if it is open.
        selects: SPARQL constraints.
    """

    name: Node
    path: Path | None
    severity: URIRef
    message: str | None
    targets: tuple[Target, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    properties: tuple[Shape, ...] = ()
    allowed: frozenset[URIRef] | None = None
    selects: tuple[Select, ...] = ()

    @property
    def predicate(self) -> Step | None:
        """The one step of the path, if it has only one."""
        if self.path is not None and len(self.path) == 1 and len(self.path[0]) == 1:
            return self.path[0][0]
        return None

    def parts(self) -> tuple[Shape, ...]:
        """The shapes that this one names."""
        inner = tuple(shape for c in self.constraints for shape in c.shapes)
        return (*self.properties, *inner)
