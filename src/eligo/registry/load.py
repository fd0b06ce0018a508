"""Load an imported record from the Turtle of its trial."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from eligo.errors import ModelError
from eligo.registry.files import Document
from eligo.registry.knowledge import Field, Form, Knowledge
from eligo.registry.model import Record, SourceFormat
from eligo.registry.read import read_document
from eligo.vocabulary.ontology import parse_turtle
from eligo.vocabulary.terms import ELIG


@dataclass(frozen=True)
class Loaded:
    """A trial's file and the record within.

    Attributes:
        path: The file.
        graph: What it states.
        trial: The trial.
        module: Its eligibility module.
        source: The record as it was read; None: the file keeps none that can be read again.
    """

    path: Path
    graph: Graph
    trial: URIRef
    module: URIRef
    source: Record | None

    @property
    def identifier(self) -> str:
        """Registry number."""
        return self.text(self.trial, DCTERMS.identifier) or ""

    @property
    def criteria_text(self) -> str:
        """The criteria text, or nothing."""
        return self.text(self.module, ELIG.criteriaText) or ""

    def text(self, subject: Node, predicate: URIRef) -> str | None:
        """Return a value as text; None: there is none."""
        value = self.graph.value(subject, predicate)
        return None if value is None else str(value)

    def published(self, term: Node) -> str | None:
        """Return what the source writes for the field of a property, where the module keeps it."""
        for node in self.graph.objects(self.module, ELIG.publishedField):
            if self.graph.value(node, ELIG.aboutField) == term:
                return self.text(node, ELIG.publishedAs)
        return None

    def others(self) -> dict[str, Any]:
        """Return the fields that no property stands for."""
        found = {}
        for node in self.graph.objects(self.module, ELIG.publishedField):
            name = self.text(node, ELIG.fieldName)
            if name is not None:
                found[name] = json.loads(self.text(node, ELIG.publishedAs) or "null")
        return found

    def value(self, field: Field) -> Any:
        """Return a field's value as API version 2 writes it; None: the module has none.

        Args:
            field: The field.
        """
        subject = self.module if field.of_eligibility else self.trial
        if field.form in (Form.TEXT, Form.AGE):
            return self.text(subject, field.term)
        meanings = list(self.graph.objects(subject, field.term))
        if field.form is Form.BOOLEAN:
            return meanings[0] == Literal(True) if meanings else None
        words = [field.words[meaning] for meaning in meanings if meaning in field.words]
        if field.form is Form.CODE:
            return words[0] if words else None
        order = list(field.words.values())
        return sorted(words, key=order.index) or None


def load(path: Path, knowledge: Knowledge) -> Loaded:
    """Load a trial's file.

    Args:
        path: A Turtle file with one trial.
        knowledge: How its source record is read again.

    Raises:
        InputError: The file cannot be read, or is not Turtle.
        ModelError: It does not hold one trial with an eligibility module.
    """
    graph = Graph(bind_namespaces="none")
    for triple in parse_turtle(path)[0]:
        graph.add(triple)
    trials = [t for t in graph.subjects(RDF.type, ELIG.ClinicalTrial) if isinstance(t, URIRef)]
    if len(trials) != 1:
        raise ModelError(f"{path}: exactly one elig:ClinicalTrial is needed, found {len(trials)}")
    module = graph.value(trials[0], ELIG.hasEligibilityModule)
    if not isinstance(module, URIRef):
        raise ModelError(f"{path}: the trial names no eligibility module; add it")
    return Loaded(path, graph, trials[0], module, _source(graph, module, knowledge))


def _source(graph: Graph, module: URIRef, knowledge: Knowledge) -> Record | None:
    text = graph.value(module, ELIG.sourceRecord)
    if text is None:
        return None
    rows = str(graph.value(module, ELIG.sourceFormat)) == SourceFormat.ROW
    document = Document("row.jsonl" if rows else "record", "", str(text), None)
    found = list(read_document(document, knowledge))
    return found[0] if len(found) == 1 and isinstance(found[0], Record) else None
