"""Write the shapes of a whole trial as Turtle."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rdflib import Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH

from eligo.compile.shapes import Compiler
from eligo.compile.turtle import Pairs, Sequence, write_subject
from eligo.expression.rules import Rules
from eligo.trial.model import Criterion, Polarity
from eligo.vocabulary import naming
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

SHAPES = "https://w3id.org/eligo/shapes/trials/"
ABOUT = (
    "Compiled from the trial's ontology by `eligo compile`; do not edit. A patient conforms to "
    "C.met when the record establishes C and to C.notMet when it refutes C. The shapes C.against "
    "(a violation) and C.open (a warning) target patients: a patient without a result is eligible."
)


def compile_trial(
    ontology: Ontology, rules: Rules, criteria: Iterable[Criterion], identifier: str
) -> str:
    """Return the Turtle text of a trial's compiled shapes.

    Args:
        ontology: Labels and prefixes.
        rules: The named classes.
        criteria: Top-level criteria in order; they also get the reader-facing shapes.
        identifier: Registry number of the trial.
    """
    short = _shortener(ontology)
    compiler = Compiler(rules)
    header = write_subject(
        URIRef(SHAPES + identifier),
        [
            (RDF.type, OWL.Ontology),
            (RDFS.label, Literal(f"Shapes of {identifier}", lang="en")),
            (RDFS.comment, Literal(ABOUT, lang="en")),
        ],
        short,
    )
    blocks = [header]
    for criterion in criteria:
        blocks += _reader_shapes(criterion, short)
    for name in sorted(rules.definitions, key=_natural):
        definition = rules.definitions[name]
        label = ontology.label(name)
        blocks.append(
            _shape(naming.met_shape(name), name, f"{label}: met", compiler.met(definition), short)
        )
        blocks.append(
            _shape(
                naming.not_met_shape(name),
                name,
                f"{label}: not met",
                compiler.not_met(definition),
                short,
            )
        )
    body = "\n".join(blocks)
    used = sorted(p for p in ontology.prefixes if re.search(rf"(?<![\w:]){p}:", body))
    prefixes = "".join(f"@prefix {p}: <{ontology.prefixes[p]}> .\n" for p in used)
    return f"{prefixes}\n{body}"


def _shape(shape: URIRef, name: URIRef, label: str, pairs: Pairs, short: _Short) -> str:
    head: Pairs = [
        (RDF.type, SH.NodeShape),
        (SH.name, Literal(label, lang="en")),
        (ELIG.ofCriterion, name),
    ]
    return write_subject(shape, head + pairs, short)


def _reader_shapes(criterion: Criterion, short: _Short) -> list[str]:
    name = criterion.name
    words = f"{criterion.notation}: “{plain(criterion.quote or criterion.label)}”"
    if criterion.polarity is Polarity.INCLUSION:
        bad, message = naming.not_met_shape(name), f"Inclusion criterion not met. {words}"
    else:
        bad, message = naming.met_shape(name), f"Excluded. {words}"
    settled = Sequence((naming.met_shape(name), naming.not_met_shape(name)))
    ask = f" Needed: {criterion.ask}" if criterion.ask else ""
    target: Pairs = [
        (RDF.type, SH.NodeShape),
        (SH.targetClass, ELIG.Patient),
        (ELIG.ofCriterion, name),
    ]
    return [
        write_subject(
            naming.violation_shape(name),
            [
                *target,
                (SH.severity, SH.Violation),
                (SH.message, Literal(message, lang="en")),
                (SH["not"], bad),
            ],
            short,
        ),
        write_subject(
            naming.open_shape(name),
            [
                *target,
                (SH.severity, SH.Warning),
                (SH.message, Literal(f"Unknown. {words}{ask}", lang="en")),
                (SH["or"], settled),
            ],
            short,
        ),
    ]


def plain(text: str) -> str:
    """Remove the registry's backslash escapes for display."""
    return re.sub(r"\\(.)", r"\1", text)


def _natural(name: URIRef) -> list[tuple[int, int | str]]:
    parts = re.split(r"(\d+)", str(name))
    return [(1, int(part)) if part.isdigit() else (0, part) for part in parts]


class _Short:
    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology

    def __call__(self, term: URIRef) -> str:
        name = self._ontology.short(term)
        local = name.partition(":")[2]
        if name == str(term) or not re.fullmatch(r"[\w](?:[\w.\-]*[\w\-])?", local):
            return f"<{term}>"
        return name


def _shortener(ontology: Ontology) -> _Short:
    return _Short(ontology)
