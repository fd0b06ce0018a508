"""The statements that find what does not conform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from rdflib.namespace import RDF, RDFS

from eligo.shapes_sql.conform import STATEMENTS, VOCABULARY, Conformance
from eligo.shapes_sql.names import listed
from eligo.shapes_sql.properties import NODE, Properties
from eligo.shapes_sql.reporting import Failing, Reporting, failing_statements
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
        failing: list[Failing] = []
        for one in reporting:
            if one.shape.path is None:
                yield from self._node_shape(one)
                failing += self._failing(one)
            else:
                yield from properties.statements(one)
                failing += properties.failing(one)
        yield from failing_statements(failing)
        yield from properties.suspects(one for one in reporting if one.shape.path is not None)
        yield _confirmed([one for one in reporting if one.shape.path is not None])
        closed = [one for one in reporting if one.shape.allowed is not None]
        if closed:
            yield self._astray(closed)

    def _node_shape(self, one: Reporting) -> Iterator[str]:
        shape = one.shape
        for select in shape.selects:
            yield select_statement(one, select, self.counterparts, self.conformance.profile)
        if shape.allowed is not None:
            has = self.conformance.profile.has
            yield (
                f"INSERT INTO shape_astray SELECT {one.number}, n.id, n.patient, n.node "
                f"FROM shape_node n WHERE {one.focus} AND {has.besides('n', shape.allowed)};"
            )

    def _failing(self, one: Reporting) -> Iterator[Failing]:
        fits = self.conformance.fits(replace(one.shape, properties=()), NODE)
        if fits != "TRUE":
            yield one.failing(f"{fits} IS NOT TRUE")

    def _astray(self, closed: Iterable[Reporting]) -> str:
        """Return the statement that finds which properties a closed shape does not allow."""
        profile = self.conformance.profile
        cases = " ".join(
            f"WHEN {one.number} THEN coalesce(t.other, p.predicate) NOT IN "
            f"{listed(profile.names.written(p) for p in sorted(one.shape.allowed or ()))}"
            for one in closed
            if one.shape.allowed
        )
        resource = profile.names.constant(RDFS.Resource)
        kind = f"p.predicate = {profile.names.constant(RDF.type)}"
        return "".join(
            "INSERT INTO shape_result SELECT a.shape, a.patient, a.node, "
            f"coalesce(t.other, p.predicate), {key}, NULL FROM shape_astray a JOIN {table} "
            f"WHERE CASE a.shape WHEN -1 THEN FALSE {cases} ELSE TRUE END "
            f"AND NOT ({kind} AND {key} = {resource});\n"
            for table, key in (
                (
                    f"{STATEMENTS} t ON t.subject_id = a.id "
                    "JOIN shape_property p ON p.number = t.property",
                    "shape_key(t.object, t.kind, t.datatype, t.language)",
                ),
                (
                    f"(SELECT *, NULL AS other FROM {VOCABULARY}) t ON t.subject = a.node "
                    "JOIN (SELECT predicate FROM shape_vocabulary GROUP BY ALL) p "
                    "ON p.predicate = t.predicate",
                    "t.key",
                ),
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
        f"WHERE CASE s.shape WHEN -1 THEN FALSE {cases} ELSE FALSE END;"
    )
