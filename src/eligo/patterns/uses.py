"""Read the uses of patterns from the blocks of a trial's file."""

from __future__ import annotations

from collections.abc import Mapping

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from eligo.patterns.model import Fault, Use
from eligo.patterns.text import TrialText
from eligo.vocabulary.terms import ELIG

NEGATED = URIRef("https://w3id.org/eligo/pattern/negated")
Places = Mapping[URIRef, Mapping[URIRef | None, str]]


def read_uses(source: TrialText, places: Places) -> tuple[list[Use], list[Fault]]:
    """Return the uses of patterns in the order of the file, and what is wrong with blocks.

    Args:
        source: The file.
        places: Where the values of criteria stand that rows wrote.
    """
    uses: list[Use] = []
    faults: list[Fault] = []
    order = {name: place for place, name in enumerate(source.statements)}
    found = sorted(
        {c for c in source.graph.subjects(ELIG.byPattern) if isinstance(c, URIRef)},
        key=lambda c: (order.get(c, 0), c),
    )
    for criterion in found:
        place = f"{source.path}: {source.short(criterion)}"
        own: Mapping[URIRef | None, str] = places.get(criterion) or {None: place}
        read = _use(source, criterion, own)
        if isinstance(read, str):
            faults.append(Fault(own[None], read))
        else:
            uses.append(read)
    return uses, faults


def _use(source: TrialText, criterion: URIRef, places: Mapping[URIRef | None, str]) -> Use | str:
    graph = source.graph
    if criterion not in source.criteria:
        return "has a block but is no criterion; declare it as elig:Criterion"
    blocks = list(graph.objects(criterion, ELIG.byPattern))
    if len(blocks) != 1:
        return f"has {len(blocks)} blocks (elig:byPattern); keep one, and make parts of the rest"
    (block,) = blocks
    kinds = list(graph.objects(block, RDF.type))
    if not isinstance(block, BNode) or len(kinds) != 1 or not isinstance(kinds[0], URIRef):
        return "needs one pattern in its block: elig:byPattern [ a pattern:… ]"
    values: dict[URIRef, list[str]] = {}
    negated = "false"
    for predicate, value in sorted(graph.predicate_objects(block), key=lambda pair: str(pair[1])):
        if predicate == RDF.type or not isinstance(predicate, URIRef):
            continue
        text = _text(value)
        if text is None:
            return f"has a nested node as {source.short(predicate)}; write a value"
        if predicate == NEGATED:
            negated = text.lower()
        else:
            values.setdefault(predicate, []).append(text)
    if negated not in ("true", "false", "1", "0"):
        return f"has {negated!r} as pattern:negated; write true or false"
    ordered = {name: tuple(texts) for name, texts in values.items()}
    return Use(criterion, kinds[0], ordered, negated in ("true", "1"), places)


def _text(value: Node) -> str | None:
    return str(value) if isinstance(value, URIRef | Literal) else None
