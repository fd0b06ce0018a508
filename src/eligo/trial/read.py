"""Read a trial's criteria, advisories, decisions and the policies from an ontology."""

from __future__ import annotations

from rdflib import Literal, URIRef
from rdflib.namespace import OWL, RDF, SKOS

from eligo.errors import ModelError, UsageError
from eligo.evaluate.truth import Status
from eligo.trial.model import Advisory, Criterion, Decision, Polarity, Policy
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

KINDS = {ELIG.Inclusion: Polarity.INCLUSION, ELIG.Exclusion: Polarity.EXCLUSION}


def read_criteria(ontology: Ontology, trial: URIRef) -> tuple[Criterion, ...]:
    """Return the top-level criteria of a trial, inclusions first, in the record's order.

    Raises:
        ModelError: A criterion lacks its kind, number or place in the record.
    """
    top = [
        name
        for name in _of_trial(ontology, trial, ELIG.Criterion)
        if ontology.iri(name, ELIG.partOf) is None
    ]
    criteria = []
    for name in top:
        kind = ontology.iri(name, ELIG.kind)
        if kind not in KINDS:
            raise ModelError(
                f"{ontology.where(name)}: {ontology.short(name)} needs elig:kind elig:Inclusion or "
                "elig:Exclusion, or elig:partOf a criterion that has one"
            )
        criteria.append((KINDS[kind], _ordinal(ontology, name), name))
    if not criteria:
        raise ModelError(f"no criterion is stated to be elig:ofTrial {ontology.short(trial)}")
    order = sorted(criteria, key=lambda c: (c[0] is Polarity.EXCLUSION, c[1], c[2]))
    return tuple(_criterion(ontology, name, polarity) for polarity, _, name in order)


def _criterion(ontology: Ontology, name: URIRef, polarity: Polarity) -> Criterion:
    graph = ontology.graph
    parts = sorted(
        (
            part
            for part in graph.subjects(ELIG.partOf, name)
            if isinstance(part, URIRef) and (part, RDF.type, ELIG.Criterion) in graph
        ),
        key=lambda part: (_ordinal(ontology, part), part),
    )
    start, end = (ontology.text(name, p) for p in (ELIG.quoteStart, ELIG.quoteEnd))
    favourable = ontology.iri(name, ELIG.favourable)
    good = Status.MET if polarity is Polarity.INCLUSION else Status.NOT_MET
    return Criterion(
        name=name,
        notation=_notation(ontology, name),
        label=ontology.label(name),
        definition=ontology.definition(name) or "",
        polarity=polarity,
        quote=ontology.text(name, ELIG.quotes),
        span=(int(start), int(end)) if start and end else None,
        decisions=_decisions(ontology, name),
        ask=ontology.text(name, ELIG.askFor),
        attested=graph.value(name, ELIG.attestationOnly) == Literal(True),
        favourable={ELIG.Met: Status.MET, ELIG.NotMet: Status.NOT_MET}.get(favourable, good)
        if favourable
        else good,
        parts=tuple(_criterion(ontology, part, polarity) for part in parts),
        formalised=graph.value(name, OWL.equivalentClass) is not None,
    )


def read_advisories(ontology: Ontology, trial: URIRef) -> tuple[Advisory, ...]:
    """Return the advisories of a trial."""
    return tuple(
        Advisory(
            name,
            ontology.label(name),
            ontology.text(name, ELIG.message) or ontology.label(name),
            tuple(
                sorted(
                    _notation(ontology, c)
                    for c in ontology.graph.objects(name, ELIG.advises)
                    if isinstance(c, URIRef)
                )
            ),
        )
        for name in _of_trial(ontology, trial, ELIG.Advisory)
    )


def read_policies(ontology: Ontology) -> dict[str, Policy]:
    """Return the evidence policies by the name they are chosen by."""
    policies = {}
    for name in sorted(ontology.graph.subjects(RDF.type, ELIG.Policy), key=str):
        if not isinstance(name, URIRef):
            continue
        assumes = []
        for closure in ontology.graph.objects(name, ELIG.assumesComplete):
            relation = ontology.iri(closure, ELIG.aboutRelation)
            if relation is None:
                raise ModelError(
                    f"{ontology.where(name)}: {ontology.short(name)} assumes something complete "
                    "without naming the relation (elig:aboutRelation)"
                )
            assumes.append((relation, ontology.iri(closure, ELIG.forKind)))
        notation = _notation(ontology, name)
        policies[notation] = Policy(
            name,
            notation,
            ontology.label(name),
            ontology.definition(name) or "",
            tuple(sorted(assumes, key=str)),
        )
    return policies


def choose_policy(policies: dict[str, Policy], notation: str) -> Policy:
    """Return the policy of a name.

    Raises:
        UsageError: There is none; the message lists those there are.
    """
    if notation not in policies:
        raise UsageError(
            f"unknown policy {notation!r}: known policies are {', '.join(sorted(policies))}"
        )
    return policies[notation]


def _decisions(ontology: Ontology, name: URIRef) -> tuple[Decision, ...]:
    found = []
    for decision in ontology.graph.objects(name, ELIG.adopts):
        adopted = ontology.text(decision, ELIG.adopted)
        if adopted is None or not isinstance(decision, URIRef):
            raise ModelError(
                f"{ontology.where(name)}: {ontology.short(name)} adopts "
                f"{ontology.short(decision)}, which states no adopted reading (elig:adopted)"
            )
        found.append(
            Decision(
                decision,
                _notation(ontology, decision),
                adopted,
                ontology.text(decision, ELIG.alternative),
                ontology.text(decision, ELIG.rationale),
            )
        )
    return tuple(sorted(found, key=lambda d: d.notation))


def _of_trial(ontology: Ontology, trial: URIRef, kind: URIRef) -> list[URIRef]:
    return sorted(
        name
        for name in ontology.graph.subjects(ELIG.ofTrial, trial)
        if isinstance(name, URIRef) and (name, RDF.type, kind) in ontology.graph
    )


def _notation(ontology: Ontology, name: URIRef) -> str:
    notation = ontology.text(name, SKOS.notation)
    if notation is None:
        raise ModelError(f"{ontology.where(name)}: {ontology.short(name)} needs a skos:notation")
    return notation


def _ordinal(ontology: Ontology, name: URIRef) -> int:
    text = ontology.text(name, ELIG.ordinal)
    if text is None or not text.isdigit():
        raise ModelError(
            f"{ontology.where(name)}: {ontology.short(name)} needs a whole number as elig:ordinal"
        )
    return int(text)
