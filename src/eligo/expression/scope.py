"""What must be completely recorded before the absence of a fact refutes a statement about facts.

The scope of `some r F` is a formula over kinds: of an *and*, any conjunct's scope suffices; of an
*or*, all disjuncts' are needed; without a kind, the whole relation must be complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rdflib import URIRef

from eligo.expression.model import And, Attribute, Definition, Expression, Kind, Or, Ref


@dataclass(frozen=True, slots=True)
class KindScope:
    """The facts of one kind (None: all facts) must be completely recorded."""

    kind: URIRef | None


@dataclass(frozen=True, slots=True)
class AnyScope:
    """One of the scopes suffices."""

    parts: tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class AllScopes:
    """All scopes are needed."""

    parts: tuple[Scope, ...]


Scope: TypeAlias = KindScope | AnyScope | AllScopes

WHOLE = KindScope(None)


def scope_of(
    filler: Expression, classifier: URIRef | None, definitions: Mapping[URIRef, Definition]
) -> Scope:
    """Return the scope of the facts that can satisfy a filler.

    Args:
        filler: What a fact must satisfy.
        classifier: The attribute whose kind says what a fact of the relation is, if it has one.
        definitions: Named classes that the filler may refer to.
    """
    match filler:
        case Attribute(attribute=attribute, filler=inner) if attribute == classifier:
            return _kind_scope(inner)
        case And(parts):
            narrowed = [s for p in parts if (s := scope_of(p, classifier, definitions)) != WHOLE]
            return _combine(AnyScope, narrowed)
        case Or(parts):
            scopes = [scope_of(p, classifier, definitions) for p in parts]
            return WHOLE if WHOLE in scopes else _combine(AllScopes, scopes)
        case Ref(name):
            inner_definition = definitions[name].expression
            if inner_definition is None:
                return WHOLE
            return scope_of(inner_definition, classifier, definitions)
        case _:
            return WHOLE


def _kind_scope(expression: Expression) -> Scope:
    match expression:
        case Kind(concept):
            return KindScope(concept)
        case And(parts):
            return _combine(AnyScope, [s for p in parts if (s := _kind_scope(p)) != WHOLE])
        case Or(parts):
            scopes = [_kind_scope(p) for p in parts]
            return WHOLE if WHOLE in scopes else _combine(AllScopes, scopes)
        case _:
            return WHOLE


def _combine(into: type[AnyScope] | type[AllScopes], scopes: list[Scope]) -> Scope:
    unique = tuple(dict.fromkeys(scopes))
    if not unique:
        return WHOLE
    return unique[0] if len(unique) == 1 else into(unique)


def scope_kinds(scope: Scope) -> frozenset[URIRef | None]:
    """Return every kind a scope names; None stands for all facts."""
    if isinstance(scope, KindScope):
        return frozenset({scope.kind})
    return frozenset().union(*(scope_kinds(part) for part in scope.parts))


def close(
    scope: Scope,
    closed: frozenset[URIRef | None],
    below: Mapping[URIRef, frozenset[URIRef]],
) -> Scope | None:
    """Remove what a decision closes; None means that nothing needs to be complete any more.

    Args:
        scope: The scope to reduce.
        closed: Kinds that the adopted decisions close for the relation; None closes all kinds.
        below: For each concept, the kinds it is at or below.
    """
    if isinstance(scope, KindScope):
        if None in closed:
            return None
        kind = scope.kind
        if kind is not None and closed & below.get(kind, frozenset({kind})):
            return None
        return scope
    reduced = [close(part, closed, below) for part in scope.parts]
    remaining = [part for part in reduced if part is not None]
    if isinstance(scope, AnyScope):
        return None if len(remaining) < len(reduced) else _combine(AnyScope, remaining)
    return None if not remaining else _combine(AllScopes, remaining)
