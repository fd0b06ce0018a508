"""Screen the patients of a record store, batch by batch, into a folder of results."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version

from eligo.assess.model import Verdict
from eligo.compile.sql import Step
from eligo.database import Database
from eligo.derive.inputs import Run, asked_tables, run_tables
from eligo.derive.run import derive_seen, problem_table, unmapped_codes
from eligo.engines.cohort import CohortEngine
from eligo.results.criteria import asking_table, criteria_table, judged_table
from eligo.results.layout import Manifest, RunDates
from eligo.results.read import name_of, quoted
from eligo.results.write import Writer
from eligo.services.compiled import cohort_engine, details
from eligo.store.store import Part, Store, load_parts
from eligo.trial.model import Policy
from eligo.trial.trial import TrialModel

BATCH = 20_000
"""Patients who are derived together: fewer cost more in statements, more cost memory."""
UNCODED = "urn:eligo:unmapped:none:"
MOST_CODES = 1000
"""How many codes without a concept a manifest lists."""
Advance = Callable[[int], None]


@dataclass(frozen=True)
class CohortScreener:
    """Screens whole stores for one trial.

    Attributes:
        trial: The trial.
        source: How the trial was named.
        jobs: How many batches are worked on at a time; None: one a core.
    """

    trial: TrialModel
    source: str
    jobs: int | None = None

    @cached_property
    def engine(self) -> CohortEngine:
        """Decides every class of the trial for all patients of a database."""
        return cohort_engine(self.trial)

    @cached_property
    def details(self) -> tuple[Step, ...]:
        """Say what each answer rests on."""
        return details(self.trial, self.engine)

    def screen(
        self, store: Store, writer: Writer, run: Run, policy: Policy, *, given: bool, watch: Advance
    ) -> Manifest:
        """Screen every patient of a store.

        Args:
            store: The record store.
            writer: Takes the results.
            run: The dates of the run.
            policy: The evidence policy.
            given: Whether the user gave the screening date.
            watch: Is told how many patients were done.

        Raises:
            EngineError: A script failed, or a file cannot be read or written.
        """
        trial = self.trial
        writer.write_trial((criteria_table(trial), asking_table(trial)))
        verdicts = Counter({verdict.value: 0 for verdict in Verdict})
        unmapped: Counter[str] = Counter()
        jobs = self.jobs or os.cpu_count() or 1
        most = min(BATCH, -(-store.patients // jobs))
        work = list(enumerate(batches(list(store.parts), most)))
        with ThreadPoolExecutor(min(jobs, len(work) or 1)) as pool:
            tasks = [
                pool.submit(self._batch, number, parts, writer, run, policy)
                for number, parts in work
            ]
            try:
                for task in as_completed(tasks):
                    found, codes = task.result()
                    verdicts.update(found)
                    unmapped.update(codes)
                    watch(sum(found.values()))
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return Manifest(
            trial=trial.identifier,
            source=self.source,
            rules=trial.digest,
            version=version("eligo"),
            policy=policy.notation,
            dates=RunDates.of(run, given=given),
            store={"path": str(store.path), "digest": ""},
            mappings=tuple(folder.path for folder in trial.mappings),
            verdicts=dict(verdicts),
            evidence=writer.evidence,
            rows=dict(sorted(writer.rows.items())),
            unmapped=dict(
                sorted(unmapped.items(), key=lambda item: (-item[1], item[0]))[:MOST_CODES]
            ),
            notes=store.manifest.notes,
        )

    def _batch(
        self, number: int, parts: Sequence[Part], writer: Writer, run: Run, policy: Policy
    ) -> tuple[dict[str, int], dict[str, int]]:
        """Derive, decide and write one batch.

        Returns:
            How many patients have each verdict, and how many facts each unmapped code.
        """
        trial = self.trial
        database = Database(threads=1)
        try:
            for table in (
                *trial.vocabulary,
                *asked_tables(trial.asked, trial.ontology),
                *run_tables(trial.name, run, policy, trial.ontology),
            ):
                database.load(table)
            load_parts(parts, database)
            derive_seen(database)
            database.load(problem_table(database, trial.ontology))
            writer.take_store(database, parts)
            database.load(judged_table(trial))
            self.engine.decide(database)
            if writer.evidence:
                database.hold("seen_value")
                for step in self.details:
                    database.execute(step.statement)
            writer.write_batch(database, number)
            verdicts = database.query("SELECT verdict, COUNT(*) FROM verdict GROUP BY verdict")
            return dict(verdicts), _codes(database)
        finally:
            database.close()


def _codes(database: Database) -> dict[str, int]:
    """Return the codes of a batch that no concept lists, with names in place of keys."""
    codes = unmapped_codes(database)
    uncoded = {code: code.rpartition(":")[2] for code in codes if code.startswith(UNCODED)}
    wanted = quoted(uncoded.values())
    names = dict(
        database.query(f"SELECT fact_key, fact FROM s_fact WHERE fact_key IN ({wanted})")
        if uncoded
        else ()
    )
    return {name_of(code, names): number for code, number in codes.items()}


def batches(parts: Sequence[Part], most: int) -> Iterator[tuple[Part, ...]]:
    """Yield parts of a store together, up to so many patients.

    Args:
        parts: The parts.
        most: How many patients, unless a single part has more.
    """
    batch: list[Part] = []
    for part in parts:
        if batch and sum(p.patients for p in batch) + part.patients > most:
            yield tuple(batch)
            batch = []
        batch.append(part)
    if batch:
        yield tuple(batch)
