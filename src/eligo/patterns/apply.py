"""Write rows into a trial's file as blocks; the definitions come from expanding the blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rdflib import RDF, Literal, URIRef
from rdflib.namespace import OWL, RDFS

from eligo.compile.turtle import Block, Pairs, Several, Term, write_term
from eligo.errors import ModelError
from eligo.patterns.cells import written
from eligo.patterns.library import Library
from eligo.patterns.model import Fault, Parameter, Pattern
from eligo.patterns.new_parts import parent_of, part_block
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
from eligo.vocabulary.terms import ELIG


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

    def name(self, notation: str) -> URIRef:
        """Return the criterion of a number."""
        return URIRef(f"{self.source.trial}/{notation}")


def apply_rows(
    source: TrialText, rows: Sequence[Row], library: Library, vocabulary: Vocabulary
) -> Applied:
    """Write rows into a trial's file.

    Args:
        source: The file.
        rows: The rows.
        library: The patterns.
        vocabulary: The ontology with what the file declares.
    """
    applied = Applied(source)
    named = _named(rows, applied)
    waiting = [(n, row) for n, row in named.items() if applied.name(n) not in source.criteria]
    while waiting:
        waiting = _add_parts(applied, waiting, vocabulary)
    vocabulary.own = applied.source.graph
    editor = Editor(applied.source)
    for notation, row in named.items():
        if applied.name(notation) in applied.source.criteria:
            before = len(editor.edits)
            try:
                _Writer(applied, library, vocabulary, row, notation, editor).run()
            except ModelError as error:
                del editor.edits[before:]
                applied.faults.append(Fault(row.place(), str(error)))
    applied.source = editor.done()
    return applied


def _named(rows: Sequence[Row], applied: Applied) -> dict[str, Row]:
    """Return the rows by the number of their criterion, each number once."""
    found: dict[str, Row] = {}
    for row in rows:
        notation = row.cells.get(CRITERION)
        if notation is None:
            applied.faults.append(Fault(row.place(CRITERION), "names no criterion; fill the cell"))
        elif notation in found:
            text = f"{notation} has a row at {found[notation].place()} already; keep one"
            applied.faults.append(Fault(row.place(CRITERION), text))
        else:
            found[notation] = row
    return found


def _add_parts(
    applied: Applied, waiting: Sequence[tuple[str, Row]], vocabulary: Vocabulary
) -> list[tuple[str, Row]]:
    """Add the parts whose parents are there; return those whose parents may have been added."""
    source = applied.source
    editor = Editor(source)
    added: Counter[URIRef] = Counter()
    later: list[tuple[str, Row]] = []
    for notation, row in waiting:
        parent = parent_of(source, notation)
        if parent is None or parent not in source.criteria:
            later.append((notation, row))
            continue
        try:
            quote = row.cells.get(QUOTE)
            after, block = part_block(source, notation, quote, parent, added[parent])
            editor.follow(after, block)
            added[parent] += 1
        except ModelError as error:
            applied.faults.append(Fault(row.place(), str(error)))
    applied.source = editor.done()
    if added:
        return later
    for notation, row in later:
        hint = vocabulary.like(applied.name(notation), source.criteria)
        text = f"the trial has no criterion {notation} nor one it could be a part of"
        applied.faults.append(Fault(row.place(CRITERION), f"{text}; correct the number{hint}"))
    return []


class _Writer:
    def __init__(
        self,
        applied: Applied,
        library: Library,
        vocabulary: Vocabulary,
        row: Row,
        notation: str,
        editor: Editor,
    ) -> None:
        self.applied = applied
        self.source = applied.source
        self.library = library
        self.vocabulary = vocabulary
        self.row = row
        self.notation = notation
        self.name = applied.name(notation)
        self.editor = editor

    def run(self) -> None:
        """Write the row.

        Raises:
            ModelError: The row cannot be written.
        """
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
                return
            self._block(pattern)
        if label := self.row.cells.get(LABEL):
            self.editor.put(self.name, RDFS.label, self._written(Literal(label, lang="en")))
        self._decisions()

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
        terms = [written(text, parameter.form, self.vocabulary) for text in dict.fromkeys(texts)]
        return terms[0] if len(terms) == 1 else Several(tuple(terms))

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
