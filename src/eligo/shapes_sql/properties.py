"""The statements for property shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
            fits = self.conformance.fits(each, Term.keyed("v"))
            yield one.report(f"{self._of_values(one)} WHERE {fits} IS NOT TRUE", "v.node")
        for constraint in one.shape.constraints:
            if constraint.parameter in COUNTS:
                yield self._count(one, constraint)
            elif constraint.parameter == SH.hasValue:
                wanted = quoted(self.conformance.profile.names.key(constraint.terms[0]))
                yield self._without(one, f"SELECT patient, focus FROM v WHERE node = {wanted}")
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
        classed = wants_class(each)
        value = Term.object_of("t", classes=classed)
        return (
            f"INSERT INTO shape_suspect SELECT {one.number}, t.patient, t.subject, {value.key} "
            f"FROM {'shape_value' if classed else 'shape_statement'} t "
            f"WHERE t.predicate = {self.conformance.profile.names.constant(step.predicate)} "
            f"AND {self.conformance.fits(each, value)} IS NOT TRUE;"
        )

    def _plain(self, shape: Shape) -> Step | None:
        """Return the forward step whose values are all in `shape_statement`, if that is the path."""
        step = shape.predicate
        if step is None or step.inverse or self.conformance.profile.mixed(step.predicate):
            return None
        return step

    def _rows(self, one: Reporting, path: Path | None = None) -> str:
        """Return the query for values: patient, focus node and the key of the value."""
        chosen = path or one.shape.path or ()
        return " UNION ".join(
            f"SELECT n.patient, n.node AS focus, {value.key} AS node "
            f"{source.replace('FROM ', 'FROM shape_node n, ', 1)} AND {one.focus}"
            for source, value in self.conformance.values(chosen, Term.keyed("n"))
        )

    def _of_values(self, one: Reporting) -> str:
        """Return the FROM clause of the values `v` with their focus nodes as `n`."""
        rows = self._rows(one)
        return (
            f"FROM ({rows}) v, LATERAL (SELECT v.patient AS patient, v.focus AS node) n"
        )

    def _without(self, one: Reporting, kept: str) -> str:
        """Return the statement that reports the focus nodes that a query on the values `v` leaves out."""
        return one.report(
            f"FROM shape_node n ANTI JOIN (WITH v AS ({self._rows(one)}) {kept}) k "
            f"ON k.patient = n.patient AND k.focus = n.node WHERE {one.focus}"
        )

    def _languages(self, one: Reporting, constraint: Constraint) -> Iterator[str]:
        if str(constraint.terms[0]) not in ("true", "1"):
            return
        language = Term.keyed("v").language
        yield one.report(
            f"FROM (SELECT v.patient, v.focus AS node FROM ({self._rows(one)}) v "
            f"WHERE {language} <> '' GROUP BY v.patient, v.focus, {language} HAVING count(*) > 1) n"
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
        name = self.conformance.profile.names.constant(step.predicate)
        return one.report(
            "FROM shape_node n LEFT JOIN shape_count c ON c.patient = n.patient "
            f"AND c.node = n.node AND c.predicate = {name} "
            f"AND c.inverse = {str(step.inverse).upper()} WHERE {one.focus} "
            f"AND NOT coalesce(c.number, {has}::INTEGER) {sign} {number}"
        )

    def _counted(self, step: Step) -> bool:
        return self.conformance.profile.counted(step.predicate, inverse=step.inverse)

    def _count_rows(self, one: Reporting, constraint: Constraint, limit: str) -> str:
        value = Term.keyed("v")
        fits = " AND ".join(self.conformance.conforms(s, value) for s in constraint.shapes)
        return one.report(
            "FROM shape_node n LEFT JOIN (SELECT v.patient, v.focus, count(*) AS number "
            f"FROM ({self._rows(one)}) v WHERE {fits or 'TRUE'} GROUP BY v.patient, v.focus) c "
            f"ON c.patient = n.patient AND c.focus = n.node WHERE {one.focus} "
            f"AND NOT coalesce(c.number, 0) {limit}"
        )


def alone(shape: Shape) -> Shape:
    """Return a property shape with only what it demands of each value by itself."""
    kept = tuple(c for c in shape.constraints if c.parameter not in TOGETHER)
    return replace(shape, constraints=kept)


def wants_class(shape: Shape) -> bool:
    """Tell whether a shape wants the value itself to be of a class."""
    return any(
        c.parameter == SH["class"] or any(part.path is None and wants_class(part) for part in c.shapes)
        for c in shape.constraints
    )


def classed(shapes: Iterable[Shape]) -> frozenset[URIRef]:
    """Return the predicates whose values some property shapes want to be of a class."""
    steps = (shape.predicate for shape in shapes if wants_class(alone(shape)))
    return frozenset(step.predicate for step in steps if step is not None and not step.inverse)
