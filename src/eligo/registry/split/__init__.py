"""Split the text of criteria into items with their spans: which are nested, which exclude."""

from eligo.registry.split.items import Item, split

__all__ = ["Item", "split"]
