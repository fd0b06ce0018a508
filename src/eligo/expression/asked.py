"""What the named classes ask of a record, so that derivation states no more than that."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef

from eligo.expression.model import Definition, Expression, Some, children, kinds
from eligo.expression.rules import Rules
from eligo.expression.scope import scope_kinds


@dataclass(frozen=True)
class Asked:
    """What classes ask of a record.

    Attributes:
        kinds: Concepts that they name as kinds.
        complete: Relations, with the kind of facts (None: all), that must be completely recorded
            before a class is met or refuted.
    """

    kinds: frozenset[URIRef]
    complete: frozenset[tuple[URIRef, URIRef | None]]


def asked(rules: Rules) -> Asked:
    """Return what the classes of a rule book ask."""
    named: set[URIRef] = set()
    complete: set[tuple[URIRef, URIRef | None]] = set()
    for definition in rules.definitions.values():
        named |= {kind for _, kind in definition.closed if kind}
        if definition.expression is not None:
            named |= kinds(definition.expression)
            complete |= _complete(definition.expression, definition, rules)
    return Asked(frozenset(named), frozenset(complete))


def _complete(
    expression: Expression, owner: Definition, rules: Rules
) -> set[tuple[URIRef, URIRef | None]]:
    found: set[tuple[URIRef, URIRef | None]] = set()
    if isinstance(expression, Some):
        scope = rules.needed_scope(expression, owner)
        if scope is not None:
            found |= {(expression.relation, kind) for kind in scope_kinds(scope)}
    for child in children(expression):
        found |= _complete(child, owner, rules)
    return found
