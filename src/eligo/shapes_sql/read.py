"""Read shapes into typed values; what cannot be turned into SQL is refused."""

from __future__ import annotations

from functools import partial

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.term import Node

from eligo.shapes_sql.model import (
    Chain,
    Constraint,
    Path,
    Select,
    Shape,
    ShapeError,
    Step,
    Target,
)

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
SINGLE = frozenset(
    {SH["class"], SH.datatype, SH.nodeKind, SH.pattern, SH.minLength, SH.maxLength, SH.hasValue}
    | {SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive, SH.uniqueLang}
    | {SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals, SH.minCount, SH.maxCount}
)
LISTS = frozenset({SH["in"], SH.languageIn})
OF_ONE = frozenset({SH.node, SH["not"]})
OF_LIST = frozenset({SH["and"], SH["or"], SH.xone})
QUALIFIED = (SH.qualifiedMinCount, SH.qualifiedMaxCount)
ONLY_PROPERTY = frozenset(
    {SH.minCount, SH.maxCount, SH.uniqueLang, SH.qualifiedValueShape, SH.lessThan}
    | {SH.lessThanOrEquals, SH.equals, SH.disjoint}
)
TALK = frozenset({SH.name, SH.description, SH.message, SH.severity, SH.order, SH.group})
STRUCTURE = frozenset(
    {SH.path, SH.property, SH.closed, SH.ignoredProperties, SH.flags, SH.sparql, SH.deactivated}
    | {SH.qualifiedValueShape, *QUALIFIED, *TARGETS}
)
KNOWN = SINGLE | LISTS | OF_ONE | OF_LIST | TALK | STRUCTURE


def read_shapes(graph: Graph) -> tuple[Shape, ...]:
    """Return the shapes that have targets, in the order of their names.

    Raises:
        ShapeError: A shape uses what cannot be turned into SQL.
    """
    for component in graph.subjects(RDF.type, SH.ConstraintComponent):
        raise ShapeError(f"{component}: sh:ConstraintComponent cannot be turned into SQL")
    for shape in graph.subjects(RDF.type, RDFS.Class):
        raise ShapeError(f"{shape}: a shape that is a class as well cannot be turned into SQL")
    for shape in graph.subjects(RDF.type, OWL.Class):
        raise ShapeError(f"{shape}: a shape that is a class as well cannot be turned into SQL")
    targeted = {shape for target in TARGETS for shape in graph.subjects(target)}
    reader = _Reader(graph)
    return tuple(reader.shape(shape) for shape in sorted(targeted, key=str))


class _Reader:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._read: dict[Node, Shape] = {}
        self._open: list[Node] = []

    def shape(self, name: Node) -> Shape:
        if name in self._open:
            self._refuse(name, "a shape that refers to itself")
        if name not in self._read:
            self._open.append(name)
            self._read[name] = self._one(name)
            self._open.pop()
        return self._read[name]

    def _one(self, name: Node) -> Shape:
        self._check(name)
        path = self._only(name, SH.path)
        severity = self._only(name, SH.severity)
        messages = sorted(map(str, self._graph.objects(name, SH.message)))
        if len(messages) > 1:
            self._refuse(name, "more than one sh:message")
        shape = partial(
            Shape,
            name,
            None if path is None else self._path(name, path),
            severity if isinstance(severity, URIRef) else SH.Violation,
            messages[0] if messages else None,
        )
        if self._true(name, SH.deactivated):
            return shape()
        properties = sorted(self._graph.objects(name, SH.property), key=str)
        return shape(
            targets=tuple(self._targets(name)),
            constraints=tuple(self._constraints(name, path is not None)),
            properties=tuple(self.shape(part) for part in properties),
            allowed=self._allowed(name),
            selects=tuple(self._selects(name)),
        )

    def _refuse(self, name: Node, what: str) -> None:
        owner: Node = name
        while isinstance(owner, BNode):
            above = next(self._graph.subjects(None, owner), None)
            if above is None:
                break
            owner = above
        raise ShapeError(f"{owner}: {what} cannot be turned into SQL")

    def _check(self, name: Node) -> None:
        used = set(self._graph.predicates(name))
        if not used:
            user = self._open[-2] if len(self._open) > 1 else name
            self._refuse(user, f"a shape that is not described ({name})")
        for predicate in sorted(used, key=str):
            if str(predicate).startswith(str(SH)) and predicate not in KNOWN:
                self._refuse(name, f"sh:{str(predicate).removeprefix(str(SH))}")
        if SH.path not in used:
            for parameter in sorted(used & ONLY_PROPERTY, key=str):
                self._refuse(name, f"sh:{str(parameter).removeprefix(str(SH))} on a node shape")

    def _only(self, name: Node, predicate: URIRef) -> Node | None:
        values = list(self._graph.objects(name, predicate))
        if len(values) > 1:
            self._refuse(name, f"more than one sh:{str(predicate).removeprefix(str(SH))}")
        return values[0] if values else None

    def _true(self, name: Node, predicate: URIRef) -> bool:
        value = self._only(name, predicate)
        return isinstance(value, Literal) and value.value is True

    def _list(self, node: Node) -> list[Node]:
        return list(Collection(self._graph, node))

    def _targets(self, name: Node) -> list[Target]:
        found = []
        for kind in TARGETS:
            for term in sorted(self._graph.objects(name, kind), key=str):
                if not isinstance(term, URIRef):
                    self._refuse(name, f"a target that is no IRI ({term})")
                found.append(Target(kind, URIRef(str(term))))
        return found

    def _constraints(self, name: Node, property_shape: bool) -> list[Constraint]:

        def objects(parameter: URIRef) -> list[Node]:
            return sorted(self._graph.objects(name, parameter), key=str)

        flags = tuple(objects(SH.flags))
        found = []
        for parameter in sorted(SINGLE):
            extra = flags if parameter == SH.pattern else ()
            found += [Constraint(parameter, (term, *extra)) for term in objects(parameter)]
        for parameter in sorted(LISTS):
            found += [Constraint(parameter, tuple(self._list(n))) for n in objects(parameter)]
        for parameter in sorted(OF_ONE):
            found += [Constraint(parameter, (), (self.shape(n),)) for n in objects(parameter)]
        for parameter in sorted(OF_LIST):
            found += [
                Constraint(parameter, (), tuple(self.shape(part) for part in self._list(n)))
                for n in objects(parameter)
            ]
        for node in objects(SH.qualifiedValueShape) if property_shape else ():
            found += [
                Constraint(count, (number,), (self.shape(node),))
                for count in QUALIFIED
                for number in objects(count)
            ]
        return found

    def _allowed(self, name: Node) -> frozenset[URIRef] | None:
        if not self._true(name, SH.closed):
            return None
        ignored = self._only(name, SH.ignoredProperties)
        terms = [] if ignored is None else self._list(ignored)
        for part in self._graph.objects(name, SH.property):
            terms += self._graph.objects(part, SH.path)
        return frozenset(term for term in terms if isinstance(term, URIRef))

    def _selects(self, name: Node) -> list[Select]:
        found = []
        for node in sorted(self._graph.objects(name, SH.sparql), key=str):
            if self._true(node, SH.deactivated):
                continue
            text, message = self._only(node, SH.select), self._only(node, SH.message)
            if text is None or message is None:
                self._refuse(name, "sh:sparql without sh:select and one sh:message")
            found.append(Select(str(text), str(message)))
        return found

    def _path(self, name: Node, node: Node) -> Path:
        if isinstance(node, URIRef):
            return ((Step(node),),)
        if (node, RDF.first, None) in self._graph:
            chains: list[Chain] = [()]
            for part in self._list(node):
                chains = [(*c, *more) for c in chains for more in self._path(name, part)]
            return tuple(chains)
        inverse = self._graph.value(node, SH.inversePath)
        if isinstance(inverse, URIRef):
            return ((Step(inverse, inverse=True),),)
        several = self._graph.value(node, SH.alternativePath)
        if several is not None:
            return tuple(c for part in self._list(several) for c in self._path(name, part))
        kinds = sorted(str(p).removeprefix(str(SH)) for p in self._graph.predicates(node))
        self._refuse(name, f"a path of {', '.join(kinds)}")
        return ()
