"""Which leaves a class rests on, and which truth of a leaf speaks for which answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import URIRef

from eligo.compile.sql.values import Question
from eligo.expression.model import (
    And,
    Attribute,
    Expression,
    HasValue,
    Kind,
    Not,
    Or,
    Range,
    Ref,
    Some,
    kinds,
)
from eligo.expression.rules import Rules

MET, REFUTED = "met", "refuted"


@dataclass(frozen=True)
class Leaf:
    """A measure or a statement about facts that classes rest on.

    Attributes:
        about: The question, the range or the statement about facts.
        within: For a statement about facts, the range that a fact must lie in, if this is about it.
        inside: Whether it asks for facts within that range, and not for those outside.
        kinds: The kinds that a fact is asked to be beside.
    """

    about: Question | Range | Some
    within: Range | None = None
    inside: bool = True
    kinds: frozenset[URIRef] = frozenset()


@dataclass(frozen=True)
class Support:
    """A leaf of a class.

    Attributes:
        leaf: The leaf.
        when_met: The truth of the leaf that speaks for the class; None: neither does.
        when_refuted: The truth of the leaf that speaks against the class; None: neither does.
    """

    leaf: Leaf
    when_met: str | None
    when_refuted: str | None

    def __invert__(self) -> Support:
        return Support(self.leaf, self.when_refuted, self.when_met)


def supports(name: URIRef, rules: Rules) -> dict[Support, None]:
    """Return the leaves of a named class, those of the classes it refers to included."""
    definition = rules.definitions[name]
    if definition.expression is None:
        return {}
    own = dict.fromkeys(_of(definition.expression, rules))
    if definition.refuted_by is None:
        return own
    found = {Support(s.leaf, s.when_met, None): None for s in own}
    other = supports(definition.refuted_by, rules)
    return found | {Support(s.leaf, None, s.when_met): None for s in other}


def _of(expression: Expression, rules: Rules) -> Iterator[Support]:
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _of(part, rules)
        case Not(part):
            yield from (~support for support in _of(part, rules))
        case Ref(name):
            yield from supports(name, rules)
        case Some(filler=filler):
            ranges = list(_ranges(filler, rules, True, frozenset()))
            for within, inside, beside in ranges:
                yield Support(Leaf(expression, within, inside, beside), MET, REFUTED)
            if not ranges:
                yield Support(Leaf(expression), MET, REFUTED)
        case Attribute() | HasValue() | Range():
            yield Support(Leaf(expression), MET, REFUTED)
        case Kind():
            raise TypeError("a kind is no statement about a patient")


def _ranges(
    filler: Expression, rules: Rules, inside: bool, beside: frozenset[URIRef]
) -> Iterator[tuple[Range, bool, frozenset[URIRef]]]:
    match filler:
        case Range():
            yield filler, inside, beside
        case Not(part):
            yield from _ranges(part, rules, not inside, beside)
        case And(parts):
            for part in parts:
                others = (kinds(other) for other in parts if other is not part)
                yield from _ranges(part, rules, inside, beside.union(*others))
        case Or(parts):
            for part in parts:
                yield from _ranges(part, rules, inside, beside)
        case Ref(name):
            expression = rules.definitions[name].expression
            if expression is not None:
                yield from _ranges(expression, rules, inside, beside)
        case _:
            return
