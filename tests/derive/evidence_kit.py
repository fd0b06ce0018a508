"""A hand-made record in DuckDB and the derivation run over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph as ox

ROOT = Path(__file__).parents[2]
SQL = ROOT / "src" / "eligo" / "derive" / "sql"
ONTOLOGY = ROOT / "ontology"

PREFIXES = {
    "concept": "https://w3id.org/eligo/concept/",
    "dcterms": "http://purl.org/dc/terms/",
    "elig": "https://w3id.org/eligo/ns/",
    "measure": "https://w3id.org/eligo/measure/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "score": "https://w3id.org/eligo/score/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "system": "https://w3id.org/eligo/system/",
    "unit": "https://w3id.org/eligo/unit/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
TRIAL = "https://w3id.org/eligo/trial/NCT06150651"
Triple = tuple[str, str, str]


def files(*numbers: str) -> list[Path]:
    """The SQL files whose names start with one of the numbers, in name order."""
    return [p for p in sorted(SQL.glob("*.sql")) if p.name.split("-")[0] in numbers]


def curie(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


@cache
def triples(*names: str) -> tuple[Triple, ...]:
    """Statements of ontology files as v_triple holds them."""
    rows: set[Triple] = set()
    for name in names:
        for quad in ox.parse((ONTOLOGY / name).read_bytes(), format=ox.RdfFormat.TURTLE):
            rows.add(
                (_text(quad.subject, name), curie(quad.predicate.value), _text(quad.object, name))
            )
    return tuple(sorted(rows))


def _text(term: object, scope: str) -> str:
    if isinstance(term, ox.NamedNode):
        return curie(term.value)
    if isinstance(term, ox.BlankNode):
        return f"_:{scope}{term.value}"
    assert isinstance(term, ox.Literal)
    return term.value


def closure(parents: Mapping[str, Iterable[str]]) -> set[tuple[str, str]]:
    """Reflexive-transitive subclass pairs of a hierarchy given as parents."""
    names = set(parents) | {p for above in parents.values() for p in above}

    def climb(name: str) -> set[str]:
        return {name}.union(*(climb(p) for p in parents.get(name, ())))

    return {(name, kind) for name in names for kind in climb(name)}


def can_be(below: set[tuple[str, str]], may_be: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Pairs of concept and kind with a concept below both, or said to be possible."""
    above: dict[str, set[str]] = {}
    for concept, kind in below:
        above.setdefault(concept, set()).add(kind)
    reach: dict[str, set[str]] = {concept: set() for concept in above}
    for concept, kinds in above.items():
        possible = kinds.union(*(above[o] for c, o in may_be if c == concept))
        for kind in kinds:
            reach[kind] |= possible
    return {(concept, kind) for concept, kinds in reach.items() for kind in kinds}


def hierarchy(rows: Iterable[Triple]) -> dict[str, list[str]]:
    """Parents of each concept declared in statements."""
    found: dict[str, list[str]] = {}
    for subject, predicate, obj in rows:
        if subject.startswith("concept:"):
            found.setdefault(subject, [])
            if predicate == "rdfs:subClassOf" and obj.startswith("concept:"):
                found[subject].append(obj)
    return found


@dataclass
class Record:
    """Rows of the raw and vocabulary tables; ``run`` derives."""

    triples: list[Triple] = field(default_factory=list)
    parents: dict[str, list[str]] = field(default_factory=dict)
    may_be: list[tuple[str, str]] = field(default_factory=list)
    codes: list[tuple[str, str, str]] = field(default_factory=list)
    prefixes: list[tuple[str, str, str]] = field(default_factory=list)
    units: list[tuple[str, str, int, int]] = field(default_factory=list)
    policies: list[tuple[str, str | None]] = field(default_factory=list)
    screenings: list[tuple[Any, ...]] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    attributes: list[tuple[str, str, str, str]] = field(default_factory=list)
    quantities: list[tuple[str | None, ...]] = field(default_factory=list)
    codings: list[tuple[str | None, ...]] = field(default_factory=list)
    connection: duckdb.DuckDBPyConnection | None = None

    def screen(
        self,
        patient: str = "p",
        screening: str = "2026-03-02",
        *,
        evaluation: str | None = None,
        enrolment: str | None = None,
        intervention: str | None = None,
        birth: str | None = None,
        sex: str | None = None,
    ) -> Record:
        self.screenings.append(
            (
                patient,
                TRIAL,
                evaluation or screening,
                screening,
                enrolment or screening,
                intervention,
            )
        )
        if birth:
            self.date(patient, "elig:birthDate", birth)
        if sex:
            self.attributes.append((patient, "elig:sexAtBirth", sex, "iri"))
        return self

    def date(self, fact: str, name: str, text: str) -> None:
        kinds = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
        self.attributes.append((fact, name, text, kinds.get(len(text), "xsd:dateTime")))

    def add(self, relation: str, fact: str, concept: str | None = None, **more: Any) -> Record:
        """Add a fact of patient ``p`` (or ``patient=``); a tuple value is (number, unit)."""
        self.links.append((more.pop("patient", "p"), f"elig:{relation}", fact))
        if concept:
            agent = relation in {"hasAdverseReaction", "hasContraindication"}
            name = "elig:agent" if agent else "elig:code"
            self.attributes.append((fact, name, concept, "iri"))
        for key, value in more.items():
            self._attribute(fact, f"elig:{key}", value)
        return self

    def _attribute(self, fact: str, name: str, value: Any) -> None:
        if isinstance(value, tuple):
            self.quantity(fact, name, *value)
        elif isinstance(value, bool):
            self.attributes.append((fact, name, str(value).lower(), "xsd:boolean"))
        elif isinstance(value, int | Decimal):
            self.attributes.append((fact, name, str(value), "xsd:decimal"))
        elif name.lower().endswith(("date", "asof", "coversfrom")):
            self.date(fact, name, value)
        elif isinstance(value, str) and value.split(":")[0] in {"concept", "elig"}:
            self.attributes.append((fact, name, value, "iri"))
        else:
            self.attributes.append((fact, name, str(value), "xsd:string"))

    def quantity(
        self,
        fact: str,
        name: str,
        value: str | None,
        unit: str | None = None,
        comparator: str | None = None,
        low: str | None = None,
        high: str | None = None,
    ) -> None:
        self.quantities.append((fact, name, value, low, high, comparator, unit))

    def coding(self, fact: str, name: str, system: str | None, notation: str | None) -> None:
        self.codings.append((fact, name, system, notation, None))

    def complete(self, relation: str, as_of: str = "2026-03-02", **more: Any) -> Record:
        name = f"complete-{len(self.links)}"
        return self.add(
            "hasCompleteness", name, aboutRelation=f"elig:{relation}", asOf=as_of, **more
        )

    def run(self, *numbers: str) -> Derived:
        connection = self.connection or _connect()
        if self.connection is None:
            fill(connection, self.vocabulary())
        fill(connection, self._raw())
        for path in files(*(numbers or NUMBERS)):
            connection.execute(path.read_text(encoding="utf-8"))
        return Derived(connection)

    def vocabulary(self) -> Tables:
        """The vocabulary as tables."""
        below = closure(self.parents)
        return {
            "v_triple": ("subject TEXT, predicate TEXT, object TEXT", self.triples),
            "v_below": ("concept TEXT, kind TEXT", below),
            "v_can_be": ("concept TEXT, kind TEXT", can_be(below, self.may_be)),
            "v_code": ("system TEXT, notation TEXT, concept TEXT", self.codes),
            "v_code_prefix": ("system TEXT, prefix TEXT, concept TEXT", self.prefixes),
            "v_unit": ("unit TEXT, canonical TEXT, num HUGEINT, den HUGEINT", self.units),
        }

    def _raw(self) -> Tables:
        return {
            "p_completeness": ("relation TEXT, kind TEXT", self.policies),
            "screening": (
                "patient TEXT, trial TEXT, evaluation DATE, screening DATE, enrolment DATE, "
                "intervention DATE",
                self.screenings,
            ),
            "e_link": ("patient TEXT, relation TEXT, fact TEXT", self.links),
            "e_attribute": ("fact TEXT, property TEXT, value TEXT, datatype TEXT", self.attributes),
            "e_quantity": (
                "fact TEXT, property TEXT, value TEXT, low TEXT, high TEXT, comparator TEXT, "
                "unit TEXT",
                self.quantities,
            ),
            "e_coding": (
                "fact TEXT, property TEXT, system TEXT, notation TEXT, display TEXT",
                self.codings,
            ),
        }


Tables = dict[str, tuple[str, Iterable[tuple[Any, ...]]]]


def _connect() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET threads = 1")
    return connection


def fill(connection: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    """Create tables and insert their rows."""
    for name, (columns, rows) in tables.items():
        connection.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")
        _insert(connection, name, columns, list(rows))


def _insert(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: list[tuple[Any, ...]]
) -> None:
    width = len(columns.split(","))
    for start in range(0, len(rows), 2000):
        part = rows[start : start + 2000]
        holes = ", ".join(["(" + ", ".join(["?"] * width) + ")"] * len(part))
        connection.execute(f"INSERT INTO {name} VALUES {holes}", [v for row in part for v in row])


FILES = (
    "core.ttl",
    "clinical.ttl",
    "measures.ttl",
    "concepts/attestations.ttl",
    "concepts/cardiometabolic.ttl",
    "concepts/conditions.ttl",
    "concepts/drugs.ttl",
    "concepts/findings.ttl",
    "concepts/other-conditions.ttl",
    "concepts/procedures.ttl",
    "concepts/tests.ttl",
    "scores/acr-1997.ttl",
    "scores/eular-acr-2019.ttl",
    "scores/sledai-2k.ttl",
    "scores/slicc-2012.ttl",
)
UNITS = [
    ("mg/dL", "mg/dL", 1, 1),
    ("unit:mg_per_dL", "mg/dL", 1, 1),
    ("umol/L", "umol/L", 1, 1),
    ("unit:umol_per_L", "umol/L", 1, 1),
    ("mmol/L", "umol/L", 1000, 1),
    ("unit:mmol_per_L", "umol/L", 1000, 1),
    ("mL/min/{1.73_m2}", "mL/min/{1.73_m2}", 1, 1),
    ("mL/min", "mL/min", 1, 1),
    ("g/g", "g/g", 1, 1),
    ("mg/g", "g/g", 1, 1000),
    ("mg", "mg", 1, 1),
    ("{score}", "{score}", 1, 1),
    ("1", "{score}", 1, 1),
]
OWN = [
    ("measure:latestProteinRatio", "elig:family", "elig:LatestValue"),
    ("measure:latestProteinRatio", "elig:ofKind", "concept:UrineProteinCreatinineRatio"),
    ("measure:latestProteinRatio", "elig:unit", "mg/g"),
    ("measure:latestProteinRatio", "elig:daysBefore", "30"),
]
"""A measure of a family that the general vocabulary has no measure of."""


@cache
def vocabulary() -> tuple[Triple, ...]:
    return (*triples(*FILES), *OWN)


@cache
def parents() -> dict[str, list[str]]:
    return hierarchy(vocabulary())


@cache
def shared_connection() -> duckdb.DuckDBPyConnection:
    connection = _connect()
    rows = vocabulary()
    whole = Record(
        triples=list(rows),
        parents=parents(),
        may_be=[(s, o) for s, p, o in rows if p == "elig:mayBe"],
        units=UNITS,
    )
    fill(connection, whole.vocabulary())
    return connection


def ontology_record() -> Record:
    """An empty record under the vocabulary of the ontology, in a shared database."""
    return Record(connection=shared_connection())


NUMBERS = ("00", "05", "10", "11", "20", "21", "22", "23", "24", "25", "41", "42", "43", "44")


@dataclass
class Derived:
    """Tables after derivation, as plain Python values."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, list(values)).fetchall()

    def measure(self, name: str, patient: str = "p") -> tuple[Any, ...] | None:
        """(low, high) of a numeric measure, (value,) of a coded one, None when absent."""
        found = self.rows(
            "SELECT low, high, value FROM measurement WHERE measure = ? AND patient = ?",
            f"measure:{name}",
            patient,
        )
        assert len(found) <= 1, found
        if not found:
            return None
        low, high, value = found[0]
        return (value,) if value is not None else (low, high)

    def attribute(self, fact: str, name: str) -> Any:
        """Value or (low, high) of a derived attribute, None when absent."""
        found = self.rows(
            "SELECT low, high, value FROM fact_attribute WHERE fact = ? AND attribute = ?",
            fact,
            f"elig:{name}",
        )
        assert len(found) <= 1, found
        if not found:
            return None
        low, high, value = found[0]
        return value if value is not None else (low, high)

    def sources(self, name: str, patient: str = "p") -> set[str]:
        return {
            fact
            for (fact,) in self.rows(
                "SELECT fact FROM measurement_source WHERE measure = ? AND patient = ?",
                f"measure:{name}",
                patient,
            )
        }
