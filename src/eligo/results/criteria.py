"""The criteria of a trial as tables, so that results can be read without the ontology."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import URIRef

from eligo.trial.model import Criterion
from eligo.trial.trial import TrialModel
from eligo.vocabulary.tables import Row, Table

COLUMNS = {
    "criterion": "VARCHAR",
    "iri": "VARCHAR",
    "place": "INTEGER",
    "top": "BOOLEAN",
    "parent": "VARCHAR",
    "polarity": "VARCHAR",
    "label": "VARCHAR",
    "definition": "VARCHAR",
    "quote": "VARCHAR",
    "ask": "VARCHAR",
}


def criteria_table(trial: TrialModel) -> Table:
    """Return one row a criterion and sub-criterion, in the order of the record."""
    parents: dict[URIRef, tuple[str | None, bool]] = {c.name: (None, True) for c in trial.criteria}
    rows: list[Row] = []
    for place, criterion in enumerate(c for top in trial.criteria for c in top.walk()):
        parent, top = parents[criterion.name]
        parents |= {part.name: (criterion.notation, False) for part in criterion.parts}
        rows.append(
            (
                criterion.notation,
                str(criterion.name),
                place,
                str(top).lower(),
                parent,
                criterion.polarity.value,
                criterion.label,
                criterion.definition,
                criterion.quote,
                criterion.ask,
            )
        )
    return Table("criterion", COLUMNS, tuple(rows))


def judged_table(trial: TrialModel) -> Table:
    """Return how answers name the criteria (by their numbers) and advisories (by their IRIs)."""
    short = trial.ontology.short
    rows: list[Row] = [
        (short(c.name), c.notation, None) for top in trial.criteria for c in top.walk()
    ]
    rows += [(short(advisory.name), None, short(advisory.name)) for advisory in trial.advisories]
    columns = dict.fromkeys(("class", "criterion", "advisory"), "VARCHAR")
    return Table("r_judged", columns, tuple(rows))


def asking_table(trial: TrialModel) -> Table:
    """Return what is asked for, with the criteria that must be unknown for it to be asked.

    A criterion that says what to ask for speaks for its parts; of one that does not, each part
    speaks for itself, as in the reports on single patients.
    """
    columns = {"item": "VARCHAR", "criterion": "VARCHAR", "top": "VARCHAR", "needed": "INTEGER"}
    rows = tuple(
        (path[-1].notation, criterion.notation, path[0].notation, len(path))
        for top in trial.criteria
        for path in _asking(top, ())
        for criterion in path
    )
    return Table("asking", columns, rows)


def _asking(criterion: Criterion, above: tuple[Criterion, ...]) -> Iterator[tuple[Criterion, ...]]:
    path = (*above, criterion)
    if criterion.ask or not criterion.parts:
        yield path
        return
    for part in criterion.parts:
        yield from _asking(part, path)
