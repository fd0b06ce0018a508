"""Read patterns from RDF and check that they are well formed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, RDFS, SKOS
from rdflib.term import Node

from eligo.errors import EligoError, ModelError, UsageError
from eligo.patterns.model import Form, Parameter, Pattern, Template, local_name
from eligo.resources import pattern_files
from eligo.vocabulary.ontology import Ontology, load_ontology
from eligo.vocabulary.terms import ELIG

PATTERN = "https://w3id.org/eligo/pattern/"
RESERVED = frozenset({"criterion", "pattern", "negated", "quote", "label", "decisions"})
TRUE = Literal(True)


@dataclass(frozen=True)
class Library:
    """Patterns that are at hand.

    Attributes:
        patterns: The patterns by IRI.
        macros: Jinja2 macros that their templates share.
    """

    patterns: dict[URIRef, Pattern]
    macros: str

    def named(self, name: str) -> Pattern | None:
        """Return the pattern that a row names, by local name or IRI; None: there is none."""
        for pattern in self.patterns.values():
            if name in (pattern.local, str(pattern.name), f"pattern:{pattern.local}"):
                return pattern
        return None

    @property
    def columns(self) -> dict[str, URIRef]:
        """The columns that rows may have for parameters."""
        every = (p for pattern in self.patterns.values() for p in pattern.parameters.values())
        return {parameter.local: parameter.name for parameter in every}


@cache
def installed() -> Library:
    """Return the patterns that come with Eligo."""
    return read_library(pattern_files())


def library(folders: Sequence[str] = ()) -> Library:
    """Return the patterns that come with Eligo and those of the user's own folders.

    Raises:
        UsageError: A folder is not there, or holds no Turtle file.
        ModelError: A pattern is not well formed.
    """
    if not folders:
        return installed()
    own: list[Path] = []
    for folder in folders:
        found = sorted(Path(folder).rglob("*.ttl"))
        if not found:
            raise UsageError(
                f"{folder}: no folder with patterns in Turtle files; correct --patterns"
            )
        own.extend(found)
    return read_library([*pattern_files(), *own])


def read_library(files: Iterable[Path]) -> Library:
    """Read the patterns of Turtle files.

    Raises:
        InputError: A file is missing or malformed.
        ModelError: Patterns are not well formed; the message lists all that is wrong.
    """
    ontology = load_ontology(files)
    graph = ontology.graph
    patterns: dict[URIRef, Pattern] = {}
    faults: list[str] = []
    for name in sorted(graph.subjects(RDF.type, ELIG.CriterionPattern), key=str):
        if isinstance(name, URIRef):
            try:
                patterns[name] = _pattern(ontology, name)
            except EligoError as fault:
                faults.append(str(fault))
    if faults:
        raise ModelError("; ".join(faults))
    macros = sorted((str(s), str(text)) for s, text in graph.subject_objects(ELIG.macros))
    return Library(patterns, "\n".join(text for _, text in macros))


def _pattern(ontology: Ontology, name: URIRef) -> Pattern:
    graph = ontology.graph
    where = f"{ontology.where(name)}: {ontology.short(name)}"
    label, definition = graph.value(name, RDFS.label), graph.value(name, SKOS.definition)
    if label is None or definition is None:
        raise ModelError(f"{where} needs rdfs:label and skos:definition")
    templates = {}
    for template in Template:
        texts = list(graph.objects(name, ELIG[template.value]))
        if len(texts) > 1:
            raise ModelError(f"{where} has {len(texts)} of elig:{template}; keep one")
        if texts:
            templates[template] = str(texts[0])
    if (Template.CLASS in templates) == (Template.REASON in templates):
        raise ModelError(f"{where} needs either elig:classTemplate or elig:reasonTemplate")
    parameters = [
        _parameter(ontology, node, where) for node in graph.objects(name, ELIG.hasParameter)
    ]
    by_column = {
        parameter.local: parameter for parameter in sorted(parameters, key=lambda p: p.local)
    }
    if len(by_column) < len(parameters):
        raise ModelError(f"{where} has a parameter twice")
    one_of = sorted(local_name(URIRef(str(p))) for p in graph.objects(name, ELIG.needsOneOf))
    unknown = [local for local in one_of if local not in by_column]
    units = [p.unit_of for p in parameters if p.unit_of and p.unit_of not in by_column]
    if unknown or units:
        raise ModelError(f"{where} names {', '.join(unknown + units)}, which is no parameter of it")
    note = graph.value(name, SKOS.scopeNote)
    return Pattern(
        name,
        str(label),
        str(definition),
        None if note is None else str(note),
        by_column,
        tuple(one_of),
        templates,
        graph.value(name, ELIG.attestationOnly) == TRUE,
        tuple(sorted(str(e) for e in graph.objects(name, SKOS.example))),
    )


def _parameter(ontology: Ontology, node: Node, where: str) -> Parameter:
    graph = ontology.graph
    name = graph.value(node, ELIG.patternParameter)
    form = graph.value(node, ELIG.takes)
    if not isinstance(name, URIRef) or not isinstance(form, URIRef):
        raise ModelError(f"{where} has a parameter without elig:patternParameter and elig:takes")
    local = local_name(name)
    known = {f.value: f for f in Form}
    if local_name(form) not in known:
        raise ModelError(f"{where}: {local} takes {ontology.short(form)}, which is no value form")
    if local in RESERVED:
        raise ModelError(f"{where}: {local} is a column that every row has; rename the parameter")
    choices = tuple(sorted(str(c) for c in graph.objects(node, ELIG.choice)))
    if (known[local_name(form)] is Form.CHOICE) != bool(choices):
        raise ModelError(f"{where}: {local} needs elig:choice if it takes a choice, else none")
    default = graph.value(node, ELIG.defaultValue)
    unit_of = graph.value(node, ELIG.unitOf)
    return Parameter(
        name,
        known[local_name(form)],
        str(graph.value(node, SKOS.definition) or graph.value(name, SKOS.definition) or local),
        graph.value(node, ELIG.required) == TRUE,
        graph.value(node, ELIG.several) == TRUE,
        tuple(sorted(URIRef(str(b)) for b in graph.objects(node, ELIG.belowKind))),
        choices,
        None if default is None else str(default),
        None if unit_of is None else local_name(URIRef(str(unit_of))),
    )
