"""A Turtle writer: nested nodes in a fixed order, so that diffs stay small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, XSD

TYPE = RDF.type
AS_IT_IS = (XSD.integer, XSD.boolean)
DECIMAL = XSD.decimal
PLAIN = (None, XSD.string)


@dataclass(frozen=True)
class Block:
    """A blank node with its statements."""

    pairs: tuple[tuple[URIRef, Term], ...]


@dataclass(frozen=True)
class Sequence:
    """An RDF list."""

    items: tuple[Term, ...]


@dataclass(frozen=True)
class Several:
    """Several objects of one predicate."""

    items: tuple[URIRef | Literal, ...]


Term: TypeAlias = URIRef | Literal | Block | Sequence | Several
Pairs: TypeAlias = list[tuple[URIRef, Term]]


def write_subject(subject: URIRef, pairs: Pairs, short: Callable[[URIRef], str]) -> str:
    """Write one subject with its statements as a Turtle block.

    Args:
        subject: The subject.
        pairs: Predicates and objects in the order to write them.
        short: Turns an IRI into its written form.
    """
    lines = [f"    {_predicate(p, short)} {_term(o, short, 1)}" for p, o in pairs]
    first = lines[0].strip()
    rest = "".join(f" ;\n{line}" for line in lines[1:])
    return f"{short(subject)} {first}{rest} .\n"


def write_term(term: Term, short: Callable[[URIRef], str]) -> str:
    """Write an object as it stands behind a predicate of a subject's block.

    Args:
        term: The object.
        short: Turns an IRI into its written form.
    """
    return _term(term, short, 1)


def _predicate(predicate: URIRef, short: Callable[[URIRef], str]) -> str:
    return "a" if predicate == TYPE else short(predicate)


def _term(term: Term, short: Callable[[URIRef], str], depth: int) -> str:
    pad = "    " * (depth + 1)
    match term:
        case URIRef():
            return short(term)
        case Literal():
            return _literal(term, short)
        case Several(items):
            return ", ".join(_term(item, short, depth) for item in items)
        case Block(()):
            return "[ ]"
        case Block(pairs):
            parts = [f"{_predicate(p, short)} {_term(o, short, depth + 1)}" for p, o in pairs]
            if all("\n" not in part for part in parts) and sum(map(len, parts)) < 90:
                return f"[ {' ; '.join(parts)} ]"
            return "[\n" + " ;\n".join(pad + part for part in parts) + " ]"
        case Sequence(items):
            parts = [_term(item, short, depth + 1) for item in items]
            if all("\n" not in part for part in parts) and sum(map(len, parts)) < 90:
                return f"( {' '.join(parts)} )"
            return "(\n" + "\n".join(pad + part for part in parts) + " )"


def _literal(literal: Literal, short: Callable[[URIRef], str]) -> str:
    if literal.datatype in AS_IT_IS:
        return str(literal).lower()
    if literal.datatype == DECIMAL and "." in str(literal):
        return str(literal)
    text = str(literal).replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("\n", "\\n").replace("\r", "\\r")
    if literal.language:
        return f'"{text}"@{literal.language}'
    if literal.datatype in PLAIN:
        return f'"{text}"'
    return f'"{text}"^^{short(literal.datatype)}'
