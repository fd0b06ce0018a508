"""What classes of patients need of the tables that engines see, and the columns that hold it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from rdflib import URIRef

from eligo.compile.sql.facts import Facts
from eligo.compile.sql.leaves import leaves
from eligo.compile.sql.numbers import Numbers
from eligo.compile.sql.text import (
    ALWAYS,
    NEVER,
    Condition,
    Layers,
    Pair,
    Step,
    all_of,
    any_of,
    listed,
    one_of,
    quoted,
)
from eligo.compile.sql.values import KNOWN_VALUES, Questions
from eligo.expression.definitions import depends_on
from eligo.expression.model import (
    And,
    Attribute,
    Definition,
    Expression,
    HasValue,
    Or,
    Range,
    Some,
    children,
)
from eligo.expression.rules import Rules
from eligo.expression.scope import AllScopes, AnyScope, Scope, scope_kinds
from eligo.vocabulary.terms import ELIG

MEASURES, NUMBERS, COMPLETE, PATIENTS = (
    "cohort_measure",
    "cohort_number",
    "cohort_complete",
    "cohort_patient",
)


class Needs:
    """What the classes of patients need, and the columns that hold it.

    Args:
        rules: The named classes.
        names: Those to decide.
        short: Writes an IRI as tables do.
    """

    def __init__(
        self, rules: Rules, names: tuple[URIRef, ...], short: Callable[[URIRef], str]
    ) -> None:
        self.rules = rules
        self.short = short
        used = needed(rules, names)
        self._somes = _somes(used, rules)
        self._coded, self._ranged = leaves((d.expression for d in used if d.expression), rules)
        fillers = list(dict.fromkeys((s.relation, s.filler) for s, _ in self._somes))
        in_facts, numbers_in_facts = leaves((f for _, f in fillers), rules)
        self.questions = Questions.of([*self._coded, *in_facts], short)
        self.numbers = Numbers.of((r.attribute for r in (*self._ranged, *numbers_in_facts)), short)
        self.facts = Facts(rules, self.questions, self.numbers, fillers)
        scopes = {
            (some.relation, kind)
            for some, scope in self._somes
            if scope is not None
            for kind in scope_kinds(scope)
        }
        ordered = sorted(scopes, key=lambda pair: (pair[0], pair[1] or ""))
        self._complete = {pair: f"complete_{n}" for n, pair in enumerate(ordered)}
        self.repeated = _repeated(used)

    def leaf(self, expression: Expression, owner: Definition) -> Pair:
        """Return the conditions of a leaf that is no named class."""
        match expression:
            case Attribute() | HasValue():
                return self.questions.answer(expression)
            case Range():
                return self.numbers.answer(expression)
            case Some(count=count):
                met, left = self.facts.count(expression)
                scope = self.rules.needed_scope(expression, owner)
                covered = ALWAYS if scope is None else self._covered(expression.relation, scope)
                return Pair(
                    Condition(f"{met} >= {count}"),
                    all_of([covered, Condition(f"{left} < {count}")]),
                )
            case _:
                raise TypeError(f"no statement about a patient: {expression}")

    def _covered(self, relation: URIRef, scope: Scope) -> Condition:
        match scope:
            case AnyScope(parts):
                return any_of(self._covered(relation, part) for part in parts)
            case AllScopes(parts):
                return all_of(self._covered(relation, part) for part in parts)
            case _:
                return Condition(self._complete[relation, scope.kind])

    def steps(self, layers: Layers, answers: Iterable[Pair]) -> list[Step]:
        """Return the steps; the last makes the columns of classes from those of leaves.

        Args:
            layers: The columns of classes.
            answers: Those that are kept.
        """
        columns = ["listed.patient"]
        joins = []
        steps = [*self.questions.steps(), *self.facts.steps()]
        for table, made, read in (self._values(), self._bounds(), self._closed()):
            if made:
                steps.append(made)
                columns += read
                joins.append(table)
        for relation in self.facts.relations:
            table = self.facts.table(relation)
            joins.append(table)
            columns += [f"COALESCE({table}.{c}, 0) AS {c}" for c in self.facts.columns(relation)]
        select = f"SELECT {listed(columns)}\nFROM t_patient AS listed" + "".join(
            f"\nLEFT JOIN {table} ON {table}.patient = listed.patient" for table in joins
        )
        about = "A patient: whether each class is established and whether it is refuted."
        sides = (side for pair in answers for side in (pair.met, pair.refuted))
        kept = dict.fromkeys(side.sql for side in sides if side not in (ALWAYS, NEVER))
        return [*steps, Step(PATIENTS, layers.over(select, ["patient", *kept]), about)]

    def _values(self) -> tuple[str, Step | None, list[str]]:
        attributes = self.questions.attributes(self._coded)
        if not attributes:
            return MEASURES, None, []
        names = one_of(map(self.short, attributes))
        combined = listed(self.questions.combined(attributes))
        select = (
            f"SELECT seen.patient,\n    {combined}\n{KNOWN_VALUES}\n"
            f"WHERE seen.node = seen.patient AND seen.attribute IN {names}\nGROUP BY seen.patient"
        )
        about = "A patient: the questions that coded measures meet and refute."
        return MEASURES, Step(MEASURES, select, about), self.questions.read(attributes, MEASURES)

    def _bounds(self) -> tuple[str, Step | None, list[str]]:
        attributes = list(dict.fromkeys(r.attribute for r in self._ranged))
        if not attributes:
            return NUMBERS, None, []
        select = (
            f"SELECT seen.patient,\n    {listed(self.numbers.combined(attributes))}\n"
            "FROM seen_bound AS seen\nWHERE seen.node = seen.patient "
            f"AND seen.attribute IN {one_of(map(self.short, attributes))}\nGROUP BY seen.patient"
        )
        about = "A patient: the bounds of measures."
        return NUMBERS, Step(NUMBERS, select, about), self.numbers.read(attributes, NUMBERS)

    def _closed(self) -> tuple[str, Step | None, list[str]]:
        if not self._complete:
            return COMPLETE, None, []
        anything = self.short(ELIG.Anything)
        columns = [
            f"BOOL_OR(relation = {quoted(self.short(relation))} AND kind IN "
            f"{one_of({anything, self.short(kind or ELIG.Anything)})}) AS {name}"
            for (relation, kind), name in self._complete.items()
        ]
        select = f"SELECT patient,\n    {listed(columns)}\nFROM seen_complete\nGROUP BY patient"
        about = "A patient: what is completely recorded."
        read = [f"COALESCE({COMPLETE}.{n}, FALSE) AS {n}" for n in self._complete.values()]
        return COMPLETE, Step(COMPLETE, select, about), read


def needed(rules: Rules, names: Iterable[URIRef]) -> list[Definition]:
    """Return the definitions of classes and of all classes that they need."""
    found: dict[URIRef, Definition] = {}

    def visit(name: URIRef) -> None:
        if name not in found:
            found[name] = rules.definitions[name]
            for used in sorted(depends_on(found[name])):
                visit(used)

    for name in names:
        visit(name)
    return list(found.values())


def _parts(expression: Expression) -> Iterable[Expression]:
    yield expression
    for child in children(expression):
        yield from _parts(child)


def _somes(definitions: Iterable[Definition], rules: Rules) -> list[tuple[Some, Scope | None]]:
    return [
        (part, rules.needed_scope(part, definition))
        for definition in definitions
        if definition.expression is not None
        for part in _parts(definition.expression)
        if isinstance(part, Some)
    ]


def _repeated(definitions: Iterable[Definition]) -> set[tuple[Expression, object]]:
    """Return the combined expressions that several places share, with what each closes."""
    counts = Counter(
        (part, definition.closed)
        for definition in definitions
        if definition.expression is not None
        for part in _parts(definition.expression)
        if isinstance(part, And | Or) and len(part.parts) > 1
    )
    return {key for key, count in counts.items() if count > 1}
