"""Cells of a row as terms of a block; what cannot be read stays text, and is told as a fault."""

from __future__ import annotations

import re

from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from eligo.patterns.model import Form
from eligo.patterns.values import TRUTH
from eligo.patterns.vocabulary import Vocabulary
from eligo.vocabulary.ontology import PREFIXES

SAFE_NAME = re.compile(r"[A-Za-z][\w:.-]*[\w]|https?://[\w./#%-]+")
NUMBER = re.compile(r"-?\d{1,9}(\.\d+)?", re.ASCII)
SPACES = {Form.CONCEPT: PREFIXES["concept"], Form.MEASURE: PREFIXES["measure"]}


def written(text: str, form: Form, vocabulary: Vocabulary) -> URIRef | Literal:
    """Return a value as it stands in a block.

    Args:
        text: What the cell says.
        form: What the parameter takes.
        vocabulary: The prefixes and the trial that names belong to.
    """
    if form in (Form.CONCEPT, Form.MEASURE, Form.CRITERION) and SAFE_NAME.fullmatch(text):
        return vocabulary.expand(text, SPACES.get(form, f"{vocabulary.trial}/"))
    if form is Form.NUMBER and NUMBER.fullmatch(text):
        decimal = text if "." in text else f"{text}.0"
        return Literal(decimal, datatype=XSD.decimal, normalize=False)
    if form is Form.WHOLE and text.isascii() and text.isdigit():
        return Literal(text, datatype=XSD.integer, normalize=False)
    if form is Form.BOOLEAN and text.lower() in TRUTH:
        return Literal(TRUTH[text.lower()])
    return Literal(text)
