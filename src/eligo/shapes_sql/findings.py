"""The statements that find what does not conform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from rdflib.namespace import RDF, RDFS

from eligo.shapes_sql.conform import STATEMENTS, VOCABULARY, Conformance
from eligo.shapes_sql.names import listed
from eligo.shapes_sql.properties import NODE, Properties
from eligo.shapes_sql.reporting import Reporting
from eligo.shapes_sql.selects import select_statement


@dataclass(frozen=True)
class Findings:
    """Writes the statements for reporting shapes.

    Attributes:
        conformance: Writes what conforms.
        counterparts: The SQL that says the same as a SPARQL constraint, by the constraint's text.
    """

    conformance: Conformance
    counterparts: Mapping[str, str]

    def statements(self, reporting: Iterable[Reporting]) -> Iterator[str]:
        """Yield the statements that fill `shape_result`.

        Raises:
            ShapeError: A shape cannot be turned into SQL.
        """
        reporting = tuple(reporting)
        properties = Properties(self.conformance)
        for one in reporting:
            if one.shape.path is None:
                yield from self._node_shape(one)
            else:
                yield from properties.statements(one)
        yield _confirmed([one for one in reporting if one.shape.path is not None])
        closed = [one for one in reporting if one.shape.allowed is not None]
        if closed:
            yield self._astray(closed)

    def _node_shape(self, one: Reporting) -> Iterator[str]:
        shape = one.shape
        fits = self.conformance.fits(replace(shape, properties=()), NODE)
        if fits != "TRUE":
            yield one.report(f"FROM shape_node n WHERE {one.focus} AND {fits} IS NOT TRUE")
        for select in shape.selects:
            yield select_statement(one, select, self.counterparts, self.conformance.profile)
        if shape.allowed is not None:
            has = self.conformance.profile.has
            yield (
                f"INSERT INTO shape_astray SELECT {one.number}, n.id, n.patient, n.node "
                f"FROM shape_node n WHERE {one.focus} AND {has.besides('n', shape.allowed)};"
            )

    def _astray(self, closed: Iterable[Reporting]) -> str:
        """Return the statement that finds which properties a closed shape does not allow."""
        names = self.conformance.profile.names
        cases = " ".join(
            f"WHEN {one.number} THEN t.predicate NOT IN "
            f"{listed(names.written(p) for p in sorted(one.shape.allowed or ()))}"
            for one in closed
            if one.shape.allowed
        )
        key = "shape_key(t.object, t.kind, t.datatype, t.language)"
        resource = (
            f"(t.predicate = {names.constant(RDF.type)}"
            f" AND {key} = {names.constant(RDFS.Resource)})"
        )
        return "".join(
            f"INSERT INTO shape_result SELECT a.shape, a.patient, a.node, t.predicate, {key}, NULL "
            f"FROM shape_astray a JOIN {table} t ON {same} "
            f"WHERE CASE a.shape {cases} ELSE TRUE END AND NOT {resource};\n"
            for table, same in (
                (STATEMENTS, "t.subject_id = a.id"),
                (VOCABULARY, "t.subject = a.node"),
            )
        )


def _confirmed(reporting: Iterable[Reporting]) -> str:
    """Return the statement that keeps the suspects whose subject is a focus node."""
    cases = " ".join(f"WHEN {one.number} THEN {one.focus}" for one in reporting)
    same = " AND ".join(
        f"b.{part} = t.{part}" for part in ("property", "object", "kind", "datatype", "language")
    )
    return (
        "INSERT INTO shape_suspect SELECT b.shape, t.subject_id, "
        "shape_key(t.object, t.kind, t.datatype, t.language) "
        f"FROM shape_statement t JOIN shape_bad_term b ON {same};\n"
        "INSERT INTO shape_result SELECT s.shape, n.patient, n.node, NULL, s.value, NULL "
        "FROM shape_suspect s JOIN shape_node n ON n.id = s.id "
        f"WHERE CASE s.shape {cases} ELSE FALSE END;"
    )
