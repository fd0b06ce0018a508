"""The statements for property shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from rdflib import URIRef
from rdflib.namespace import SH

from eligo.shapes_sql.conform import COUNTS, Conformance
from eligo.shapes_sql.model import Constraint, Path, Shape, Step
from eligo.shapes_sql.names import quoted
from eligo.shapes_sql.pairs import PAIRS, unpaired
from eligo.shapes_sql.reporting import Reporting
from eligo.shapes_sql.values import Term, whole

NODE = Term.keyed("n").known("n")
VALUE = Term.keyed("n", "value")
TOGETHER = frozenset({*COUNTS, *PAIRS, SH.hasValue, SH.uniqueLang})
"""Constraints that do not speak of each value by itself."""


@dataclass(frozen=True)
class Properties:
    """Writes the statements for a property shape."""

    conformance: Conformance

    def statements(self, one: Reporting) -> Iterator[str]:
        """Yield the statements that report, or suspect, values and focus nodes.

        Raises:
            ShapeError: The shape cannot be turned into SQL.
        """
        each = alone(one.shape)
        step = self._plain(one.shape)
        if each.constraints and step is not None:
            yield self._suspects(one, each, step)
        elif each.constraints:
            fits = self.conformance.fits(each, VALUE)
            yield one.report(f"FROM ({self._rows(one)}) n WHERE {fits} IS NOT TRUE", "n.value")
        for constraint in one.shape.constraints:
            if constraint.parameter in COUNTS:
                yield self._count(one, constraint)
            elif constraint.parameter == SH.hasValue:
                wanted = quoted(self.conformance.profile.names.key(constraint.terms[0]))
                yield self._without(
                    one, f"SELECT r.focus FROM ({self._rows(one)}) r WHERE r.value = {wanted}"
                )
            elif constraint.parameter == SH.uniqueLang:
                yield from self._languages(one, constraint)
            elif constraint.parameter in PAIRS:
                other: Path = ((Step(URIRef(str(constraint.terms[0]))),),)
                found = unpaired(constraint, self.conformance.tests)
                yield one.report(
                    f"FROM (WITH v AS ({self._rows(one)}), w AS ({self._rows(one, other)}) "
                    f"{found}) n",
                    "n.value",
                )

    def _suspects(self, one: Reporting, each: Shape, step: Step) -> str:
        """Return the statement that finds values that do not conform, whosever they are."""
        number = self.conformance.profile.number(step.predicate)
        value = Term.object_of("t", "t.patient")
        if by_itself(each):
            return (
                f"INSERT INTO shape_bad_term SELECT {one.number}, t.* FROM shape_term t "
                f"WHERE t.property = {number} AND {self.conformance.fits(each, value)} IS NOT TRUE;"
            )
        if wants_class(each):
            value = replace(value, classes="t")
        return (
            f"INSERT INTO shape_suspect SELECT {one.number}, t.subject_id, {value.key} "
            f"FROM {'shape_value' if wants_class(each) else 'shape_statement'} t "
            f"WHERE t.property = {number} AND {self.conformance.fits(each, value)} IS NOT TRUE;"
        )

    def _plain(self, shape: Shape) -> Step | None:
        """Return the forward step whose values are all in `shape_statement`, if that is the path."""
        step = shape.predicate
        if step is None or step.inverse or self.conformance.profile.mixed(step.predicate):
            return None
        return step

    def _rows(self, one: Reporting, path: Path | None = None) -> str:
        """Return the query for values: the focus node, and key and number of the value."""
        chosen = path or one.shape.path or ()
        return " UNION ".join(
            f"SELECT n.patient, n.node, n.id AS focus, {value.key} AS value, {value.id} AS id "
            f"{source.replace('FROM ', 'FROM shape_node n, ', 1)} AND {one.focus}"
            for source, value in self.conformance.values(chosen, Term.keyed("n"))
        )

    def _without(self, one: Reporting, kept: str) -> str:
        """Return the statement that reports the focus nodes whose numbers a query leaves out."""
        return one.report(
            f"FROM shape_node n WHERE {one.focus} AND NOT EXISTS "
            f"(SELECT 1 FROM ({kept}) k WHERE k.focus = n.id)"
        )

    def _languages(self, one: Reporting, constraint: Constraint) -> Iterator[str]:
        if str(constraint.terms[0]) not in ("true", "1"):
            return
        yield one.report(
            f"FROM (SELECT n.patient, n.node FROM ({self._rows(one)}) n "
            f"WHERE {VALUE.language} <> '' GROUP BY n.patient, n.node, {VALUE.language} "
            "HAVING count(*) > 1) n"
        )

    def _count(self, one: Reporting, constraint: Constraint) -> str:
        number = whole(one.shape, constraint)
        sign = COUNTS[constraint.parameter]
        step = one.shape.predicate
        if constraint.shapes or step is None or not self._counted(step):
            return self._count_rows(one, constraint, f"{sign} {number}")
        has = self.conformance.has(((step,),), NODE)
        if (sign, number) == (">=", 1):
            return one.report(f"FROM shape_node n WHERE {one.focus} AND NOT {has}")
        if (sign, number) == ("<=", 0):
            return one.report(f"FROM shape_node n WHERE {one.focus} AND {has}")
        return one.report(
            "FROM shape_node n LEFT JOIN shape_count c ON c.id = n.id "
            f"AND c.property = {self.conformance.profile.number(step.predicate)} "
            f"AND c.inverse = {str(step.inverse).upper()} WHERE {one.focus} "
            f"AND NOT coalesce(c.number, {has}::INTEGER) {sign} {number}"
        )

    def _counted(self, step: Step) -> bool:
        return self.conformance.profile.counted(step.predicate, inverse=step.inverse)

    def _count_rows(self, one: Reporting, constraint: Constraint, limit: str) -> str:
        fits = " AND ".join(self.conformance.conforms(s, VALUE) for s in constraint.shapes)
        kept = f"FROM ({self._rows(one)}) n WHERE {fits or 'TRUE'}"
        if limit == ">= 1":
            return self._without(one, f"SELECT n.focus {kept}")
        return one.report(
            f"FROM shape_node n LEFT JOIN (SELECT n.focus, count(*) AS number {kept} "
            f"GROUP BY n.focus) c ON c.focus = n.id WHERE {one.focus} "
            f"AND NOT coalesce(c.number, 0) {limit}"
        )


def alone(shape: Shape) -> Shape:
    """Return a property shape with only what it demands of each value by itself."""
    kept = tuple(c for c in shape.constraints if c.parameter not in TOGETHER)
    return replace(shape, constraints=kept)


def wants_class(shape: Shape) -> bool:
    """Tell whether a shape wants the value itself to be of a class."""
    return any(
        c.parameter == SH["class"]
        or any(part.path is None and wants_class(part) for part in c.shapes)
        for c in shape.constraints
    )


def by_itself(shape: Shape) -> bool:
    """Tell whether what a shape demands of a value can be told from the value alone."""
    return all(
        c.parameter != SH["class"] and all(p.path is None and by_itself(p) for p in c.shapes)
        for c in shape.constraints
    ) and not (shape.properties and shape.path is None)


def forward(shapes: Iterable[Shape], wanted: Callable[[Shape], bool]) -> frozenset[URIRef]:
    """Return the predicates of property shapes whose values are tested in some way."""
    steps = (shape.predicate for shape in shapes if wanted(alone(shape)))
    return frozenset(step.predicate for step in steps if step is not None and not step.inverse)
