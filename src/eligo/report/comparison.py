"""How two trials compare, in words."""

from __future__ import annotations

from eligo.compare import Compared, Comparison, Containment, How, Inside, Item, Pair, Relation, Side
from eligo.compare.words import sentence
from eligo.report.page import Page

THAN = {
    Relation.EQUAL: ("equal to", "equal to", "good"),
    Relation.NARROWER: ("narrower than", "wider than", "good"),
    Relation.WIDER: ("wider than", "narrower than", "good"),
    Relation.DISJOINT: ("disjoint from", "disjoint from", "bad"),
    Relation.INCOMPARABLE: ("not proved to compare with", "not proved to compare with", "dim"),
}
"""What a relation is called from the first and from the second criterion, and its style."""
SAME_DATES = "Criteria are classes of patients here, both trials screening on the same dates."


def write_comparison(compared: Compared, page: Page) -> None:
    """Write how two trials compare.

    Args:
        compared: The comparison and what it was made from.
        page: Where to write.
    """
    comparison = compared.comparison
    first, second = comparison.first, comparison.second
    page.put(f"{first.identifier} against {second.identifier}", style="bold")
    page.put(f"{compared.reasoner}, {compared.questions} questions. {SAME_DATES}", indent=2)
    page.blank()
    page.put("Populations", style="bold")
    _containment(first, second, comparison.first_inside, page)
    _containment(second, first, comparison.second_inside, page)
    if comparison.apart:
        page.put("nobody can join both", indent=2, style="bad")
    for side, other in ((first, second), (second, first)):
        page.blank()
        page.put(f"Criteria of {side.identifier}", style="bold")
        for item in side.items:
            _item(item, other, comparison, page)
    for side, remarks in zip((first, second), comparison.remarks, strict=True):
        if remarks:
            page.blank()
            page.put(f"Within {side.identifier}", style="bold")
        for remark in remarks:
            page.put(sentence(remark), indent=2)


def _containment(narrow: Side, wide: Side, found: Containment, page: Page) -> None:
    text = f"{narrow.identifier} inside {wide.identifier}: "
    if found.inside is not Inside.NOT_PROVED:
        style = "good" if found.inside is Inside.YES else "open"
        page.put(text, indent=2, tail=_words(found.inside), tail_style=style)
        return
    page.put(text, indent=2, tail="not proved", tail_style="dim")
    if found.open:
        names = ", ".join(item.notation for item in found.open)
        page.put(names, indent=4, lead=f"not shown of all who can join {narrow.identifier}: ")
    else:
        page.put(f"nobody can join {narrow.identifier}", indent=4)


def _words(inside: Inside) -> str:
    if inside is Inside.YES:
        return "yes"
    return "yes as far as formalised; other criteria are not, so it is not sure"


def _item(item: Item, other: Side, comparison: Comparison, page: Page) -> None:
    page.put(item.label, indent=2, lead=f"{item.notation}  ")
    if not item.formalised:
        page.put("not formalised: nothing can be said of it", indent=6, style="dim")
        return
    if not item.whole:
        page.put("in part not formalised", indent=6, style="dim")
    pairs = comparison.of(item)
    for pair in sorted(pairs, key=lambda pair: list(Relation).index(pair.relation)):
        _pair(pair, item, page)
    if not pairs and not item.asks_nothing:
        page.put(f"no counterpart in {other.identifier}", indent=6, style="dim")
    elif item.asks_nothing:
        page.put("asks for nothing", indent=6, style="dim")


def _pair(pair: Pair, item: Item, page: Page) -> None:
    is_first = item is pair.first
    other = pair.second if is_first else pair.first
    here, there, style = THAN[pair.relation]
    mixed = pair.how in (How.INCLUSION_EXCLUSION, How.EXCLUSION_INCLUSION)
    lead = "its negation is " if mixed and item.excludes else ""
    negation = "the negation of " if mixed and other.excludes else ""
    page.put(
        f"{lead}{here if is_first else there} {negation}{other.notation} ({other.label})",
        indent=6,
        style=style,
    )
