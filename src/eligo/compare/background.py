"""What holds of every trial: the hierarchy of concepts, and quantities that count the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from rdflib import URIRef


@dataclass
class Background:
    """What holds of every trial.

    Attributes:
        below: For each concept, the kinds it is at or below.
        possible: For each concept, the kinds it cannot be excluded to be.
        days_of: For each quantity in calendar months, the one that counts the same in days.
    """

    below: dict[URIRef, frozenset[URIRef]] = field(default_factory=dict)
    possible: dict[URIRef, frozenset[URIRef]] = field(default_factory=dict)
    days_of: dict[URIRef, URIRef] = field(default_factory=dict)
