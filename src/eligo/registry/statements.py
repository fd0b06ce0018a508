"""What the text of criteria says about age and sex, to compare it with the fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rdflib import RDF, Graph, URIRef
from rdflib.term import Node

from eligo.registry.knowledge import knowledge_graph, one
from eligo.registry.split import Item
from eligo.registry.terms import REGISTRY
from eligo.trial.model import Polarity
from eligo.vocabulary.terms import ELIG

LONGEST = 160
MANY = "years"
LOW = ("low", "above")
HIGH = ("high", "below")
STRICT = ("above", "below")


@dataclass(frozen=True)
class Statement:
    """What an item says about who may join.

    Attributes:
        field: The field that says the same.
        number: The age that it states; 0 for a sex.
        unit: The word for its unit.
        strict: Whether the age itself is left out.
        meaning: The sex that it states; None for an age.
        start: Where the words begin.
        end: Where they end.
    """

    field: URIRef
    number: int
    unit: str
    strict: bool
    meaning: Node | None
    start: int
    end: int


@dataclass(frozen=True)
class _Form:
    field: URIRef
    meaning: Node | None
    patterns: tuple[re.Pattern[str], ...]
    context: re.Pattern[str]
    refusing: re.Pattern[str]
    before: re.Pattern[str] | None


@cache
def _forms() -> tuple[_Form, ...]:
    graph = knowledge_graph()
    nodes = sorted(graph.subjects(RDF.type, REGISTRY.StatementForm), key=str)
    return tuple(_form(graph, node) for node in nodes)


def _form(graph: Graph, node: Node) -> _Form:
    def pattern(predicate: URIRef) -> re.Pattern[str]:
        return re.compile(str(one(graph, node, predicate)), re.IGNORECASE)

    says = graph.value(node, REGISTRY.says)
    patterns = sorted(str(text) for text in graph.objects(node, REGISTRY.pattern))
    return _Form(
        URIRef(str(one(graph, node, REGISTRY.fieldTerm))),
        says,
        tuple(re.compile(text, re.IGNORECASE) for text in patterns),
        pattern(REGISTRY.contextPattern),
        pattern(REGISTRY.refusingPattern),
        None if says is not None else pattern(REGISTRY.beforePattern),
    )


def statements(text: str, items: Sequence[Item]) -> Iterator[Statement]:
    """Yield what short items say about age and sex.

    Args:
        text: The text of criteria.
        items: Its items.
    """
    for item in items:
        line = text[item.start : item.end]
        if len(line) > LONGEST:
            continue
        above = None if item.parent is None else items[item.parent]
        context = line if above is None else f"{text[above.start : above.end]} {line}"
        for form in _forms():
            if not form.context.search(context) or form.refusing.search(context):
                continue
            yield from _said(form, line, item, context[: len(context) - len(line)])


def _said(form: _Form, line: str, item: Item, above: str) -> Iterator[Statement]:
    excludes = item.polarity is Polarity.EXCLUSION
    for pattern in form.patterns:
        for match in pattern.finditer(line):
            span = item.start + match.start(), item.start + match.end()
            if form.before is None:
                if not excludes:
                    yield Statement(form.field, 0, "", False, form.meaning, *span)
            elif match["unit"] or form.before.search(above + line[: match.start()]):
                yield from _ages(match, excludes, span)


def _ages(match: re.Match[str], excludes: bool, span: tuple[int, int]) -> Iterator[Statement]:
    for name, number in match.groupdict().items():
        if name != "unit" and number is not None:
            least = (name in LOW) != excludes
            yield Statement(
                ELIG.minimumAge if least else ELIG.maximumAge,
                int(number),
                match["unit"] or MANY,
                (name in STRICT) != excludes,
                None,
                *span,
            )
