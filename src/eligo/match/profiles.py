"""Trials that the same classes decide, as one: the registry's fields repeat themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rdflib import URIRef

from eligo.assess.match import Candidate, Item
from eligo.vocabulary.tables import Row, Table


@dataclass(frozen=True)
class Profiles:
    """Candidates by what decides them.

    Attributes:
        members: The trials of each profile.
    """

    members: tuple[tuple[Candidate, ...], ...]

    @staticmethod
    def of(candidates: Iterable[Candidate]) -> Profiles:
        """Put together the candidates whose criteria the same classes decide."""
        found: dict[tuple[tuple[str, ...], ...], list[Candidate]] = {}
        for candidate in candidates:
            key = tuple(sorted(_nature(item) for item in candidate.items))
            found.setdefault(key, []).append(candidate)
        return Profiles(tuple(tuple(members) for members in found.values()))

    def tables(self, short: Callable[[URIRef], str]) -> tuple[Table, ...]:
        """Return the profiles as tables.

        Args:
            short: Writes an IRI as tables do.
        """
        classes: list[Row] = []
        bare: list[Row] = []
        trials: list[Row] = []
        for number, members in enumerate(self.members):
            items = members[0].items
            bare.append((number, sum(item.judged is None for item in items)))
            trials += [(number, candidate.identifier) for candidate in members]
            for item in items:
                if item.judged is not None:
                    _, polarity, nature = _nature(item)
                    classes.append((number, short(item.judged), polarity, nature))
        columns = {"profile": "INTEGER"}
        texts = dict.fromkeys(("criterion", "polarity", "nature"), "VARCHAR")
        return (
            Table("m_profile", columns | texts, tuple(classes)),
            Table("m_bare", columns | {"bare": "INTEGER"}, tuple(bare)),
            Table("m_trial", columns | {"trial": "VARCHAR"}, tuple(trials)),
        )


def _nature(item: Item) -> tuple[str, str, str]:
    nature = "unread" if item.unread else "attested" if item.attested else "lacking"
    return str(item.judged or ""), item.polarity.value, nature
