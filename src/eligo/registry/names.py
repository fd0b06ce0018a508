"""Names of what an imported trial holds, and how they are written in Turtle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rdflib import Literal, URIRef

from eligo.compile.turtle import Pairs, write_subject
from eligo.vocabulary.ontology import PREFIXES

TRIAL = "https://w3id.org/eligo/trial/"
ONTOLOGY = "https://w3id.org/eligo/ontology/trials/"
OWN = "nct"
MODULE = "EligibilityModule"
POPULATION = "EligiblePopulation"


@dataclass(frozen=True)
class Names:
    """The names of one trial.

    Attributes:
        identifier: Its registry number.
    """

    identifier: str

    @property
    def trial(self) -> URIRef:
        """The trial."""
        return URIRef(TRIAL + self.identifier)

    @property
    def ontology(self) -> str:
        """The ontology that describes it."""
        return ONTOLOGY + self.identifier

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Prefixes by which names are written."""
        return {**PREFIXES, OWN: f"{self.trial}/"}

    def of(self, local: str) -> URIRef:
        """Return the name of something that belongs to the trial."""
        return URIRef(f"{self.trial}/{local}")

    def short(self, term: URIRef) -> str:
        """Write a name with its prefix, or in full where none fits."""
        start, _, local = term.rpartition("#")
        space = f"{start}#"
        if not start:
            start, _, local = term.rpartition("/")
            space = f"{start}/"
        prefix = self._by_space.get(space)
        return f"{prefix}:{local}" if prefix and local else f"<{term}>"

    @cached_property
    def _by_space(self) -> dict[str, str]:
        return {space: prefix for prefix, space in self.prefixes.items()}

    def block(self, subject: URIRef, pairs: Pairs) -> str:
        """Write a subject with its statements."""
        return write_subject(subject, pairs, self.short)

    def document(self, blocks: list[str]) -> str:
        """Write blocks with the prefixes that they use before them."""
        body = "\n".join(blocks)
        used = sorted(prefix for prefix in self.prefixes if f"{prefix}:" in body)
        lines = "".join(f"@prefix {prefix}: <{self.prefixes[prefix]}> .\n" for prefix in used)
        return f"{lines}\n{body}"


def words(text: str) -> Literal:
    """Return English words."""
    return Literal(text, lang="en")
