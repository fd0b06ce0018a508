"""Read record items and templates from the populations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rdflib import Literal, URIRef
from rdflib.term import Node

from eligo.expression.model import Attribute, HasValue, Kind
from eligo.synth.model import Fact, Item, Variant
from eligo.synth.values import Use, Values
from eligo.vocabulary.terms import ELIG

TRUE = Literal(True)


def read_items(values: Values, population: URIRef, *, awkward: bool = False) -> tuple[Item, ...]:
    """Return the record items of a population, in the order of their IRIs.

    Raises:
        ModelError: An item is malformed.
    """
    source = values.source
    members = sorted(
        name
        for name in source.graph.subjects(ELIG.inPopulation, population)
        if isinstance(name, URIRef) and ((name, ELIG.awkwardItem, TRUE) in source.graph) == awkward
    )
    return tuple(_item(values, name) for name in members)


def replaced(values: Values, population: URIRef) -> frozenset[URIRef]:
    """Return the measures, relations and concepts that the items of a population stand for."""
    graph = values.source.graph
    return frozenset(
        term
        for item in graph.subjects(ELIG.inPopulation, population)
        for term in graph.objects(item, ELIG.inPlaceOf)
        if isinstance(term, URIRef)
    )


def _item(values: Values, name: URIRef) -> Item:
    nodes = values.listed(name, ELIG.hasVariants)
    if not nodes:
        raise values.error(name, "a record item needs variants (elig:hasVariants)")
    variants = tuple(read_variant(values, node, Use()) for node in nodes)
    return Item(local_name(name), variants, values.source.iri(name, ELIG.forSex))


def read_variant(values: Values, node: Node, use: Use) -> Variant:
    """Read a variant of an item or a template."""
    facts = [values.fact(fact, use) for fact in values.listed(node, ELIG.records)]
    facts += _assessed(values, node, facts)
    typical = (node, ELIG.typical, TRUE) in values.source.graph
    return Variant(tuple(facts), weight(values, node), typical)


def weight(values: Values, node: Node) -> float:
    """Return how often a variant is drawn beside others."""
    return float(values.source.text(node, ELIG.weight) or "1")


def _assessed(values: Values, node: Node, facts: list[Fact]) -> list[Fact]:
    """Return a finding for each item of the scoring systems that a variant assesses."""
    graph = values.model.ontology.graph
    present = set(values.listed(node, ELIG.findsPresent))
    held = set(graph.objects(ELIG.hasFinding, ELIG.holdsKind))
    judged = {concept for concept, above in values.model.rules.below.items() if held & above}
    findings: dict[Node, bool] = {}
    for system in values.source.graph.objects(node, ELIG.assessesItemsOf):
        for domain in graph.subjects(ELIG.partOfScore, system):
            for item in graph.subjects(ELIG.inDomain, domain):
                for counts in (ELIG.anyFinding, ELIG.allFindings):
                    for finding in set(graph.objects(item, counts)) & judged:
                        findings[finding] = finding in present
    findings |= dict.fromkeys(present, True)
    if not findings:
        return []
    pattern = next((fact for fact in facts if fact.kind == ELIG.Finding), None)
    if pattern is None:
        raise values.error(node, "findings need a pattern of class elig:Finding among the facts")
    facts.remove(pattern)
    return [
        pattern.stating(((ELIG.code, name), (ELIG.present, Literal(findings[name]))))
        for name in sorted(findings, key=str)
        if isinstance(name, URIRef)
    ]


def measure_item(values: Values, measure: URIRef) -> Item | None:
    """Return the item inferred for a measure by the template of its family, if there is one."""
    family = values.model.ontology.iri(measure, ELIG.family)
    template = None if family is None else template_for(values, ELIG.forFamily, family)
    if template is None:
        return None
    good, bad = _answers(values, measure)
    decided = any(a.firm or not a.wanted for a in values.demands.measures.get(measure, []))
    variants: list[Variant] = []
    for node in values.listed(template, ELIG.hasVariants):
        answer = values.source.graph.value(node, ELIG.forValue)
        typical = answer in good or (not good and answer is not None and answer not in bad)
        inside = read_variant(values, node, Use(measure, values.demands.interval(measure), False))
        beside = read_variant(values, node, Use(measure))
        if answer is None and inside.facts and inside != beside:
            variants.append(replace(inside, typical=decided))
        variants.append(replace(beside, typical=typical or not (decided or beside.facts)))
    kinds = frozenset(values.model.ontology.graph.objects(measure, ELIG.ofKind))
    return Item(local_name(measure), tuple(variants), sex_of(values, kinds))


def sex_of(values: Values, kinds: Iterable[Node]) -> URIRef | None:
    """Return the sex at birth that a template limits kinds to, None for any."""
    below = values.model.rules.below
    for template, limited in sorted(values.source.graph.subject_objects(ELIG.forKind), key=str):
        if any(isinstance(k, URIRef) and limited in below.get(k, frozenset()) for k in kinds):
            return values.source.iri(template, ELIG.forSex)
    return None


def recorded_by(items: Iterable[Item]) -> frozenset[tuple[URIRef, URIRef]]:
    """Return the classes and codes of the facts that items put on record."""
    return frozenset(
        (fact.kind, code)
        for item in items
        for variant in item.variants
        for fact in variant.facts
        for name, code in fact.statements
        if name == ELIG.code and isinstance(code, URIRef)
    )


def _answers(values: Values, measure: URIRef) -> tuple[set[Node], set[Node]]:
    """Return the values of a measure that let a patient join, and those that do not."""
    good: set[Node] = set()
    bad: set[Node] = set()
    for asked in values.demands.measures.get(measure, []):
        if asked.wanted and not asked.firm:
            continue
        side = good if asked.wanted else bad
        match asked.part:
            case HasValue(value=value):
                side.add(value)
            case Attribute(filler=Kind(concept)):
                side.add(concept)
                above = values.model.rules.below.get(concept, frozenset())
                side |= set(above) if not asked.wanted else set()
            case _:
                continue
    return good - bad, bad


def template_for(values: Values, predicate: URIRef, term: URIRef) -> Node | None:
    """Return the template of a family of measures or of a class of facts, None without one."""
    graph = values.source.graph
    found = sorted(
        (t for t in graph.subjects(predicate, term) if (t, ELIG.forAttribute, None) not in graph),
        key=str,
    )
    return found[0] if found else None


def local_name(term: URIRef) -> str:
    """Return the last part of an IRI."""
    return str(term).rstrip("/").rpartition("/")[2]
