"""Check the files of trials as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rdflib import OWL, URIRef
from rdflib.term import Node

from eligo.authoring.logic import Logic, LogicReader
from eligo.authoring.model import Coverage, Finding, TrialFile, parted
from eligo.authoring.parameters import without_code, without_window
from eligo.authoring.shapes import shape_results
from eligo.authoring.text import coverage
from eligo.compare import Defect, Questions, Remark, Within
from eligo.compare.words import what_is
from eligo.errors import EligoError, ModelError
from eligo.records.model import Severity
from eligo.registry.check import Finding as FieldFinding
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

SAID_OTHERWISE = "QuoteMatches"
"""The shape that repeats the finding that a quotation does not stand in the text."""
SUBJECT = re.compile(r"^(?:[\w.-]*:([\w.:-]+?)|<[^>\s]*?([^/#>\s]+)>)\s", re.MULTILINE)
QUOTE = "Quote"
SHORT = re.compile(r"(?<![\w:/])[\w-]+:([A-Za-z][\w.-]*\w)")
SHOWN = 60
SEVERITIES = {Defect.ALWAYS: Severity.WARNING, Defect.REDUNDANT: Severity.INFORMATION}
MENDS = {
    Defect.UNSATISFIABLE: "correct its definition",
    Defect.ALWAYS: "correct its definition",
    Defect.REDUNDANT: None,
}
ASK = "correct one, or ask the sponsor which is meant"


@dataclass(frozen=True)
class Checked:
    """What was found in the files of trials.

    Attributes:
        findings: The findings, by file.
        coverages: How much of each trial is put in logic.
        skipped: Why the reasoner was not asked; None: it was, or nobody wanted it.
    """

    findings: tuple[Finding, ...]
    coverages: tuple[Coverage, ...]
    skipped: str | None


class Checker:
    """Checks files of trials.

    Args:
        general: The general ontology.
        files: The trials.
    """

    def __init__(self, general: Ontology, files: Sequence[TrialFile]) -> None:
        self._files = files
        self._reader = LogicReader(general)
        self._findings: list[Finding] = []

    def add(self, found: Sequence[FieldFinding]) -> None:
        """Add what the check of fields and text found.

        Args:
            found: The findings.
        """
        by_place = {str(file.path): file for file in self._files}
        for finding in found:
            file = by_place[finding.place]
            term = None if finding.term is None else URIRef(f"{file.trial}/{finding.term}")
            self._add(file, Severity.VIOLATION, "record", term, *parted(finding.text))

    def problem(self, file: TrialFile, rule: str, error: EligoError) -> None:
        """Add what kept a trial, or a part of it, from being read.

        Args:
            file: The trial.
            rule: Name of the check.
            error: What was wrong.
        """
        text = str(error).removeprefix(f"{file.path}: ")
        own = {subject for subject, _, _ in file.triples}
        named = (URIRef(f"{file.trial}/{local}") for local in SHORT.findall(text))
        term = next((name for name in named if name in own), None)
        what, mend = parted(text.replace("trial:", ""))
        self._add(file, Severity.VIOLATION, rule, term, what, mend or "correct it")

    def outdated(self, file: TrialFile, criteria: Sequence[str]) -> None:
        """Add that definitions are not what their patterns stand for.

        Args:
            file: The trial.
            criteria: Numbers of the criteria.
        """
        mend = "run eligo trial expand --in-place"
        for local in criteria:
            term = URIRef(f"{file.trial}/{local}")
            defined = (term, OWL.equivalentClass) in {(s, p) for s, p, _ in file.written}
            severity = Severity.VIOLATION if defined else Severity.INFORMATION
            what = "differs from its pattern" if defined else "its pattern is not written out"
            self._add(file, severity, "pattern", term, what, mend)

    def shapes(self) -> None:
        """Hold the trials against the authoring shapes."""
        files = {str(file.path): file for file in self._files}
        triples = {key: file.triples for key, file in files.items()}
        said = {(f.place, f.term) for f in self._findings if f.rule == "record" and f.term}
        for result in shape_results(triples, self._reader.general.graph):
            rule = result.shape.rpartition("/")[2]
            file = files[result.trial]
            lacking = rule.startswith(QUOTE) and result.node in _without_words(file)
            if not lacking and (rule != SAID_OTHERWISE or (result.trial, result.node) not in said):
                self._add(file, result.severity, rule, result.node, *parted(result.message))

    def logic(self, *, reasoner: bool) -> Checked:
        """Check what the trials define; return everything that was found.

        Args:
            reasoner: Whether to ask the reasoner.
        """
        questions = Questions(self._reader.reading.background)
        asked: list[tuple[TrialFile, Within]] = []
        coverages = []
        for file in self._files:
            with self._reader.within(file) as ontology:
                coverages.append(coverage(file, ontology.graph))
                self._coverage(file, coverages[-1])
                try:
                    logic = self._reader.read(file, ontology)
                except ModelError as error:
                    self.problem(file, "definition", error)
                    continue
                self._parameters(file, logic, ontology)
            within = Within(logic.side, self._reader.reading, questions)
            if reasoner:
                within.ask()
                asked.append((file, within))
        skipped = None
        if asked:
            try:
                questions.answer()
            except EligoError as error:
                skipped, asked = str(error), []
        for file, within in asked:
            self._remarks(file, within)
        return Checked(tuple(_located(self._findings)), tuple(coverages), skipped)

    def _coverage(self, file: TrialFile, found: Coverage) -> None:
        for start, end, words in found.unquoted:
            shown = words if len(words) <= SHOWN else f"{words[:SHOWN]}…"
            what = f"no criterion quotes {shown!r} at {start} to {end}"
            mend = "add a criterion, unless it asks for nothing"
            self._add(file, Severity.INFORMATION, "coverage", None, what, mend)

    def _parameters(self, file: TrialFile, logic: Logic, ontology: Ontology) -> None:
        for measure in without_window(logic.used, ontology):
            what = f"{ontology.label(measure)} ({ontology.short(measure)}) takes values of any age"
            mend = "add elig:daysBefore to it, or use a measure that has a window"
            self._add(file, Severity.WARNING, "window", measure, what, mend)
        own = {subject for subject, _, _ in file.triples}
        uncoded = list(without_code(logic.used, ontology, logic.below))
        for concept in uncoded:
            if concept in own:
                what = f"no code stands for {ontology.short(concept)}: no coded record can be it"
                self._add(file, Severity.WARNING, "code", concept, what, "add elig:hasCode")
        general = ", ".join(ontology.short(c) for c in uncoded if c not in own)
        if general:
            what = f"no code stands for {general}: only records that name them can be these"
            self._add(file, Severity.INFORMATION, "code", None, what, "map codes of your own")

    def _remarks(self, file: TrialFile, within: Within) -> None:
        fields = {s for s, p, _ in file.triples if p == ELIG.quotesField}
        for remark in within.remarks():
            if _repeats_fields(remark, fields):
                continue
            severity = SEVERITIES.get(remark.defect, Severity.VIOLATION)
            term = None if remark.item is None else remark.item.name
            mend = MENDS.get(remark.defect, ASK)
            self._add(file, severity, str(remark.defect), term, what_is(remark), mend)
        for name in within.unsatisfiable_others():
            mend = MENDS[Defect.UNSATISFIABLE]
            rule = str(Defect.UNSATISFIABLE)
            self._add(file, Severity.VIOLATION, rule, name, "can never be met", mend)

    def _add(
        self,
        file: TrialFile,
        severity: Severity,
        rule: str,
        term: URIRef | None,
        what: str,
        mend: str | None,
    ) -> None:
        place, trial = str(file.path), file.identifier
        found = Finding(severity, rule, place, trial, term, what.rstrip("."), mend)
        if found not in self._findings[-1:]:
            self._findings.append(found)


def _without_words(file: TrialFile) -> set[Node]:
    """Return criteria that stand for what a record leaves out, so that they can quote nothing."""
    open_ = {s for s, p, _ in file.triples if p == ELIG.notFormalised}
    return open_ - {s for s, p, _ in file.triples if p == ELIG.quotes}


def _repeats_fields(remark: Remark, fields: set[Node]) -> bool:
    """Tell whether fields of a record repeat each other, as age groups do by their making."""
    items = (remark.item, *remark.others)
    return remark.defect is Defect.REDUNDANT and all(
        item is not None and item.name in fields for item in items
    )


def _located(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield findings with lines: of one file together, what counts first."""
    lines: dict[str, dict[str, int]] = {}
    order = list(Severity)
    places = list(dict.fromkeys(finding.place for finding in findings))
    for finding in sorted(findings, key=lambda f: (places.index(f.place), order.index(f.severity))):
        if finding.place not in lines:
            lines[finding.place] = _lines(finding.place)
        local = finding.local
        line = None if local is None else lines[finding.place].get(local)
        yield replace(finding, line=line)


def _lines(place: str) -> dict[str, int]:
    """Return on which line of a file each subject stands first."""
    try:
        text = Path(place).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    found: dict[str, int] = {}
    line, position = 1, 0
    for match in SUBJECT.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        found.setdefault(match[1] or match[2], line)
    return found
