"""Derive everything the criteria need from raw evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, URIRef

from eligo.database import Database
from eligo.derive.inputs import Run, asked_tables, run_tables
from eligo.enrich.graph import COLUMNS, enriched_graphs
from eligo.errors import EngineError
from eligo.expression.asked import Asked
from eligo.records.extract import Evidence
from eligo.records.model import DataProblem, Dates
from eligo.trial.model import Policy
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.tables import Table

SCRIPTS = Path(__file__).with_name("sql")
ENRICHED = SCRIPTS / "91-enriched.sql"
"""Makes the rows of graphs from what engines see; a cohort is decided without them."""


@dataclass(frozen=True)
class Derived:
    """What derivation gives for each patient.

    Attributes:
        graphs: The enriched graph of each patient.
        dates: The dates of each patient's screening.
        problems: Contradictions found in the records.
        unmapped: Codes that no concept lists, with how often each occurs.
    """

    graphs: dict[URIRef, Graph]
    dates: dict[URIRef, Dates]
    problems: dict[URIRef, tuple[DataProblem, ...]]
    unmapped: dict[str, int]


def derive_seen(database: Database) -> None:
    """Derive what engines see from the tables of a database.

    Args:
        database: Holds raw evidence, the ontology and the inputs of the run.

    Raises:
        EngineError: A script failed.
    """
    database.run(script for script in sorted(SCRIPTS.glob("*.sql")) if script != ENRICHED)


def derive(
    evidence: Evidence,
    vocabulary: Iterable[Table],
    asked: Asked,
    trial: URIRef,
    run: Run,
    policy: Policy,
    ontology: Ontology,
) -> Derived:
    """Derive what the criteria need and make a graph of each patient; see `derived_tables`.

    Raises:
        EngineError: A script failed.
    """
    patients = tuple(ontology.short(p) for p in evidence.patients)
    database = derived_tables(evidence, vocabulary, asked, trial, run, policy, ontology)
    try:
        graphs = enriched_graphs(database.rows("enriched", COLUMNS), patients, ontology)
        return Derived(
            graphs,
            _dates(database, ontology),
            _problems(database, ontology),
            unmapped_codes(database),
        )
    finally:
        database.close()


def derived_tables(
    evidence: Evidence,
    vocabulary: Iterable[Table],
    asked: Asked,
    trial: URIRef,
    run: Run,
    policy: Policy,
    ontology: Ontology,
) -> Database:
    """Run the derivation scripts over raw evidence; the caller closes the database.

    Args:
        evidence: Raw tables of the patients.
        vocabulary: The ontology as tables.
        asked: What the trial's classes ask of a record.
        trial: The trial.
        run: The dates of the run.
        policy: What is assumed complete.
        ontology: Labels and prefixes.

    Raises:
        EngineError: A script failed.
    """
    short = ontology.short
    patients = tuple(short(p) for p in evidence.patients)
    # One thread: the tables of what is held in memory are small, and more only get in their way.
    database = Database(threads=1)
    try:
        for table in (
            *vocabulary,
            *evidence.tables,
            Table("t_patient", {"patient": "VARCHAR"}, tuple((p,) for p in patients)),
            *asked_tables(asked, ontology),
            *run_tables(trial, run, policy, ontology),
        ):
            database.load(table)
        derive_seen(database)
        database.run([ENRICHED])
    except EngineError:
        database.close()
        raise
    return database


def _dates(database: Database, ontology: Ontology) -> dict[URIRef, Dates]:
    columns = ("patient", "screening", "evaluation", "enrolment", "intervention")
    return {
        ontology.expand(patient): Dates(*dates)
        for patient, *dates in database.rows("screening", columns)
    }


def problem_table(database: Database, ontology: Ontology) -> Table:
    """Return what derivation found in the records that cannot be trusted, in words.

    Returns:
        The table `r_problem(patient, node, message)`.
    """
    columns = dict.fromkeys(("patient", "node", "message"), "VARCHAR")
    return Table("r_problem", columns, tuple(_texts(database, ontology)))


def _texts(database: Database, ontology: Ontology) -> Iterator[tuple[str, str, str]]:
    for table in ("data_problem", "screening_problem"):
        for patient, fact, problem, detail in database.rows(
            table, ("patient", "fact", "problem", "detail")
        ):
            name = ontology.expand(problem)
            text = f"{ontology.label(name)}: {detail}. {ontology.definition(name) or ''}".strip()
            yield patient, fact, text


def _problems(database: Database, ontology: Ontology) -> dict[URIRef, tuple[DataProblem, ...]]:
    found: dict[URIRef, list[DataProblem]] = {}
    for patient, fact, text in _texts(database, ontology):
        problem = DataProblem(text, str(ontology.expand(fact)))
        found.setdefault(ontology.expand(patient), []).append(problem)
    return {patient: tuple(problems) for patient, problems in found.items()}


def unmapped_codes(database: Database) -> dict[str, int]:
    """Return codes that no concept lists, with how many facts carry each, most frequent first."""
    return dict(
        database.query(
            "SELECT concept, COUNT(*) FROM (SELECT DISTINCT fact, concept FROM d_concept) "
            "WHERE starts_with(concept, 'urn:eligo:unmapped:') "
            "GROUP BY concept ORDER BY COUNT(*) DESC, concept"
        )
    )
