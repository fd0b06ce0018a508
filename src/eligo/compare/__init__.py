"""Reasoning across trials: which criteria and populations lie in which."""

from eligo.compare.judge import Between
from eligo.compare.model import (
    Compared,
    Comparison,
    Containment,
    Defect,
    How,
    Inside,
    Pair,
    Relation,
    Remark,
    Source,
)
from eligo.compare.questions import Questions
from eligo.compare.sides import Item, Reading, Side
from eligo.compare.within import Within

__all__ = [
    "Between",
    "Compared",
    "Comparison",
    "Containment",
    "Defect",
    "How",
    "Inside",
    "Item",
    "Pair",
    "Questions",
    "Reading",
    "Relation",
    "Remark",
    "Side",
    "Source",
    "Within",
]
