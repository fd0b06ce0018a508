"""How the patients of a record store stand towards all candidates, by compiled SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from eligo.assess.match import Candidate, Counts
from eligo.compile.sql import compile_sql
from eligo.database import Database, file_list, literal
from eligo.derive.inputs import Run, asked_tables, run_tables
from eligo.derive.run import derive_seen, problem_table
from eligo.engines.cohort import CohortEngine
from eligo.match.derived import mark, naming, shares
from eligo.match.group import Group
from eligo.match.library import Library
from eligo.match.profiles import Profiles
from eligo.services.cohort import BATCH, Advance, batches
from eligo.store.store import Part, Store, load_parts
from eligo.trial.model import Policy

SQL = Path(__file__).with_name("sql")
NOBODY = Counts(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class CohortJudge:
    """Decides candidates for whole stores.

    Attributes:
        library: The candidates.
        run: The dates of the run.
        policy: The evidence policy.
    """

    library: Library
    run: Run
    policy: Policy

    def match(self, store: Store, pairs: Path | None, watch: Advance) -> dict[Candidate, Counts]:
        """Count the verdicts of all patients for each candidate.

        Args:
            store: The record store.
            pairs: Folder for Parquet files with a row for each patient and trial; None: none.
            watch: Is told how many patients were done.

        Raises:
            EngineError: A script failed, or a file cannot be read or written.
        """
        found: dict[Candidate, Counts] = {}
        work = [
            (group, candidates)
            for group in self.library.groups
            for _, candidates in shares(group.candidates, self._named(store, group))
        ]
        number = 0
        for parts in batches(list(store.parts), BATCH):
            for group, candidates in work:
                number += 1
                file = None if pairs is None else pairs / f"{number:05}.parquet"
                for candidate, counts in self._batch(group, candidates, parts, file):
                    found[candidate] = found.get(candidate, NOBODY) + counts
            watch(sum(part.patients for part in parts))
        return found

    def _named(self, store: Store, group: Group) -> frozenset[str]:
        """Return the marks of the trials that facts name."""
        files = [part.file("attribute") for part in store.parts]
        if not files:
            return frozenset()
        properties = ", ".join(literal(name) for name in sorted(naming(group.ontology)))
        database = Database(threads=1)
        try:
            rows = database.query(
                f"SELECT DISTINCT value FROM read_parquet({file_list(files)}) "
                f"WHERE property IN ({properties})"
            )
        finally:
            database.close()
        return frozenset(mark(value) for (value,) in rows)

    def _batch(
        self,
        group: Group,
        candidates: tuple[Candidate, ...],
        parts: Sequence[Part],
        file: Path | None,
    ) -> Iterator[tuple[Candidate, Counts]]:
        ontology = group.ontology
        profiles = Profiles.of(candidates)
        database = Database()
        try:
            for table in (
                *group.vocabulary,
                *asked_tables(group.asked, ontology),
                *run_tables(candidates[0].name, self.run, self.policy, ontology),
                *profiles.tables(ontology.short),
            ):
                database.load(table)
            load_parts(parts, database)
            derive_seen(database)
            database.load(problem_table(database, ontology))
            script = compile_sql(group.rules, group.judged(candidates), {}, ontology.short)
            CohortEngine(script).decide(database)
            stored = {n: file_list(p.file(n) for p in parts) for n in ("patient", "problem")}
            database.execute(sql("load", stored))
            database.execute(sql("standing", {}))
            if file is not None:
                database.write_parquet(sql("pairs", {}), file)
            for profile, *numbers in database.query(sql("counts", {})):
                for candidate in profiles.members[profile]:
                    yield candidate, Counts(*numbers)
        finally:
            database.close()


def sql(name: str, values: Mapping[str, str]) -> str:
    """Return a script with what it leaves open.

    Args:
        name: Its file.
        values: What stands for its `$` names.
    """
    return Template((SQL / f"{name}.sql").read_text(encoding="utf-8")).substitute(values)
