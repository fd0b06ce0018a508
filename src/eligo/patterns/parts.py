"""Criteria and their parts: what a combination joins, and what is good for the patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rdflib import Literal, URIRef

from eligo.errors import ModelError
from eligo.patterns.model import Fault, Use, local_name
from eligo.patterns.text import TrialText
from eligo.patterns.uses import NEGATED
from eligo.patterns.values import Named
from eligo.vocabulary.terms import ELIG

PARTS = URIRef("https://w3id.org/eligo/pattern/parts")
TRUE = ("true", "1")


def fill_parts(source: TrialText, criterion: URIRef, values: dict[str, object]) -> None:
    """Let a combination that names no parts join those of the criterion.

    Raises:
        ModelError: The criterion has none.
    """
    if values.get("parts") != []:
        return
    found = source.parts(criterion)
    if not found:
        raise ModelError(
            f"{source.short(criterion)} has no parts; add rows such as "
            f"{local_name(criterion)}.1, or name the parts"
        )
    values["parts"] = [
        Named(part, source.words(part, ELIG.quotes) or local_name(part), local_name(part))
        for part in found
    ]


def is_inclusion(source: TrialText, criterion: URIRef) -> bool:
    """Tell whether a criterion belongs to one that must hold.

    Raises:
        ModelError: It is a part of itself.
    """
    top = [criterion, *source.ancestors(criterion)][-1]
    return source.named(top, ELIG.kind) != ELIG.Exclusion


def favourable(source: TrialText, criterion: URIRef) -> URIRef:
    """Return the status of a nested criterion that is good for the patient.

    Raises:
        ModelError: It is a part of itself.
    """
    good = is_inclusion(source, criterion)
    for above in source.ancestors(criterion):
        for block in source.graph.objects(above, ELIG.byPattern):
            value = source.graph.value(block, NEGATED)
            if isinstance(value, Literal) and str(value) in TRUE:
                good = not good
    return ELIG.Met if good else ELIG.NotMet


def ring_faults(source: TrialText, uses: Sequence[Use]) -> list[Fault]:
    """Return a fault for each criterion that is a part of itself, or joins itself.

    Args:
        source: The file.
        uses: The uses of patterns.
    """
    joined: dict[URIRef, set[URIRef]] = {}
    for criterion in source.criteria:
        above = source.named(criterion, ELIG.partOf)
        if above is not None:
            joined.setdefault(above, set()).add(criterion)
    for use in uses:
        named = use.values.get(PARTS, ())
        joined.setdefault(use.criterion, set()).update(
            URIRef(name if "://" in name else f"{source.trial}/{name}") for name in named
        )
    faults = []
    for criterion in sorted(source.criteria):
        if criterion in set(_reach(criterion, joined)):
            text = "joins itself, directly or through its parts; correct parts or elig:partOf"
            faults.append(Fault(f"{source.path}: {source.short(criterion)}", text))
    return faults


def _reach(start: URIRef, joined: Mapping[URIRef, set[URIRef]]) -> Iterator[URIRef]:
    seen: set[URIRef] = set()
    rest = list(joined.get(start, ()))
    while rest:
        name = rest.pop()
        if name not in seen:
            seen.add(name)
            yield name
            rest.extend(joined.get(name, ()))
