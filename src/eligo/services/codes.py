"""Find the codes that no concept lists, and the criteria that each keeps unknown.

A code blocks a criterion for a patient if the criterion is unknown, would be decided if none of
the patient's unmapped codes could be what it asks for, and is unknown again with this code alone
left as it is. The evidence is derived twice: as it stands, and with every unmapped code mapped to
something unrelated. What differs between the two is traced to the codes it comes from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from rdflib import Graph, URIRef
from rdflib.term import Node

from eligo.derive.run import Derived, derive
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Status
from eligo.evaluate.view import GraphView
from eligo.records.extract import Evidence, extract
from eligo.report.codes import UnmappedCode
from eligo.services.difference import UNMAPPED, UNRELATED, Difference
from eligo.services.screen import Prepared
from eligo.trial.model import Criterion
from eligo.trial.trial import TrialModel
from eligo.vocabulary.tables import Row, Table
from eligo.vocabulary.terms import ELIG

NO_CODE = tuple(f"{UNMAPPED}{why}:" for why in ("none", "misplaced", "interrupted"))


def unmapped_codes(
    prepared: Prepared, patients: Iterable[URIRef] | None = None
) -> tuple[UnmappedCode, ...]:
    """Return the unmapped codes: first those that block most patients, then the most frequent.

    Args:
        prepared: Patients whose evidence is derived.
        patients: Those to look at; by default all.

    Raises:
        EngineError: A derivation script failed.
    """
    trial = prepared.screener.trial
    evidence = extract(prepared.records.store, trial.ontology.short)
    survey = _Survey(trial, prepared.derived, _words(evidence, trial))
    settled = derive(
        _without(evidence, survey.places()),
        _with_unrelated(trial),
        trial.asked,
        trial.name,
        prepared.run,
        prepared.policy,
        trial.ontology,
    )
    for patient in prepared.patients if patients is None else patients:
        survey.add(patient, settled.graphs[patient])
    return survey.result()


def _words(evidence: Evidence, trial: TrialModel) -> dict[str, _Words]:
    """Return system, notation and wordings of each coding, by the name an unmapped one gets."""
    found: dict[str, _Words] = {}
    (codings,) = (table for table in evidence.tables if table.name == "e_coding")
    for _, _, system, notation, display in codings.rows:
        if system is None or notation is None:
            continue
        short, code = str(system), str(notation).strip()
        where = short.removeprefix("system:")
        name = (
            f"{UNMAPPED}{where if where != short else quote(short, safe='')}:{quote(code, safe='')}"
        )
        words = found.setdefault(name, _Words(trial.ontology.expand(short), code))
        if display is not None:
            words.displays[str(display)] += 1
    return found


def _without(evidence: Evidence, places: set[tuple[str, str]]) -> Evidence:
    """Return the evidence with the codings in some places mapped to something unrelated."""

    def mapped(row: Row) -> Row:
        fact, attribute, _, _, display = row
        there = (str(fact), str(attribute)) in places
        return (fact, attribute, UNRELATED, "code", display) if there else row

    tables = (
        replace(t, rows=tuple(map(mapped, t.rows))) if t.name == "e_coding" else t
        for t in evidence.tables
    )
    return replace(evidence, tables=tuple(tables))


def _with_unrelated(trial: TrialModel) -> Iterator[Table]:
    """Yield the vocabulary with a concept that any relation holds and that is nothing else."""
    held = {trial.ontology.short(k) for k in trial.ontology.graph.objects(None, ELIG.holdsKind)}
    kinds: tuple[Row, ...] = tuple((UNRELATED, kind) for kind in sorted({*held, UNRELATED}))
    more: dict[str, tuple[Row, ...]] = {
        "v_below": kinds,
        "v_can_be": kinds,
        "v_code": ((UNRELATED, "code", UNRELATED),),
    }
    for table in trial.vocabulary:
        yield replace(table, rows=(*table.rows, *more.get(table.name, ())))


@dataclass
class _Words:
    system: URIRef
    notation: str
    displays: Counter[str] = field(default_factory=Counter)


@dataclass
class _Survey:
    trial: TrialModel
    derived: Derived
    words: dict[str, _Words]
    patients: Counter[URIRef] = field(default_factory=Counter)
    facts: Counter[URIRef] = field(default_factory=Counter)
    blocks: Counter[tuple[URIRef, str]] = field(default_factory=Counter)
    blocked: Counter[URIRef] = field(default_factory=Counter)

    def carriers(self, graph: Graph) -> Iterator[tuple[Node, Node, URIRef]]:
        """Yield fact, attribute and code for every code that no concept lists."""
        for fact, attribute, value in graph:
            unmapped = isinstance(value, URIRef) and str(value).startswith(UNMAPPED)
            if (
                unmapped
                and fact != value
                and attribute != ELIG.canBe
                and not str(value).startswith(NO_CODE)
            ):
                yield fact, attribute, URIRef(str(value))

    def places(self) -> set[tuple[str, str]]:
        """Return the facts and attributes that carry an unmapped code, in their short forms."""
        short = self.trial.ontology.short
        return {
            (short(fact), short(attribute))
            for graph in self.derived.graphs.values()
            for fact, attribute, _ in self.carriers(graph)
        }

    def add(self, patient: URIRef, settled: Graph) -> None:
        """Count the codes of a patient and what they block.

        Args:
            patient: The patient.
            settled: Their graph with every unmapped code mapped to something unrelated.
        """
        open_ = self.derived.graphs[patient]
        codes = {(fact, attribute): code for fact, attribute, code in self.carriers(open_)}
        self.facts.update(code for _, code in {(fact, code) for (fact, _), code in codes.items()})
        everything = sorted(set(codes.values()))
        self.patients.update(everything)
        wanted = self._decided_by_mapping(patient, open_, settled)
        if not wanted:
            return
        classifiers = set(self.trial.rules.classifiers.values())
        parts = Difference(patient, open_, settled, codes, classifiers)
        for code in everything:
            with parts.only(code) as graph:
                evaluator = self._evaluator(patient, graph)
                kept = [c for c in wanted if evaluator.named(c.name).status is Status.UNKNOWN]
            self.blocks.update((code, criterion.notation) for criterion in kept)
            self.blocked.update([code] if kept else [])

    def _decided_by_mapping(self, patient: URIRef, open_: Graph, settled: Graph) -> list[Criterion]:
        before, after = self._evaluator(patient, open_), self._evaluator(patient, settled)
        return [
            criterion
            for top in self.trial.criteria
            for criterion in top.walk()
            if before.named(criterion.name).status is Status.UNKNOWN
            and after.named(criterion.name).status is not Status.UNKNOWN
        ]

    def _evaluator(self, patient: URIRef, graph: Graph) -> Evaluator:
        return Evaluator(GraphView(graph), patient, self.trial.rules)

    def result(self) -> tuple[UnmappedCode, ...]:
        """Return what was counted."""
        every = [criterion for top in self.trial.criteria for criterion in top.walk()]
        found = []
        for code, patients in self.patients.items():
            words = self.words[str(code)]
            counted = ((c, self.blocks[code, c.notation]) for c in every)
            found.append(
                UnmappedCode(
                    words.system,
                    words.notation,
                    max(sorted(words.displays), key=words.displays.__getitem__, default=None),
                    patients,
                    self.facts[code],
                    tuple((criterion, count) for criterion, count in counted if count),
                    self.blocked[code],
                )
            )
        order = sorted(
            found, key=lambda c: (-c.blocked_patients, -c.patients, c.system, c.notation)
        )
        return tuple(order)
