"""The file of a trial, as text with what it says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from eligo.errors import InputError, ModelError
from eligo.patterns.document import Edit, Part, Statement, apply_edits, statements
from eligo.patterns.tree import Description, describe
from eligo.vocabulary.ontology import PREFIXES, parse_turtle
from eligo.vocabulary.terms import ELIG


class TrialText:
    """The Turtle file of one trial.

    Args:
        text: What the file holds.
        path: The file, for messages.

    Raises:
        InputError: It is no Turtle.
        ModelError: It does not hold exactly one trial.
    """

    def __init__(self, text: str, path: Path) -> None:
        triples, declared = parse_turtle(path, text.encode())
        self.text = text
        self.path = path
        self.prefixes = declared
        self.graph = Graph(bind_namespaces="none")
        for triple in triples:
            self.graph.add(triple)
        found = [t for t in self.graph.subjects(RDF.type, ELIG.ClinicalTrial)]
        if len(found) != 1 or not isinstance(found[0], URIRef):
            raise ModelError(
                f"{path}: exactly one elig:ClinicalTrial is needed, found {len(found)}"
            )
        self.trial = found[0]

    @cached_property
    def blocks(self) -> dict[URIRef, list[Statement]]:
        """The blocks of statements about each named subject."""
        found: dict[URIRef, list[Statement]] = {}
        for statement in statements(self.text):
            if not statement.is_directive and statement.subject != "[":
                found.setdefault(self.resolve(statement.subject), []).append(statement)
        return found

    @cached_property
    def statements(self) -> dict[URIRef, Statement]:
        """The first block of statements about each named subject."""
        return {subject: blocks[0] for subject, blocks in self.blocks.items()}

    @cached_property
    def descriptions(self) -> dict[URIRef, Description]:
        """What is said about each named subject."""
        return {d.subject: d for d in describe(self.text)}

    @cached_property
    def directives(self) -> tuple[Statement, ...]:
        """The declarations of prefixes."""
        return tuple(s for s in statements(self.text) if s.is_directive)

    def resolve(self, written: str) -> URIRef:
        """Return the IRI of a name as it is written in the file."""
        if written == "a":
            return RDF.type
        if written.startswith("<"):
            return URIRef(written[1:-1])
        prefix, _, local = written.partition(":")
        return URIRef(self.prefixes.get(prefix, f"{prefix}:") + local.replace("\\", ""))

    def short(self, term: str) -> str:
        """Write an IRI with a prefix of the file, or a usual one; in full where none fits."""
        known = {**PREFIXES, **self.prefixes}
        fitting = [(len(n), p) for p, n in known.items() if term.startswith(n)]
        if fitting:
            length, prefix = max(fitting)
            local = term[length:]
            if local and all(c.isalnum() or c in "-_." for c in local) and local[-1] != ".":
                return f"{prefix}:{local}"
        return f"<{term}>"

    @cached_property
    def criteria(self) -> frozenset[URIRef]:
        """The criteria of the trial."""
        found = self.graph.subjects(RDF.type, ELIG.Criterion)
        return frozenset(c for c in found if isinstance(c, URIRef))

    def words(self, subject: Node, predicate: URIRef) -> str | None:
        """Return the text of a property."""
        value = self.graph.value(subject, predicate)
        return str(value) if isinstance(value, Literal) else None

    def named(self, subject: Node, predicate: URIRef) -> URIRef | None:
        """Return the IRI that a property has."""
        value = self.graph.value(subject, predicate)
        return value if isinstance(value, URIRef) else None

    def parts(self, criterion: URIRef) -> list[URIRef]:
        """Return the criteria that are parts of one, in order."""
        found = set(self.graph.subjects(ELIG.partOf, criterion)) & self.criteria
        return sorted(
            (c for c in found if isinstance(c, URIRef)),
            key=lambda c: (int(self.words(c, ELIG.ordinal) or 0), c),
        )

    def ancestors(self, criterion: URIRef) -> Iterator[URIRef]:
        """Yield what a criterion is a part of, from the nearest on.

        Raises:
            ModelError: It is a part of itself.
        """
        seen = {criterion}
        above = self.named(criterion, ELIG.partOf)
        while above is not None:
            if above in seen:
                raise ModelError(
                    f"{self.path}: {self.short(criterion)} is a part of itself; correct elig:partOf"
                )
            yield above
            seen.add(above)
            above = self.named(above, ELIG.partOf)

    def part(self, subject: URIRef, predicate: URIRef) -> Part | None:
        """Return where a property of a subject stands."""
        every = (part for block in self.blocks[subject] for part in block.parts)
        return next((p for p in every if self.resolve(p.predicate) == predicate), None)


class Editor:
    """Collects edits of a trial's file.

    Args:
        source: The file.
    """

    def __init__(self, source: TrialText) -> None:
        self.source = source
        self.edits: list[Edit] = []

    def put(self, subject: URIRef, predicate: URIRef, objects: str) -> None:
        """Set a property: in its place, or behind the last one that the block has."""
        part = self.source.part(subject, predicate)
        if part is not None:
            if self.source.text[part.objects : part.end] != objects:
                self.edits.append(Edit(part.objects, part.end, objects))
            return
        last = self.source.statements[subject].parts[-1].end
        name = self.source.short(predicate)
        self.edits.append(Edit(last, last, f" ;\n    {name} {objects}"))

    def drop(self, subject: URIRef, predicate: URIRef) -> None:
        """Remove a property with the semicolon before it."""
        part = self.source.part(subject, predicate)
        if part is None:
            return
        before = self.source.text[: part.start].rstrip()
        start = part.start
        if before.endswith(";"):
            start = len(before[:-1].rstrip())
        self.edits.append(Edit(start, part.end, ""))

    def replace(self, subject: URIRef, block: str) -> None:
        """Replace the block of a subject."""
        statement = self.source.statements[subject]
        if self.source.text[statement.start : statement.end] != block.rstrip("\n"):
            self.edits.append(Edit(statement.start, statement.end, block.rstrip("\n")))

    def remove(self, subject: URIRef) -> None:
        """Remove the block of a subject with the empty lines before it."""
        statement = self.source.statements[subject]
        start = len(self.source.text[: statement.start].rstrip())
        self.edits.append(Edit(start, statement.end, ""))

    def follow(self, subject: URIRef, block: str) -> None:
        """Put a block behind that of a subject."""
        place = self.source.statements[subject].end
        self.edits.append(Edit(place, place, "\n\n" + block.rstrip("\n")))

    def append(self, block: str) -> None:
        """Put a block at the end."""
        place = len(self.source.text.rstrip())
        self.edits.append(Edit(place, place, "\n\n" + block.rstrip("\n")))

    def declare(self, used: set[str]) -> None:
        """Declare prefixes that are used and not yet declared, each in its alphabetic place."""
        missing = sorted(p for p in used if p in PREFIXES and p not in self.source.prefixes)
        for prefix in missing:
            line = f"@prefix {prefix}: <{PREFIXES[prefix]}> ."
            place = 0
            for directive in self.source.directives:
                name = self.source.text[directive.start : directive.end].split()[1]
                if name.rstrip(":") < prefix:
                    place = directive.end
            text = f"\n{line}" if place else f"{line}\n"
            self.edits.append(Edit(place, place, text))

    def done(self) -> TrialText:
        """Return the file with the edits made, and the prefixes that they use."""
        added = "".join(edit.text for edit in self.edits)
        self.declare({prefix for prefix in PREFIXES if f"{prefix}:" in added})
        text = apply_edits(self.source.text, self.edits)
        return self.source if text == self.source.text else TrialText(text, self.source.path)


def read_text(path: Path) -> str:
    """Return the text of a Turtle file.

    Raises:
        InputError: It cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", source=str(path)) from error
    except UnicodeDecodeError as error:
        text = "is not UTF-8, as Turtle must be; save it as UTF-8"
        raise InputError(text, source=str(path)) from error
