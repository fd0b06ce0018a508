"""Derive everything the criteria need from raw evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rdflib import Graph, URIRef

from eligo.database import Database
from eligo.enrich.graph import COLUMNS, enriched_graphs
from eligo.errors import EngineError
from eligo.expression.asked import Asked
from eligo.records.extract import Evidence
from eligo.records.model import DataProblem, Dates
from eligo.trial.model import Policy
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.tables import Row, Table
from eligo.vocabulary.terms import ELIG

_SCOPE = {"relation": "VARCHAR", "kind": "VARCHAR"}
SCRIPTS = Path(__file__).with_name("sql")


@dataclass(frozen=True)
class Run:
    """What a screening run assumes.

    Attributes:
        screening: Screening date for patients whose record states none, or for all if `forced`.
        evaluation: Evaluation date likewise; None is the screening date.
        enrolment: Enrolment date likewise; None is the screening date.
        intervention: Planned intervention date likewise.
        forced: Whether these dates replace those that records state.
    """

    screening: date
    evaluation: date | None = None
    enrolment: date | None = None
    intervention: date | None = None
    forced: bool = False


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
            graphs, _dates(database, ontology), _problems(database, ontology), _unmapped(database)
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
    database = Database()
    try:
        for table in (
            *vocabulary,
            *evidence.tables,
            *_run_tables(patients, asked, trial, run, policy, ontology),
        ):
            database.load(table)
        database.run(sorted(SCRIPTS.glob("*.sql")))
    except EngineError:
        database.close()
        raise
    return database


def _run_tables(
    patients: tuple[str, ...],
    asked: Asked,
    trial: URIRef,
    run: Run,
    policy: Policy,
    ontology: Ontology,
) -> tuple[Table, ...]:
    short = ontology.short
    dates = (run.screening, run.evaluation, run.enrolment, run.intervention)
    days = [None if day is None else day.isoformat() for day in dates]
    return (
        Table("t_patient", {"patient": "VARCHAR"}, tuple((p,) for p in patients)),
        Table("t_kind", {"kind": "VARCHAR"}, tuple((short(k),) for k in sorted(asked.kinds))),
        Table("t_scope", _SCOPE, _scopes(asked.complete, ontology)),
        Table(
            "t_run",
            {
                "trial": "VARCHAR",
                "screening": "DATE",
                "evaluation": "DATE",
                "enrolment": "DATE",
                "intervention": "DATE",
                "forced": "BOOLEAN",
            },
            ((short(trial), *days, str(run.forced).lower()),),
        ),
        Table("p_completeness", _SCOPE, _scopes(policy.assumes, ontology)),
    )


def _scopes(scopes: Iterable[tuple[URIRef, URIRef | None]], ontology: Ontology) -> tuple[Row, ...]:
    short = ontology.short
    return tuple(
        sorted((short(relation), short(kind or ELIG.Anything)) for relation, kind in scopes)
    )


def _dates(database: Database, ontology: Ontology) -> dict[URIRef, Dates]:
    columns = ("patient", "screening", "evaluation", "enrolment", "intervention")
    return {
        ontology.expand(patient): Dates(*dates)
        for patient, *dates in database.rows("screening", columns)
    }


def _problems(database: Database, ontology: Ontology) -> dict[URIRef, tuple[DataProblem, ...]]:
    found: dict[URIRef, list[DataProblem]] = {}
    for table in ("data_problem", "screening_problem"):
        for patient, fact, problem, detail in database.rows(
            table, ("patient", "fact", "problem", "detail")
        ):
            name = ontology.expand(problem)
            text = f"{ontology.label(name)}: {detail}. {ontology.definition(name) or ''}".strip()
            found.setdefault(ontology.expand(patient), []).append(
                DataProblem(text, str(ontology.expand(fact)))
            )
    return {patient: tuple(problems) for patient, problems in found.items()}


def _unmapped(database: Database) -> dict[str, int]:
    counts: dict[str, int] = {}
    for _, concept in database.rows("d_concept", ("fact", "concept")):
        if concept.startswith("urn:eligo:unmapped:"):
            counts[concept] = counts.get(concept, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
