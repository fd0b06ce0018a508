"""What an expression asks of a node, through the classes that it refers to."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import URIRef

from eligo.compile.sql.values import Question
from eligo.expression.model import (
    Attribute,
    Expression,
    HasValue,
    Range,
    Ref,
    Some,
    children,
)
from eligo.expression.rules import Rules


def leaves(expressions: Iterable[Expression], rules: Rules) -> tuple[list[Question], list[Range]]:
    """Return the questions and ranges of expressions and of the classes they refer to."""
    coded: dict[Question, None] = {}
    ranged: dict[Range, None] = {}
    seen: set[URIRef] = set()

    def visit(expression: Expression) -> None:
        match expression:
            case Attribute() | HasValue():
                coded[expression] = None
            case Range():
                ranged[expression] = None
            case Ref(name) if name not in seen:
                seen.add(name)
                definition = rules.definitions[name]
                if definition.expression is not None:
                    visit(definition.expression)
                if definition.refuted_by is not None:
                    visit(Ref(definition.refuted_by))
            case Some():
                pass
            case _:
                for child in children(expression):
                    visit(child)

    for expression in expressions:
        visit(expression)
    return list(coded), list(ranged)
