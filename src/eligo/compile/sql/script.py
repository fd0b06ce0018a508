"""All steps that decide the classes of a trial for all patients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from rdflib import URIRef

from eligo.compile.sql.needs import PATIENTS, Needs, needed
from eligo.compile.sql.text import (
    ALWAYS,
    NEVER,
    OPEN,
    Layers,
    Names,
    Pair,
    Step,
    all_of,
    quoted,
)
from eligo.compile.sql.truth import either, every
from eligo.evaluate.truth import Truth
from eligo.expression.model import And, Definition, Expression, Not, Or, Ref, references
from eligo.expression.rules import Rules


@dataclass(frozen=True)
class Script:
    """Compiled classes.

    Attributes:
        steps: The tables to make, in order: `cohort_patient` with a row for each patient, and
            last `answer(patient, criterion, met, refuted)`.
        answers: The columns of each named class of patients in `cohort_patient`.
        favourable: The same where some classes are assumed.
        needs: What the classes need.
    """

    steps: tuple[Step, ...]
    answers: Mapping[URIRef, Pair]
    favourable: Mapping[URIRef, Pair]
    needs: Needs

    @property
    def text(self) -> str:
        """All statements."""
        return "\n".join(step.statement for step in self.steps)


def compile_sql(
    rules: Rules,
    names: Iterable[URIRef],
    assumed: Mapping[URIRef, Truth],
    short: Callable[[URIRef], str],
) -> Script:
    """Compile classes of patients to SQL.

    Args:
        rules: The named classes.
        names: Those to decide.
        assumed: Classes whose truth is taken as given in a second evaluation.
        short: Writes an IRI as tables do.

    Raises:
        ExpressionError: An expression has no equal in SQL.
    """
    wanted = tuple(names)
    needs = Needs(rules, wanted, short)
    layers, columns = Layers(), Names()
    columns.of("patient")
    plain = Evaluation(needs, layers, columns)
    answers = {name: plain.named(name) for name in wanted}
    second = Evaluation(needs, layers, columns, plain, assumed)
    favourable = {name: second.named(name) for name in wanted}
    steps = needs.steps(layers, [*answers.values(), *favourable.values()])
    return Script((*steps, _answer(answers, short)), answers, favourable, needs)


def _answer(answers: Mapping[URIRef, Pair], short: Callable[[URIRef], str]) -> Step:
    selects = [
        f"SELECT patient, {quoted(short(name))} AS criterion, {pair.met.sql} AS met, "
        f"{pair.refuted.sql} AS refuted FROM {PATIENTS}"
        for name, pair in answers.items()
    ]
    about = "A patient and a named class: whether it is established and whether it is refuted."
    return Step("answer", "\nUNION ALL\n".join(selects), about, view=True)


@dataclass
class Evaluation:
    """The conditions of named classes of patients, each a pair of columns.

    Attributes:
        needs: Knows the leaves.
        layers: Where the columns go.
        columns: Names of columns.
        before: An evaluation without assumptions, for classes that no assumption bears on.
        assumed: Classes whose truth is taken as given.
    """

    needs: Needs
    layers: Layers
    columns: Names
    before: Evaluation | None = None
    assumed: Mapping[URIRef, Truth] = field(default_factory=dict)
    _named: dict[URIRef, Pair] = field(default_factory=dict)
    _shared: dict[tuple[Expression, object], Pair] = field(default_factory=dict)

    def named(self, name: URIRef) -> Pair:
        """Return the conditions of a named class."""
        if name in self.assumed:
            given = self.assumed[name]
            met, refuted = (ALWAYS if side else NEVER for side in (given.met, given.refuted))
            return Pair(met, refuted)
        if self.before is not None and not self._bears_on((name,)):
            return self.before.named(name)
        if name not in self._named:
            self._named[name] = self._class(self.needs.rules.definitions[name])
        return self._named[name]

    def _bears_on(self, names: Iterable[URIRef]) -> bool:
        return not self.assumed.keys().isdisjoint(d.name for d in needed(self.needs.rules, names))

    def _class(self, definition: Definition) -> Pair:
        pair = OPEN
        if definition.expression is not None:
            pair = self._truth(definition.expression, definition)
        local = str(definition.name).rpartition("/")[2]
        column = self.columns.of(f"{'class' if self.before is None else 'favourable'}_{local}")
        if definition.expression is not None and definition.refuted_by is not None:
            met = self.layers.column(f"{column}_itself", pair.met)
            pair = Pair(met, all_of([self.named(definition.refuted_by).met, ~met]))
        return self.layers.pair(column, pair)

    def _truth(self, expression: Expression, owner: Definition) -> Pair:
        key = (expression, owner.closed)
        if key not in self.needs.repeated:
            return self._combined(expression, owner)
        if self.before is not None and not self._bears_on(references(expression)):
            return self.before._truth(expression, owner)
        if key not in self._shared:
            column = self.columns.of("shared")
            self._shared[key] = self.layers.pair(column, self._combined(expression, owner))
        return self._shared[key]

    def _combined(self, expression: Expression, owner: Definition) -> Pair:
        match expression:
            case And(parts):
                return every(self._truth(part, owner) for part in parts)
            case Or(parts):
                return either(self._truth(part, owner) for part in parts)
            case Not(part):
                return ~self._truth(part, owner)
            case Ref(name):
                return self.named(name)
            case _:
                return self.needs.leaf(expression, owner)
