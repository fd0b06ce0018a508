"""Read what trials define, without loading the general ontology for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from rdflib import RDF, URIRef

from eligo.authoring.model import TrialFile
from eligo.authoring.parameters import Used
from eligo.compare import Reading, Side
from eligo.errors import ModelError
from eligo.expression.definitions import read_definitions
from eligo.expression.model import Definition
from eligo.expression.rules import Rules
from eligo.trial.read import read_criteria
from eligo.vocabulary.ontology import Ontology, subclasses


@dataclass(frozen=True)
class Logic:
    """What a trial defines.

    Attributes:
        definitions: Its named classes.
        side: Its criteria, ready to be reasoned about.
        used: What its definitions use.
        below: For each concept, the kinds it is at or below.
    """

    definitions: dict[URIRef, Definition]
    side: Side
    used: Used
    below: dict[URIRef, frozenset[URIRef]]


class LogicReader:
    """Reads the definitions of one trial after the other.

    Args:
        general: The general ontology; each trial is in it only while it is read.
    """

    def __init__(self, general: Ontology) -> None:
        self.general = general
        self.reading = Reading(apart=False)

    @cached_property
    def _below(self) -> dict[URIRef, frozenset[URIRef]]:
        return subclasses(self.general)

    @contextmanager
    def within(self, file: TrialFile) -> Iterator[Ontology]:
        """Hand out the general ontology with a trial in it.

        Args:
            file: The trial.
        """
        self._below  # noqa: B018 (counted before the trial can add to it)
        graph = self.general.graph
        added = [triple for triple in file.triples if triple not in graph]
        described = {s for s, _, _ in added if s not in self.general.origin}
        for triple in added:
            graph.add(triple)
        self.general.origin.update(dict.fromkeys(described, file.path))
        self.general.prefixes["trial"] = f"{file.trial}/"
        try:
            yield self.general
        finally:
            for triple in added:
                graph.remove(triple)
            for subject in described:
                del self.general.origin[subject]

    def read(self, file: TrialFile, ontology: Ontology) -> Logic:
        """Read what a trial defines.

        Args:
            file: The trial.
            ontology: The general ontology with the trial in it.

        Raises:
            ModelError: A definition is missing, cyclic or outside the fragment, or a criterion
                has no place.
        """
        own = any(s == o and p == RDF.type for s, p, o in file.triples)
        try:
            definitions = read_definitions(ontology)
            below = subclasses(ontology) if own else self._below
            criteria = read_criteria(ontology, file.trial)
            rules = Rules(definitions, {}, below)
            name = (file.trial, file.identifier)
            side = self.reading.read(ontology, rules, name, criteria)
        except RecursionError as error:
            raise ModelError(
                f"{file.path}: a definition or a part holds itself; remove one step"
            ) from error
        return Logic(definitions, side, Used.by(definitions.values()), below)
