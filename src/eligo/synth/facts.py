"""Infer record items from the facts that the rules of a trial speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from rdflib import Literal, URIRef
from rdflib.namespace import RDFS
from rdflib.term import Node

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
)
from eligo.synth.items import local_name, recorded_by, sex_of, template_for
from eligo.synth.limits import Asked, wanted_ends
from eligo.synth.model import Choice, Fact, Item, Value, Variant
from eligo.synth.values import Use, Values
from eligo.vocabulary.terms import ELIG

Statements: TypeAlias = tuple[tuple[URIRef, Value], ...]
Part: TypeAlias = Range | HasValue | Attribute
ABSENT = 40.0
"""How much more often a fact is absent than any one way of its being on record."""
EXAMPLES = 3
"""How many concepts stand for a kind."""


@dataclass(frozen=True)
class Sought:
    """What a rule says of a fact.

    Attributes:
        kinds: Concepts it may be of.
        others: Concepts it must not be of.
        parts: What else it asks.
    """

    kinds: tuple[URIRef, ...]
    others: tuple[URIRef, ...]
    parts: tuple[Part, ...]


def fact_items(
    values: Values,
    stood_for: frozenset[URIRef],
    recorded: frozenset[tuple[URIRef, URIRef]],
) -> Iterator[Item]:
    """Yield an item for each kind of fact that the rules name.

    Args:
        values: Reads the templates.
        stood_for: Relations and concepts that other items stand for.
        recorded: Classes and codes of facts that other items put on record.
    """
    found: dict[str, Item] = {}
    for asked in values.demands.facts:
        some = asked.part
        assert isinstance(some, Some)
        relation, planned = _recorded(values, some.relation)
        if relation is None or some.relation in stood_for:
            continue
        classifier = values.model.rules.classifiers.get(some.relation)
        sought = _sought(values, some.filler, classifier)
        if not sought.kinds or stood_for & set(sought.kinds):
            continue
        item = _item(values, asked, relation, sought, planned)
        if item is None or recorded_by([item]) & recorded:
            continue
        known = found.get(item.name)
        found[item.name] = item if known is None else _joined(known, item)
    yield from found.values()


def _joined(known: Item, other: Item) -> Item:
    """Return an item with the variants of another that it lacks; none of them is typical."""
    facts = {variant.facts for variant in known.variants}
    more = tuple(replace(v, typical=False) for v in other.variants if v.facts not in facts)
    return replace(known, variants=known.variants + more)


def _recorded(values: Values, relation: URIRef) -> tuple[URIRef | None, Statements]:
    """Return the recorded relation below which facts are stated, and what they state for it."""
    ontology = values.model.ontology
    base = ontology.iri(relation, ELIG.baseRelation)
    family = ontology.iri(relation, ELIG.family)
    if base is None:
        return relation, ()
    if family is None:
        return base, ()
    template = template_for(values, ELIG.forFamily, family)
    return (None, ()) if template is None else (base, _stated(values, template, Use(relation)))


def _stated(values: Values, template: Node, use: Use) -> Statements:
    node = values.source.graph.value(template, ELIG.states)
    return () if node is None else values.statements(node, use)


def _sought(values: Values, filler: Expression, classifier: URIRef | None) -> Sought:
    """Return what a rule says of a fact; alternatives and requirements are taken together."""
    kinds: dict[URIRef, None] = {}
    others: dict[URIRef, None] = {}
    parts: dict[Part, None] = {}
    waiting: list[Expression] = [filler]
    while waiting:
        match waiting.pop(0):
            case Attribute(attribute=name, filler=inner) if name == classifier:
                _concepts(inner, kinds, others)
            case (Range() | HasValue() | Attribute()) as part:
                parts.setdefault(part)
            case And(inner) | Or(inner):
                waiting = [*inner, *waiting]
            case Not(inner):
                waiting.insert(0, inner)
            case Ref(name):
                body = values.model.rules.definitions[name].expression
                waiting = waiting if body is None else [body, *waiting]
            case _:
                continue
    return Sought(tuple(kinds), tuple(others), tuple(parts))


def _concepts(expression: Expression, found: dict[URIRef, None], rest: dict[URIRef, None]) -> None:
    """Note the concepts that an expression names, and those that it excepts."""
    match expression:
        case Kind(concept):
            found[concept] = None
        case Not(part):
            _concepts(part, rest, found)
        case And(parts) | Or(parts):
            for part in parts:
                _concepts(part, found, rest)
        case _:
            return


def _item(
    values: Values, asked: Asked, relation: URIRef, sought: Sought, planned: Statements
) -> Item | None:
    assert isinstance(asked.part, Some)
    ontology = values.model.ontology
    kind = ontology.iri(relation, RDFS.range)
    classifier = values.model.rules.classifiers.get(relation)
    if kind is None or classifier is None:
        return None
    template = template_for(values, ELIG.forClass, kind)
    usual = _stated(values, template, Use()) if template is not None else ()
    named = [c for k in sought.kinds for c in _examples(values, k, sought.others)]
    concepts = Choice(tuple(named)) if len(named) > 1 else named[0]
    bare = Fact(kind, ()).stating((*usual, (classifier, concepts))).stating(planned)
    window = () if planned else _stating(values, kind, asked.part.relation, True)

    def fact(answers: Mapping[Part, bool]) -> Fact:
        """Return a fact for which parts of the rule hold or not; others are left open."""
        found = bare
        for part, holds in answers.items():
            found = found.stating(_stating(values, kind, part, holds))
        return found.stating(window)

    every: dict[Part, bool] = dict.fromkeys(sought.parts, True)
    full = fact(every)
    facts = [full]
    for part in sought.parts:
        facts.append(fact(every | {part: False}))
        facts.append(fact({other: True for other in sought.parts if other != part}))
    if sought.others:
        facts.append(full.stating(((classifier, Choice(sought.others)),)))
    variants = [Variant((), ABSENT, not asked.needed)]
    for number, stated in enumerate(dict.fromkeys(facts)):
        variants.append(Variant((stated,), 1.0, asked.needed and number == 0))
    name = "-".join([local_name(relation), *(local_name(k) for k in sought.kinds[:2])])
    return Item(name.removeprefix("has"), tuple(variants), sex_of(values, sought.kinds))


def _stating(values: Values, kind: URIRef, part: Part | URIRef, holds: bool) -> Statements:
    """Return what a fact states so that part of a rule holds, or does not."""
    name = part if isinstance(part, URIRef) else part.attribute
    use = Use(name)
    if isinstance(part, Range):
        ends = tuple(end for end in (part.minimum, part.maximum) if end is not None)
        use = Use(name, wanted_ends(Asked(part, holds)), ends=ends)
    answer = None
    if isinstance(part, HasValue):
        answer = part.value if holds else _opposite(part.value)
    for template in _serving(values, name, kind):
        given = values.source.graph.value(template, ELIG.forValue)
        if given is None or given == answer:
            return _stated(values, template, use)
    match part:
        case HasValue() if answer is not None:
            return ((name, answer),)
        case Attribute(filler=filler):
            sought = _sought(values, Attribute(name, filler), name)
            found = [c for k in sought.kinds for c in _examples(values, k, sought.others)]
            side = found if holds else list(sought.others)
            return ((name, Choice(tuple(side))),) if side else ()
        case _:
            return ()


def _serving(values: Values, attribute: URIRef, kind: URIRef) -> list[Node]:
    graph = values.source.graph
    found = [
        template
        for template in graph.subjects(ELIG.forAttribute, attribute)
        if values.source.iri(template, ELIG.forClass) in (None, kind)
    ]
    return sorted(found, key=lambda t: ((t, ELIG.forClass, None) not in graph, str(t)))


def _opposite(value: URIRef | Literal) -> Literal | None:
    return Literal(not value.toPython()) if isinstance(value, Literal) else None


def _examples(values: Values, kind: URIRef, others: tuple[URIRef, ...]) -> list[URIRef]:
    """Return concepts that are of a kind and of none of the others: the most specific ones."""
    below = values.model.rules.below
    members = sorted(c for c, above in below.items() if kind in above)
    broad = {above for c in members for above in below[c] if above != c}
    leaves = [c for c in members if c not in broad and not below[c] & set(others)]
    chosen = [c for c in leaves if not _may_be(values, c, others)]
    return (chosen or leaves or [kind])[:EXAMPLES]


def _may_be(values: Values, concept: URIRef, others: tuple[URIRef, ...]) -> bool:
    graph = values.model.ontology.graph
    return any((concept, ELIG.mayBe, None) in graph for _ in others)
