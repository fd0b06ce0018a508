"""Patients of a folder of results, assessed again from what the results hold, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rdflib import Graph, URIRef

from eligo.database import Database
from eligo.derive.inputs import asked_tables
from eligo.derive.run import ENRICHED
from eligo.enrich.graph import COLUMNS, enriched_graphs
from eligo.errors import UsageError
from eligo.evaluate.truth import UNKNOWN, Status, Truth
from eligo.records.model import Dates, RecordFinding, Severity
from eligo.results.read import SEEN, Results, name_of, quoted
from eligo.services.record import RecordChecker, in_order, problems_of
from eligo.services.screen import Screened, Screener
from eligo.trial.trial import TrialModel
from eligo.vocabulary.tables import Table

CHUNK = 200
"""Patients whose evidence is held at a time."""
Truths = Mapping[URIRef, Truth]


@dataclass(frozen=True)
class RecordedPatient:
    """What results say of a patient beside the answers.

    Attributes:
        key: The key that the tables know the patient by.
        patient: The patient.
        label: What the record calls the patient, if anything.
        dated: Whether the record itself dates the screening.
        dates: The dates of the screening.
    """

    key: str
    patient: URIRef
    label: str | None
    dated: bool
    dates: Dates


@dataclass(frozen=True)
class RecordedEngine:
    """Answers as a cohort run gave them, for an engine."""

    answers: Mapping[URIRef, Truths]

    def decide(self, data: Graph) -> Mapping[URIRef, Truths]:
        """Return the answers for the patients of a graph."""
        return {p: self.answers[p] for p in self.answers if (p, None, None) in data}


@dataclass(frozen=True)
class Recorded:
    """The patients of a folder of results.

    Attributes:
        results: The folder.
        trial: The trial that they were screened for.
    """

    results: Results
    trial: TrialModel

    @cached_property
    def screener(self) -> Screener:
        """Assesses patients by the recorded answers; explanations come from the evidence."""
        return Screener(self.trial, RecordedEngine({}), RecordChecker(self.trial.ontology))

    def patients(self, wanted: Sequence[str] = ()) -> tuple[RecordedPatient, ...]:
        """Return the patients, in the order of their IRIs.

        Args:
            wanted: IRIs of the patients that are asked for; none is all.

        Raises:
            UsageError: The results do not hold one of them.
        """
        short = self.trial.ontology.short
        chosen = f"WHERE patient IN ({quoted(short(iri) for iri in wanted)})" if wanted else ""
        database = self.results.database()
        try:
            rows = database.query(
                "SELECT patient_key, patient, label, dated, screening, evaluation, enrolment, "
                f"intervention FROM patient {chosen} ORDER BY patient"
            )
        finally:
            database.close()
        expand = self.trial.ontology.expand
        found = tuple(
            RecordedPatient(key, expand(patient), label, dated, Dates(*dates))
            for key, patient, label, dated, *dates in rows
        )
        known = {str(patient.patient) for patient in found}
        for iri in wanted:
            if iri not in known:
                raise UsageError(
                    f"no patient <{iri}> in {self.results.folder}, which holds "
                    f"{self.results.manifest.patients:,} patients"
                )
        return found

    def screen(self, patients: Sequence[RecordedPatient]) -> Iterator[Screened]:
        """Assess patients again from their evidence.

        Raises:
            EngineError: A file cannot be read, or the evidence does not give the recorded answers.
        """
        for start in range(0, len(patients), CHUNK):
            yield from self._screen(patients[start : start + CHUNK])

    def _screen(self, patients: Sequence[RecordedPatient]) -> Iterator[Screened]:
        keys = quoted(patient.key for patient in patients)
        database = self.results.database()
        try:
            graphs = self._graphs(database, patients, keys)
            engine = RecordedEngine(self._answers(database, patients, keys))
            problems = self._findings(database, patients, keys)
        finally:
            database.close()
        screener = replace(self.screener, engine=engine)
        policy = self.trial.policies[self.results.manifest.policy]
        for one in patients:
            graph = graphs[one.patient]
            found = in_order(problems_of(problems.get(one.key, ())))
            assessment = screener.assess(one.patient, graph, one.dates, policy, found)
            yield Screened(assessment, graph)

    def findings(self, patient: RecordedPatient) -> tuple[RecordFinding, ...]:
        """Return what was found about a patient's record."""
        database = self.results.database()
        try:
            found = self._findings(database, [patient], quoted([patient.key]))
            return found.get(patient.key, ())
        finally:
            database.close()

    def _graphs(
        self, database: Database, patients: Sequence[RecordedPatient], keys: str
    ) -> dict[URIRef, Graph]:
        """Build the graphs that validation would see, by the script that always builds them."""
        ontology = self.trial.ontology
        names = {one.key: ontology.short(one.patient) for one in patients}
        names |= dict(database.query(f"SELECT key, name FROM name WHERE patient_key IN ({keys})"))
        evidence = [self._seen(database, table, keys, names) for table in SEEN]
        unmapped = database.query(
            "SELECT DISTINCT concept, kind, surely FROM unmapped WHERE concept IN "
            f"(SELECT value FROM seen_value WHERE patient_key IN ({keys}))"
        )
        own = Database(threads=1)
        try:
            for table in (
                *self.trial.vocabulary,
                *asked_tables(self.trial.asked, ontology),
                *evidence,
            ):
                own.load(table)
            for hierarchy, surely in (("v_below", True), ("v_can_be", False)):
                pairs = [(name_of(c, names), kind) for c, kind, is_ in unmapped if is_ is surely]
                own.add(hierarchy, dict.fromkeys(pairs))
            own.run([ENRICHED])
            rows = own.rows("enriched", COLUMNS)
        finally:
            own.close()
        return enriched_graphs(rows, [ontology.short(one.patient) for one in patients], ontology)

    def _names(
        self, database: Database, patients: Sequence[RecordedPatient], keys: str
    ) -> dict[str, str]:
        """Return what keys stand for, in the short form."""
        facts = database.query(f"SELECT key, name FROM name WHERE patient_key IN ({keys})")
        return {one.key: self.trial.ontology.short(one.patient) for one in patients} | dict(facts)

    def _seen(self, database: Database, table: str, keys: str, names: Mapping[str, str]) -> Table:
        """Return evidence of patients with names in place of keys."""
        columns = {"patient": "VARCHAR"} | database.columns(table)
        del columns["patient_key"]
        rows = database.query(f"SELECT * FROM {table} WHERE patient_key IN ({keys})")
        text = list(columns).index("datatype") if "datatype" in columns else None
        return Table(
            table,
            columns,
            tuple(
                tuple(
                    name_of(cell, names)
                    if isinstance(cell, str) and (text is None or row[text] == "iri" or place < 2)
                    else cell
                    for place, cell in enumerate(row)
                )
                for row in rows
            ),
        )

    def _answers(
        self, database: Database, patients: Sequence[RecordedPatient], keys: str
    ) -> dict[URIRef, Truths]:
        criteria = {c.notation: c.name for top in self.trial.criteria for c in top.walk()}
        iris = {one.key: one.patient for one in patients}
        answers: dict[URIRef, dict[URIRef, Truth]] = {
            one.patient: {advisory.name: UNKNOWN for advisory in self.trial.advisories}
            for one in patients
        }
        for key, criterion, status in database.query(
            f"SELECT patient_key, criterion, status FROM answer WHERE patient_key IN ({keys})"
        ):
            answers[iris[key]][criteria[criterion]] = Truth.of(Status(status))
        for key, advisory, met, refuted in database.query(
            f"SELECT * FROM advisory WHERE patient_key IN ({keys})"
        ):
            answers[iris[key]][self.trial.ontology.expand(advisory)] = Truth(met, refuted)
        return dict(answers)

    def _findings(
        self, database: Database, patients: Sequence[RecordedPatient], keys: str
    ) -> dict[str, tuple[RecordFinding, ...]]:
        expand = self.trial.ontology.expand
        names = self._names(database, patients, keys)
        found: dict[str, list[RecordFinding]] = {}
        for key, severity, node, path, message, value, source in database.query(
            "SELECT patient_key, severity, node, path, message, value, source FROM problem "
            f"WHERE patient_key IN ({keys})"
        ):
            sources = () if source is None else (source,)
            about = str(expand(name_of(node, names)))
            finding = RecordFinding(Severity(severity), about, path, message, value, sources)
            found.setdefault(key, []).append(finding)
        return {
            key: tuple(sorted(of, key=lambda f: (f.sources, f.node, f.path or "", f.message)))
            for key, of in found.items()
        }
