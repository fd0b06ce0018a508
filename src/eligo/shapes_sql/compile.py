"""From shapes to the SQL that finds what does not conform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from rdflib import Graph
from rdflib.namespace import SH

from eligo.records.model import Severity
from eligo.records.skolem import PREFIX
from eligo.shapes_sql.columns import result_columns, table_columns
from eligo.shapes_sql.conform import Conformance
from eligo.shapes_sql.findings import Findings
from eligo.shapes_sql.names import Names
from eligo.shapes_sql.profile import Profile
from eligo.shapes_sql.read import read_shapes
from eligo.shapes_sql.reporting import Reporting, reporting
from eligo.shapes_sql.selects import counterparts, named_properties
from eligo.shapes_sql.values import TermTests
from eligo.vocabulary.tables import Table

SCRIPTS = Path(__file__).with_name("sql")
SEVERITIES = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING}


@dataclass(frozen=True)
class RecordCheck:
    """Shapes as SQL.

    Attributes:
        tables: The vocabulary and the shapes' messages, loaded once.
        macros: Run once.
        script: Run for each table `triple`; fills the table `finding`.
    """

    tables: tuple[Table, ...]
    macros: str
    script: str


def compile_shapes(
    shapes: Graph,
    vocabulary: Graph,
    names: Names,
    selects: Iterable[Path] = (),
    *,
    sources: bool = False,
) -> RecordCheck:
    """Turn shapes into SQL.

    Args:
        shapes: The shapes.
        vocabulary: What every record is mixed with.
        names: How the tables write IRIs.
        selects: Files of SQL that say the same as SPARQL constraints.
        sources: Whether `triple` has a column `source`.

    Raises:
        ShapeError: A shape uses what cannot be turned into SQL.
    """
    targeted = read_shapes(shapes)
    known = counterparts(selects)
    profile = Profile.of(targeted, vocabulary, names, named_properties(known.values(), names))
    reported = reporting(targeted, profile)
    conformance = Conformance(profile, TermTests(names))
    statements = Findings(conformance, known).statements(reported)
    of_properties = [one.shape for one in reported if one.shape.path is not None]
    return RecordCheck(
        (*profile.tables(), _report(reported, names)),
        (SCRIPTS / "macros.sql").read_text(encoding="utf-8"),
        "\n".join(
            (
                _filled("tables.sql", table_columns(profile, of_properties, targeted)),
                *statements,
                _filled("finding.sql", result_columns(profile, PREFIX, sources=sources)),
            )
        ),
    )


def _filled(name: str, places: Mapping[str, str]) -> str:
    return Template((SCRIPTS / name).read_text(encoding="utf-8")).substitute(places)


def _report(reported: Iterable[Reporting], names: Names) -> Table:
    """Return what the results of each shape say."""
    always_short = Names(names.prefixes, short=True)
    rows = []
    for one in reported:
        shape, step = one.shape, one.shape.predicate
        told = step is not None and not step.inverse
        path = always_short.written(step.predicate) if step is not None and told else None
        severity = SEVERITIES.get(shape.severity, Severity.INFORMATION)
        name = always_short.written(shape.name)
        rows.append((one.number, name, str(severity), shape.message or "", path))
    columns = dict.fromkeys(("shape", "severity", "message", "path"), "VARCHAR")
    return Table("shape_report", {"number": "INTEGER"} | columns, tuple(rows))
