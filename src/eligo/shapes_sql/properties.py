"""The statements for property shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from rdflib import URIRef
from rdflib.namespace import SH

from eligo.shapes_sql.conform import COUNTS, Conformance
from eligo.shapes_sql.model import Constraint, Path, Shape, ShapeError, Step
from eligo.shapes_sql.names import quoted
from eligo.shapes_sql.pairs import PAIRS, SETS, disordered, paired
from eligo.shapes_sql.reporting import Failing, Reporting
from eligo.shapes_sql.term import Term
from eligo.shapes_sql.values import whole

NODE = Term.keyed("n").known("n")
VALUE = Term.keyed("n", "value")
TOGETHER = frozenset({*COUNTS, *PAIRS, SH.hasValue, SH.uniqueLang})
"""Constraints that do not speak of each value by itself."""


@dataclass(frozen=True)
class Properties:
    """Writes the statements for a property shape."""

    conformance: Conformance

    def statements(self, one: Reporting) -> Iterator[str]:
        """Yield the statements that report values and focus nodes, but for suspected values.

        Raises:
            ShapeError: The shape cannot be turned into SQL.
        """
        each = alone(one.shape)
        if each.constraints and self.plain(one.shape) is None:
            fits = self.conformance.fits(each, VALUE)
            yield one.report(f"FROM ({self._rows(one)}) n WHERE {fits} IS NOT TRUE", "n.value")
        for constraint in one.shape.constraints:
            if constraint.parameter in COUNTS:
                yield from self._count(one, constraint)
            elif constraint.parameter == SH.hasValue:
                wanted = quoted(self.conformance.profile.names.key(constraint.terms[0]))
                rows = f"({self._rows(one)}) r"
                yield self._without(one, f"SELECT r.focus FROM {rows} WHERE r.value = {wanted}")
            elif constraint.parameter == SH.uniqueLang:
                yield from self._languages(one, constraint)
            elif constraint.parameter in PAIRS:
                yield from self._pair(one, constraint)

    def suspects(self, reporting: Iterable[Reporting]) -> Iterator[str]:
        """Yield the statements that find values that do not conform, whosever they are.

        What many shapes demand in the same words is tested at once.

        Raises:
            ShapeError: A shape cannot be turned into SQL.
        """
        same: dict[tuple[str, str], list[str]] = {}
        for one in reporting:
            each, step = alone(one.shape), self.plain(one.shape)
            if not each.constraints or step is None:
                continue
            table, value = "shape_statement", Term.object_of("t", "t.patient")
            if by_itself(each):
                table, value = "shape_term", replace(value, tested="t")
            elif wants_class(each):
                table, value = "shape_value", replace(value, classes="t")
            pair = f"({one.number}, {self.conformance.profile.number(step.predicate)})"
            same.setdefault((table, self.conformance.fits(each, value)), []).append(pair)
        for (table, fits), pairs in same.items():
            terms = table == "shape_term"
            into = "shape_bad_term" if terms else "shape_suspect"
            term = "t.property, t.object, t.kind, t.datatype, t.language"
            found = "t.subject_id, shape_key(t.object, t.kind, t.datatype, t.language)"
            yield (
                f"INSERT INTO {into} SELECT s.shape, {term if terms else found} FROM {table} t "
                f"JOIN (VALUES {', '.join(pairs)}) s(shape, property) ON s.property = t.property "
                f"WHERE {fits} IS NOT TRUE;"
            )

    def plain(self, shape: Shape) -> Step | None:
        """Return the forward step that is the whole path, if only records have its values."""
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

    def _pair(self, one: Reporting, constraint: Constraint) -> Iterator[str]:
        other, step = paired(constraint), self.plain(one.shape)
        if constraint.parameter in SETS:
            v, w = self._rows(one), self._rows(one, ((Step(other),),))
            found = SETS[constraint.parameter]
            yield one.report(f"FROM (WITH v AS ({v}), w AS ({w}) {found}) n", "n.value")
            return
        if step is None or self.conformance.profile.mixed(other):
            name = str(constraint.parameter).removeprefix(str(SH))
            raise ShapeError(
                f"{one.shape.name}: sh:{name} on a path that is not one property of the records "
                "cannot be turned into SQL"
            )
        numbers = [self.conformance.profile.number(p) for p in (step.predicate, other)]
        yield one.report(
            f"FROM ({disordered(constraint, numbers, self.conformance.tests)}) v "
            f"JOIN shape_node n ON n.id = v.focus WHERE {one.focus}",
            "v.value",
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

    def failing(self, one: Reporting) -> Iterator[Failing]:
        """Yield the reports of focus nodes that have no value, or one where none may be."""
        step = one.shape.predicate
        for constraint in one.shape.constraints:
            if step is not None and self._known(one, constraint) and _none_or_some(one, constraint):
                has = self.conformance.has(((step,),), NODE)
                yield one.failing(has if constraint.parameter == SH.maxCount else f"NOT {has}")

    def _count(self, one: Reporting, constraint: Constraint) -> Iterator[str]:
        number, step = whole(one.shape, constraint), one.shape.predicate
        sign = COUNTS[constraint.parameter]
        limited = constraint.parameter == SH.maxCount
        if step is not None and self._known(one, constraint) and (limited or number == 1):
            if number > 0 and limited:
                yield one.report(
                    f"FROM shape_count n WHERE {one.focus} AND n.number > {number} "
                    f"AND n.property = {self.conformance.profile.number(step.predicate)} "
                    f"AND n.inverse = {str(step.inverse).upper()}"
                )
        else:
            yield self._count_rows(one, constraint, f"{sign} {number}")

    def _known(self, one: Reporting, constraint: Constraint) -> bool:
        """Tell whether the values of a path are counted for every node."""
        step = one.shape.predicate
        if step is None or constraint.parameter not in (SH.minCount, SH.maxCount):
            return False
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


def _none_or_some(one: Reporting, constraint: Constraint) -> bool:
    """Tell whether a limit only asks whether there is a value."""
    limit = (constraint.parameter, whole(one.shape, constraint))
    return limit in ((SH.minCount, 1), (SH.maxCount, 0))


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
