"""Decide all patients of a database at once, by compiled SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rdflib import URIRef

from eligo.compile.sql import Script, Step
from eligo.compile.sql.needs import PATIENTS
from eligo.database import Database
from eligo.evaluate.truth import Truth


@dataclass(frozen=True)
class CohortEngine:
    """Decides the classes of a trial for all patients.

    Attributes:
        script: The compiled classes.
        after: What to make of their answers.
    """

    script: Script
    after: tuple[Step, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        return (*self.script.steps, *self.after)

    @property
    def text(self) -> str:
        """All statements."""
        return "\n".join(step.statement for step in self.steps)

    def decide(self, database: Database) -> None:
        """Make the table `answer(patient, criterion, met, refuted)` and those made of it.

        Args:
            database: Holds the tables that derivation gives engines to see.

        Raises:
            DatabaseError: A step failed.
        """
        for step in self.steps:
            database.execute(step.statement)

    def answers(
        self, database: Database, expand: Callable[[str], URIRef]
    ) -> Mapping[tuple[URIRef, URIRef], Truth]:
        """Return what was decided: the truth of each class for each patient.

        Args:
            database: Where `decide` has run.
            expand: Reads an IRI as tables write it.
        """
        pairs = self.script.answers
        columns = ", ".join(f"{pair.met.sql}, {pair.refuted.sql}" for pair in pairs.values())
        return {
            (expand(patient), name): Truth(*found[2 * place : 2 * place + 2])
            for patient, *found in database.query(f"SELECT patient, {columns} FROM {PATIENTS}")
            for place, name in enumerate(pairs)
        }
