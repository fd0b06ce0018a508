"""Write rows into a trial's file as blocks; the definitions come from expanding the blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from rdflib import RDF, Literal, URIRef
from rdflib.namespace import OWL, RDFS, XSD

from eligo.compile.turtle import Block, Pairs, Several, Term, write_term
from eligo.errors import ModelError
from eligo.patterns.document import apply_edits
from eligo.patterns.library import Library
from eligo.patterns.model import Fault, Form, Parameter, Pattern
from eligo.patterns.new_parts import part_block
from eligo.patterns.rows import (
    BASE_COLUMNS,
    CRITERION,
    DECISIONS,
    LABEL,
    NEGATED,
    PATTERN,
    QUOTE,
    Row,
)
from eligo.patterns.text import Editor, TrialText
from eligo.patterns.tree import canonical
from eligo.patterns.uses import NEGATED as NEGATED_PARAMETER
from eligo.patterns.values import TRUTH
from eligo.patterns.vocabulary import Vocabulary
from eligo.vocabulary.ontology import PREFIXES
from eligo.vocabulary.terms import ELIG

SAFE_NAME = re.compile(r"[A-Za-z][\w:-]*|https?://[\w./#%-]+")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
SPACES = {Form.CONCEPT: PREFIXES["concept"], Form.MEASURE: PREFIXES["measure"]}


@dataclass
class Applied:
    """A file with rows written into it.

    Attributes:
        source: The file.
        places: For each criterion, where the values of its row stand; of the row under None.
        faults: What is wrong; rows with faults are left out.
    """

    source: TrialText
    places: dict[URIRef, dict[URIRef | None, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def apply_rows(
    source: TrialText, rows: Sequence[Row], library: Library, vocabulary: Vocabulary
) -> Applied:
    """Write rows into a trial's file.

    Args:
        source: The file.
        rows: The rows, a part behind what it is a part of.
        library: The patterns.
        vocabulary: The ontology with what the file declares.
    """
    applied = Applied(source)
    seen: dict[str, Row] = {}
    for row in rows:
        notation = row.cells.get(CRITERION)
        if notation is None:
            applied.faults.append(Fault(row.place(CRITERION), "names no criterion; fill the cell"))
        elif notation in seen:
            text = f"{notation} has a row at {seen[notation].place()} already; keep one"
            applied.faults.append(Fault(row.place(CRITERION), text))
        else:
            seen[notation] = row
            try:
                applied.source = _Writer(applied, library, vocabulary, row, notation).run()
            except ModelError as error:
                applied.faults.append(Fault(row.place(), str(error)))
    return applied


class _Writer:
    def __init__(
        self, applied: Applied, library: Library, vocabulary: Vocabulary, row: Row, notation: str
    ) -> None:
        self.applied = applied
        self.source = applied.source
        self.library = library
        self.vocabulary = vocabulary
        self.row = row
        self.notation = notation
        self.name = URIRef(f"{self.source.trial}/{notation}")
        self.editor = Editor(self.source)

    def run(self) -> TrialText:
        """Write the row; return the file with it.

        Raises:
            ModelError: The row cannot be written.
        """
        before = self.source
        if self.name not in self.source.criteria:
            self._add_part()
        self._check_quote()
        named = self.row.cells.get(PATTERN)
        if named is None:
            self._without_pattern()
        else:
            pattern = self.library.named(named)
            if pattern is None:
                hint = self.vocabulary.like(URIRef(named), self.library.patterns)
                text = f"{named!r} is no pattern; correct it or name a folder with --patterns{hint}"
                self.applied.faults.append(Fault(self.row.place(PATTERN), text))
                return before
            self._block(pattern)
        if label := self.row.cells.get(LABEL):
            self.editor.put(self.name, RDFS.label, self._written(Literal(label, lang="en")))
        self._decisions()
        return self._done()

    def _done(self) -> TrialText:
        added = "".join(edit.text for edit in self.editor.edits)
        self.editor.declare({prefix for prefix in PREFIXES if f"{prefix}:" in added})
        text = apply_edits(self.source.text, self.editor.edits)
        if text == self.source.text:
            return self.source
        source = TrialText(text, self.source.path)
        self.vocabulary.own = source.graph
        return source

    def _written(self, term: Term) -> str:
        return write_term(term, self.source.short)

    def _without_pattern(self) -> None:
        extra = [c for c in self.row.cells if c not in BASE_COLUMNS]
        if extra:
            text = f"has values for {', '.join(extra)} but no pattern; name one"
            raise ModelError(text)

    def _block(self, pattern: Pattern) -> None:
        old = self.source.descriptions[self.name]
        if old.values(OWL.equivalentClass) and not old.values(ELIG.byPattern):
            raise ModelError(
                f"{self.notation} has a definition written by hand (owl:equivalentClass); "
                "remove it, or the row"
            )
        pairs: Pairs = [(RDF.type, pattern.name)]
        places: dict[URIRef | None, str] = {None: self.row.place()}
        columns = self.library.columns
        for column in self.row.cells:
            if column in columns:
                parameter = pattern.parameters.get(column)
                name = columns[column] if parameter is None else parameter.name
                places[name] = self.row.place(column)
                pairs.append((name, self._term(column, parameter)))
        if self._negated():
            pairs.append((NEGATED_PARAMETER, Literal(True)))
        block = Block(tuple(pairs))
        self.applied.places[self.name] = places
        there = old.values(ELIG.byPattern)
        if not there or canonical(there[0]) != canonical(block):
            self.editor.put(self.name, ELIG.byPattern, self._written(block))

    def _negated(self) -> bool:
        text = self.row.cells.get(NEGATED, "").lower()
        if text not in TRUTH:
            raise ModelError(f"negated is {text!r}; write true or false")
        return TRUTH[text]

    def _term(self, column: str, parameter: Parameter | None) -> Term:
        cell = self.row.cells[column]
        if parameter is None:
            return Literal(cell)
        texts = self.row.several(column) if parameter.several else (cell,)
        terms = [self._value(text, parameter.form) for text in dict.fromkeys(texts)]
        return terms[0] if len(terms) == 1 else Several(tuple(terms))

    def _value(self, text: str, form: Form) -> URIRef | Literal:
        if form in (Form.CONCEPT, Form.MEASURE, Form.CRITERION) and SAFE_NAME.fullmatch(text):
            return self.vocabulary.expand(text, SPACES.get(form, f"{self.source.trial}/"))
        if form is Form.NUMBER and NUMBER.fullmatch(text):
            return Literal(_decimal(text), datatype=XSD.decimal, normalize=False)
        if form is Form.WHOLE and text.isascii() and text.isdigit():
            return Literal(text, datatype=XSD.integer, normalize=False)
        if form is Form.BOOLEAN and text.lower() in TRUTH:
            return Literal(TRUTH[text.lower()])
        return Literal(text)

    def _check_quote(self) -> None:
        quote = self.row.cells.get(QUOTE)
        old = self.source.words(self.name, ELIG.quotes)
        if quote and old and " ".join(quote.split()) != " ".join(old.split()):
            text = (
                f"{self.notation} quotes other words: {old:.60}…; correct the number or the quote"
            )
            raise ModelError(text)

    def _decisions(self) -> None:
        wanted = [URIRef(f"{self.source.trial}/{d}") for d in self.row.several(DECISIONS)]
        for decision in wanted:
            if (decision, RDF.type, ELIG.Decision) not in self.source.graph:
                text = f"{decision.rpartition('/')[2]} is no decision of the file; declare it there"
                self.applied.faults.append(Fault(self.row.place(DECISIONS), text))
                return
        old = self.source.descriptions[self.name].values(ELIG.adopts)
        missing = [d for d in wanted if d not in old]
        if missing:
            kept = [d for d in old if isinstance(d, URIRef)]
            together: Term = Several((*kept, *missing))
            self.editor.put(self.name, ELIG.adopts, self._written(together))

    def _add_part(self) -> None:
        """Add a criterion that the file does not have, as a part of one that it has.

        Raises:
            ModelError: It has no parent, or its quote is not found there.
        """
        try:
            after, block = part_block(self.source, self.notation, self.row.cells.get(QUOTE))
        except LookupError:
            hint = self.vocabulary.like(self.name, self.source.criteria)
            text = f"the trial has no criterion {self.notation} nor one it could be a part of"
            raise ModelError(f"{text}; correct the number{hint}") from None
        self.editor.follow(after, block)
        self.source = self._done()
        self.editor = Editor(self.source)


def _decimal(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return text if "." in text else f"{number}.0"
