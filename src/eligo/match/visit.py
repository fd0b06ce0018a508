"""Read trials over one general ontology, one after the other, each gone before the next comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from eligo.patterns.load import expanded_data
from eligo.resources import ontology_files
from eligo.trial.trial import TrialModel, trial_in
from eligo.vocabulary.mappings import MappingFolder, add_mappings
from eligo.vocabulary.ontology import Ontology, load_ontology


@dataclass(frozen=True)
class Host:
    """A general ontology that trials visit.

    Attributes:
        mappings: Folders of the user's own code mappings.
    """

    mappings: Sequence[str]

    @cached_property
    def _general(self) -> tuple[Ontology, tuple[MappingFolder, ...]]:
        ontology = load_ontology(ontology_files())
        return ontology, add_mappings(ontology, self.mappings)

    @contextmanager
    def visit(self, path: Path) -> Iterator[TrialModel]:
        """Read a trial; its ontology holds it only as long as it visits.

        Args:
            path: The trial's file.

        Raises:
            InputError: The file is malformed.
            ModelError: The trial is not well formed.
        """
        general, folders = self._general
        expanded = expanded_data(path, general)
        visited = Ontology(
            general.graph,
            dict(general.origin),
            dict(general.prefixes),
            dict(general.declared_prefixes),
        )
        before = Ontology(type(general.graph)(bind_namespaces="none"))
        before.add_file(path, expanded)
        added = [triple for triple in before.graph if triple not in general.graph]
        for subject, predicate, value in added:
            general.graph.add((subject, predicate, value))
            visited.origin.setdefault(subject, path)
        visited.declared_prefixes |= before.declared_prefixes
        try:
            yield trial_in(visited, path, folders, expanded)
        finally:
            for triple in added:
                general.graph.remove(triple)
