"""What was proved about the criteria of one trial, in words."""

from __future__ import annotations

from collections.abc import Iterable

from eligo.compare.model import Defect, Remark
from eligo.compare.sides import Item


def sentence(remark: Remark) -> str:
    """Say what a remark says.

    Args:
        remark: What was proved.
    """
    what = what_is(remark)
    return what if remark.item is None else f"{remark.item.notation} {what}"


def what_is(remark: Remark) -> str:
    """Say what a remark says of its criterion, without naming it.

    Args:
        remark: What was proved.
    """
    others = numbers(remark.others)
    match remark.defect:
        case Defect.UNSATISFIABLE:
            return "can never be met"
        case Defect.ALWAYS:
            return "is met by everybody"
        case Defect.CONTRADICTION:
            return f"holds only of patients whom {others} excludes: nobody can join"
        case Defect.DEAD_ALTERNATIVE:
            return f"names alternatives, of which number {remark.way} is excluded by {others}"
        case Defect.REDUNDANT:
            together = " together" if len(remark.others) > 1 else ""
            return f"is redundant: implied by {others}{together}"
        case Defect.NOBODY:
            return "the criteria cannot all be satisfied: nobody can join"


def numbers(items: Iterable[Item]) -> str:
    """Return the numbers of criteria, divided by commas.

    Args:
        items: The criteria.
    """
    return ", ".join(item.notation for item in items)
