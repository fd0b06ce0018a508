"""What the facts of patients establish: counted once for each relation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rdflib import URIRef

from eligo.compile.sql.candidates import CANDIDATES, Filler, candidates
from eligo.compile.sql.leaves import leaves
from eligo.compile.sql.numbers import Numbers
from eligo.compile.sql.text import (
    OPEN,
    Layers,
    Names,
    Pair,
    Step,
    all_of,
    indented,
    listed,
    one_of,
    quoted,
)
from eligo.compile.sql.truth import truth
from eligo.compile.sql.values import KNOWN_VALUES, Question, Questions
from eligo.expression.model import Attribute, Expression, HasValue, Range, Ref, Some
from eligo.expression.rules import Rules

FACT_VALUES, FACT_NUMBERS = "cohort_fact", "cohort_fact_number"


@dataclass
class Facts:
    """The statements about facts that patients are asked for.

    Attributes:
        rules: Named classes, and the attribute that says what the facts of a relation are.
        questions: Questions about values.
        numbers: Columns of numbers.
        wanted: The statements: a relation, and what its facts must be.
    """

    rules: Rules
    questions: Questions
    numbers: Numbers
    wanted: list[Filler]
    _names: Names = field(default_factory=Names)
    _columns: dict[Filler, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for relation, filler in self.wanted:
            name = self._names.of(self.questions.short(relation))
            self._columns[relation, filler] = f"some_{name}"

    @property
    def relations(self) -> list[URIRef]:
        """The relations that are asked for."""
        return list(dict.fromkeys(relation for relation, _ in self.wanted))

    def table(self, relation: URIRef) -> str:
        """Return the name of the table with the counts of a relation."""
        first = next(column for (r, _), column in self._columns.items() if r == relation)
        return f"cohort_{first.removeprefix('some_')}"

    def columns(self, relation: URIRef) -> list[str]:
        """Return the columns of the table with the counts of a relation."""
        names = [column for (r, _), column in self._columns.items() if r == relation]
        return [f"{name}_{side}" for name in names for side in ("met", "left")]

    def count(self, some: Some) -> tuple[str, str]:
        """Return the columns that count the facts that meet a filler and those that may."""
        column = self._columns[some.relation, some.filler]
        return f"{column}_met", f"{column}_left"

    def steps(self) -> list[Step]:
        """Return the tables about facts."""
        if not self.wanted:
            return []
        coded, ranged = leaves((f for _, f in self.wanted), self.rules)
        attributes = self.questions.attributes(coded)
        steps = [candidates(self.wanted, self.rules, self.questions)]
        where = (
            f"    AND EXISTS (SELECT 1 FROM {CANDIDATES} AS one\n"
            "        WHERE one.patient = seen.patient AND one.fact = seen.node)\n"
            "GROUP BY seen.patient, seen.node"
        )
        if attributes:
            names = one_of(map(self.questions.short, attributes))
            columns = listed(["seen.patient", "seen.node", *self.questions.combined(attributes)])
            select = f"SELECT {columns}\n{KNOWN_VALUES}\nWHERE seen.attribute IN {names}\n{where}"
            about = "A fact that may matter: the questions that its values meet and refute."
            steps.append(Step(FACT_VALUES, select, about))
        if ranged:
            bounded = list(dict.fromkeys(r.attribute for r in ranged))
            names = one_of(map(self.questions.short, bounded))
            columns = listed(["seen.patient", "seen.node", *self.numbers.combined(bounded)])
            select = (
                f"SELECT {columns}\nFROM seen_bound AS seen\n"
                f"WHERE seen.attribute IN {names}\n{where}"
            )
            steps.append(Step(FACT_NUMBERS, select, "A fact that may matter: its numbers."))
        return [*steps, *(self._counts(relation) for relation in self.relations)]

    def _counts(self, relation: URIRef) -> Step:
        mine = [filler for r, filler in self.wanted if r == relation]
        coded, ranged = leaves(mine, self.rules)
        layers, sums = Layers(), []
        for name, pair in self.decided(relation, layers).items():
            met = layers.column(f"is_{name}", pair.met)
            left = layers.column(f"may_be_{name}", ~pair.refuted)
            sums += [
                f"SUM(CASE WHEN {met.sql} THEN 1 ELSE 0 END) AS {name}_met",
                f"SUM(CASE WHEN {left.sql} THEN 1 ELSE 0 END) AS {name}_left",
            ]
        decided = layers.over(self.described(relation, coded, ranged))
        return Step(
            self.table(relation),
            f"SELECT patient,\n    {listed(sums)}\nFROM (\n{indented(decided)}\n) AS fact\n"
            "GROUP BY patient",
            f"A patient with such facts ({self.questions.short(relation)}): how many are, and how "
            "many may be, what is asked for.",
        )

    def described(
        self, relation: URIRef, coded: Iterable[Question], ranged: Iterable[Range]
    ) -> str:
        """Return the query for the candidates of a relation with their answers and numbers."""
        attributes = self.questions.attributes(coded)
        bounded = list(dict.fromkeys(r.attribute for r in ranged))
        columns = ["one.patient", "one.fact"]
        columns += self.questions.read(attributes, "given") + self.numbers.read(bounded, "measured")
        joins = [
            f"\nLEFT JOIN {table} AS {name}\n"
            f"    ON {name}.patient = one.patient AND {name}.node = one.fact"
            for table, name, used in (
                (FACT_VALUES, "given", attributes),
                (FACT_NUMBERS, "measured", bounded),
            )
            if used
        ]
        name = quoted(self.questions.short(relation))
        return (
            f"SELECT {', '.join(columns)}\nFROM {CANDIDATES} AS one{''.join(joins)}\n"
            f"WHERE one.relation = {name}"
        )

    def decided(self, relation: URIRef, layers: Layers) -> dict[str, Pair]:
        """Return the conditions of the fillers of a relation, by the name of their columns."""
        named = NamedFacts(self, layers)
        return {
            column: truth(filler, named.leaf)
            for (r, filler), column in self._columns.items()
            if r == relation
        }


@dataclass
class NamedFacts:
    """Conditions of the leaves of fillers; classes of facts are columns.

    Attributes:
        facts: Knows values and numbers.
        layers: Where the columns go.
        prefix: What the names of the columns begin with.
        unknown: A range that is taken to be neither met nor refuted.
    """

    facts: Facts
    layers: Layers
    prefix: str = ""
    unknown: Range | None = None
    _named: dict[URIRef, Pair] = field(default_factory=dict)
    _names: Names = field(default_factory=Names)

    def leaf(self, expression: Expression) -> Pair:
        """Return the conditions of a leaf."""
        match expression:
            case Attribute() | HasValue():
                return self.facts.questions.answer(expression)
            case Range() if expression == self.unknown:
                return OPEN
            case Range():
                return self.facts.numbers.answer(expression)
            case Ref(name):
                return self._class(name)
            case _:
                raise TypeError(f"no statement about a fact: {expression}")

    def _class(self, name: URIRef) -> Pair:
        if name not in self._named:
            definition = self.facts.rules.definitions[name]
            pair = OPEN
            if definition.expression is not None:
                pair = truth(definition.expression, self.leaf)
                column = f"{self.prefix}class_{self._names.of(self.facts.questions.short(name))}"
                if definition.refuted_by is not None:
                    met = self.layers.column(f"{column}_itself", pair.met)
                    refuting = self._class(definition.refuted_by).met
                    pair = Pair(met, all_of([refuting, ~met]))
                pair = self.layers.pair(column, pair)
            self._named[name] = pair
        return self._named[name]
