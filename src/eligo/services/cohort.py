"""Screen the patients of a record store, batch by batch, into a folder of results."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from importlib.metadata import version

from eligo.assess.model import Verdict
from eligo.database import Database
from eligo.derive.inputs import Run, asked_tables, run_tables
from eligo.derive.run import derive_seen, problem_table
from eligo.engines.cohort import CohortEngine
from eligo.results.criteria import asking_table, criteria_table
from eligo.results.layout import Manifest, RunDates
from eligo.results.write import Writer
from eligo.store.store import Part, Store, load_parts
from eligo.trial.model import Policy
from eligo.trial.trial import TrialModel

BATCH = 20_000
"""Patients who are derived together: fewer cost more in statements, more cost memory."""
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
    engine: CohortEngine = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "engine", CohortEngine.of(self.trial))

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
        batches = list(enumerate(_batches(list(store.parts))))
        jobs = self.jobs or os.cpu_count() or 1
        with ThreadPoolExecutor(min(jobs, len(batches) or 1)) as pool:
            tasks = [
                pool.submit(self._batch, number, parts, writer, run, policy)
                for number, parts in batches
            ]
            try:
                for task in as_completed(tasks):
                    found = task.result()
                    verdicts.update(found)
                    watch(sum(found.values()))
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        days = [run.screening, run.evaluation, run.enrolment, run.intervention]
        return Manifest(
            trial=trial.identifier,
            source=self.source,
            rules=trial.digest,
            version=version("eligo"),
            policy=policy.notation,
            dates=RunDates(
                days[0].isoformat() if days[0] else "",
                *(None if day is None else day.isoformat() for day in days[1:]),
                run.forced,
                given,
            ),
            store={"path": str(store.path), "digest": ""},
            mappings=tuple(folder.path for folder in trial.mappings),
            verdicts=dict(verdicts),
            rows=dict(sorted(writer.rows.items())),
        )

    def _batch(
        self, number: int, parts: Sequence[Part], writer: Writer, run: Run, policy: Policy
    ) -> dict[str, int]:
        """Derive, decide and write one batch; return how many patients have each verdict."""
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
            self.engine.run(database)
            writer.write_batch(database, number)
            return dict(
                database.query("SELECT verdict, COUNT(*) FROM verdict GROUP BY verdict ORDER BY 1")
            )
        finally:
            database.close()


def _batches(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    batch: list[Part] = []
    for part in parts:
        if batch and sum(p.patients for p in batch) + part.patients > BATCH:
            yield tuple(batch)
            batch = []
        batch.append(part)
    if batch:
        yield tuple(batch)
