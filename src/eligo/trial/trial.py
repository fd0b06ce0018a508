"""A trial, ready to screen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, RDF

from eligo.compile.trial import compile_trial
from eligo.errors import ModelError
from eligo.evaluate.truth import Truth
from eligo.expression.asked import Asked, asked
from eligo.expression.rules import Rules, read_rules
from eligo.patterns.load import expanded_data
from eligo.resources import ontology_files, trial_file
from eligo.trial.model import Advisory, Criterion, Policy
from eligo.trial.read import read_advisories, read_criteria, read_policies
from eligo.vocabulary.mappings import MappingFolder, add_mappings
from eligo.vocabulary.ontology import Ontology, load_ontology, turtle_graph
from eligo.vocabulary.tables import Table, vocabulary_tables
from eligo.vocabulary.terms import ELIG


@dataclass(frozen=True)
class TrialModel:
    """A trial as read from its ontology.

    Attributes:
        name: IRI of the trial.
        identifier: Registry number.
        ontology: The general ontology with that of the trial.
        rules: Its named classes.
        criteria: Top-level criteria in the record's order.
        advisories: What a reader may have to be told.
        policies: Evidence policies by name.
        mappings: Folders of the user's own code mappings.
        expanded: What the trial's file stands for where its patterns were expanded while loading.
    """

    name: URIRef
    identifier: str
    ontology: Ontology
    rules: Rules
    criteria: tuple[Criterion, ...]
    advisories: tuple[Advisory, ...]
    policies: dict[str, Policy]
    mappings: tuple[MappingFolder, ...] = ()
    expanded: bytes = b""

    @cached_property
    def shapes_text(self) -> str:
        """The compiled shapes as Turtle."""
        return compile_trial(self.ontology, self.rules, self.criteria, self.identifier)

    @cached_property
    def shapes(self) -> Graph:
        """The compiled shapes as a graph."""
        return turtle_graph(self.shapes_text)

    @cached_property
    def asked(self) -> Asked:
        """What the trial's classes ask of a record."""
        return asked(self.rules)

    @cached_property
    def patient_classes(self) -> tuple[URIRef, ...]:
        """The named classes of patients: criteria, what supports them, advisories, populations."""
        types = self.ontology.graph
        names = sorted(self.rules.definitions)
        return tuple(n for n in names if (n, RDF.type, ELIG.FactClass) not in types)

    @cached_property
    def assumed(self) -> dict[URIRef, Truth]:
        """What prescreens assume: what only a person can attest, in the patient's favour."""
        every = (criterion for top in self.criteria for criterion in top.walk())
        return {c.name: Truth.of(c.favourable) for c in every if c.attested}

    @cached_property
    def vocabulary(self) -> tuple[Table, ...]:
        """The ontology as tables for derivation."""
        return vocabulary_tables(self.ontology, self.rules.below)

    @cached_property
    def digest(self) -> str:
        """A hash of everything that decides: the ontology, the trial, the user's own mappings."""
        files = sorted(self.ontology.declared_prefixes, key=lambda path: path.name)
        digest = hashlib.sha256(version("eligo").encode())
        for file in files:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        digest.update(self.expanded)
        for folder in self.mappings:
            digest.update(folder.digest.encode())
        return digest.hexdigest()

    @property
    def judged(self) -> tuple[URIRef, ...]:
        """Named classes that engines decide: criteria, sub-criteria and advisories."""
        criteria = tuple(criterion.name for top in self.criteria for criterion in top.walk())
        return criteria + tuple(advisory.name for advisory in self.advisories)

    def criterion(self, notation: str) -> Criterion:
        """Return a criterion by its number in the record.

        Raises:
            KeyError: There is none.
        """
        for top in self.criteria:
            for criterion in top.walk():
                if criterion.notation == notation:
                    return criterion
        raise KeyError(notation)


def load_trial(name: str, mappings: Sequence[str] = ()) -> TrialModel:
    """Load a trial by registry number or from a Turtle file.

    Args:
        name: Registry number or path.
        mappings: Folders of the user's own code mappings.

    Raises:
        UsageError: There is no such trial or folder.
        InputError: A file is malformed.
        ModelError: The trial's ontology, a pattern's block or a mapping is not well formed.
    """
    path = trial_file(name)
    ontology = load_ontology(ontology_files())
    expanded = expanded_data(path, ontology)
    ontology.add_file(path, expanded)
    return trial_in(ontology, path, add_mappings(ontology, mappings), expanded)


def trial_in(
    ontology: Ontology,
    path: Path,
    folders: tuple[MappingFolder, ...] = (),
    expanded: bytes | None = None,
) -> TrialModel:
    """Read the trial of a file that an ontology holds.

    Args:
        ontology: The general ontology with the file's statements.
        path: The file.
        folders: Folders of the user's own code mappings, which the ontology holds too.
        expanded: What the file stands for, where blocks of patterns were expanded.

    Raises:
        ModelError: The trial's ontology is not well formed.
    """
    trial = _trial_of(ontology, path)
    ontology.prefixes.setdefault(_own_prefix(ontology, path, trial), f"{trial}/")
    identifier = ontology.text(trial, DCTERMS.identifier)
    if identifier is None:
        raise ModelError(f"{path}: {trial} needs its registry number as dcterms:identifier")
    return TrialModel(
        trial,
        identifier,
        ontology,
        read_rules(ontology),
        read_criteria(ontology, trial),
        read_advisories(ontology, trial),
        read_policies(ontology),
        folders,
        b"" if expanded is None else expanded,
    )


def _trial_of(ontology: Ontology, path: Path) -> URIRef:
    found = [
        t for t in ontology.graph.subjects(RDF.type, ELIG.ClinicalTrial) if isinstance(t, URIRef)
    ]
    if len(found) != 1:
        raise ModelError(f"{path}: exactly one elig:ClinicalTrial is needed, found {len(found)}")
    return found[0]


def _own_prefix(ontology: Ontology, path: Path, trial: URIRef) -> str:
    for prefix, namespace in ontology.declared_prefixes.get(path, {}).items():
        if prefix and namespace == f"{trial}/" and prefix not in ontology.prefixes:
            return prefix
    return "trial"
