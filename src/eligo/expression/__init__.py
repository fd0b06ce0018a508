"""Criteria as typed expressions, read from OWL."""

from eligo.expression.definitions import depends_on, in_dependency_order, read_definitions
from eligo.expression.model import (
    And,
    Attribute,
    Definition,
    Expression,
    HasValue,
    Kind,
    Not,
    Or,
    Range,
    Ref,
    Some,
)

__all__ = [
    "And",
    "Attribute",
    "Definition",
    "Expression",
    "HasValue",
    "Kind",
    "Not",
    "Or",
    "Range",
    "Ref",
    "Some",
    "depends_on",
    "in_dependency_order",
    "read_definitions",
]
