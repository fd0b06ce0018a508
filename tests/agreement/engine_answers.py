"""What each engine answers for each patient and named class, and where engines differ.

A probe is a shape that targets patients and requires `C.met` or `C.notMet`; a patient without a
result from it conforms. The reader-facing shapes of a trial run in the same validation.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH

from agreement.shacl_engines import Engine, EngineFailure, Report, Shapes
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Truth
from eligo.evaluate.view import GraphView
from eligo.trial.model import Polarity
from eligo.trial.trial import TrialModel
from eligo.vocabulary import naming
from eligo.vocabulary.terms import ELIG

PROBE = "urn:probe:"
Answers = Mapping[tuple[str, URIRef], Truth]


def judged(trial: TrialModel) -> tuple[URIRef, ...]:
    """Return every named class of patients of a trial."""
    types = trial.ontology.graph
    names = trial.rules.definitions
    return tuple(n for n in names if (n, RDF.type, ELIG.FactClass) not in types)


def with_probes(shapes: str, names: Iterable[URIRef]) -> Shapes:
    """Return shapes with a probe for each answer about each named class."""
    probes = [
        f"<{PROBE}{shape}> a <{SH.NodeShape}> ; <{SH.targetClass}> <{ELIG.Patient}> ; "
        f"<{SH.node}> <{shape}> .\n"
        for name in names
        for shape in (naming.met_shape(name), naming.not_met_shape(name))
    ]
    return Shapes(shapes + "\n" + "".join(probes))


def chunks(graphs: Mapping[str, Graph], size: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """Join the graphs of some patients at a time; what they share is written once, as N-Triples."""
    patients = list(graphs)
    for start in range(0, len(patients), size):
        chosen = tuple(patients[start : start + size])
        lines = {
            line for p in chosen for line in graphs[p].serialize(format="nt").splitlines() if line
        }
        yield chosen, "\n".join(sorted(lines)) + "\n"


def read_answers(report: Report, patients: Iterable[str], names: Iterable[URIRef]) -> Answers:
    """Read the truth of each named class for each patient off the results of the probes."""
    failed = {(result.focus, result.shape) for result in report.results}
    return {
        (patient, name): Truth(
            (patient, f"{PROBE}{naming.met_shape(name)}") not in failed,
            (patient, f"{PROBE}{naming.not_met_shape(name)}") not in failed,
        )
        for patient in patients
        for name in names
    }


def read_reader_results(report: Report) -> set[tuple[str, str, str]]:
    """Return what a plain report shows: patient, shape and severity, probes left out."""
    return {
        (result.focus, result.shape, result.severity)
        for result in report.results
        if not result.shape.startswith(PROBE)
    }


def implied_reader_results(
    trial: TrialModel, patients: Iterable[str], answers: Answers
) -> set[tuple[str, str, str]]:
    """Return what a plain report must show, given the truth of each criterion."""
    found = set()
    for patient in patients:
        for criterion in trial.criteria:
            truth = answers[patient, criterion.name]
            wanted = criterion.polarity is Polarity.INCLUSION
            if truth.refuted if wanted else truth.met:
                found.add((patient, naming.violation_shape(criterion.name), str(SH.Violation)))
            if not truth.met and not truth.refuted:
                found.add((patient, naming.open_shape(criterion.name), str(SH.Warning)))
    return {(patient, str(shape), severity) for patient, shape, severity in found}


def direct_answers(
    trial: TrialModel, graphs: Mapping[str, Graph], names: Sequence[URIRef]
) -> Answers:
    """Return what the direct evaluator says; it knows nothing of SHACL."""
    found = {}
    for patient, graph in graphs.items():
        evaluator = Evaluator(GraphView(graph), URIRef(patient), trial.rules)
        for name in names:
            found[patient, name] = evaluator.named(name)
    return found


@dataclass
class Tally:
    """What came out for one engine.

    Attributes:
        engine: The engine.
        seconds: Time spent in it, the start of its program and parsing included.
        answers: Truth of each patient and named class.
        reader: What its plain report shows.
        failures: What the engine said where it gave no report, by patient.
    """

    engine: Engine
    seconds: float = 0.0
    answers: dict[tuple[str, URIRef], Truth] = field(default_factory=dict)
    reader: set[tuple[str, str, str]] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)

    def add(
        self, patients: tuple[str, ...], data: str, shapes: Shapes, names: Sequence[URIRef]
    ) -> None:
        """Validate some patients and keep the answers.

        Raises:
            EngineFailure: The engine gave no report.
        """
        start = time.perf_counter()
        try:
            report = self.engine.validate(data, shapes)
        finally:
            self.seconds += time.perf_counter() - start
        if report.conforms != (not report.results):
            raise EngineFailure(f"{self.engine.name}: sh:conforms contradicts the results")
        self.answers |= read_answers(report, patients, names)
        self.reader |= read_reader_results(report)


def tally(
    engine: Engine,
    graphs: Mapping[str, Graph],
    shapes: Shapes,
    names: Sequence[URIRef],
    size: int,
) -> Tally:
    """Ask one engine about all patients; where a chunk fails, each of its patients alone."""
    found = Tally(engine)
    for patients, data in chunks(graphs, size):
        try:
            found.add(patients, data, shapes, names)
        except EngineFailure:
            for (patient,), alone in chunks({p: graphs[p] for p in patients}, 1):
                try:
                    found.add((patient,), alone, shapes, names)
                except EngineFailure as failure:
                    found.failures[patient] = str(failure)
    return found


@dataclass(frozen=True)
class Difference:
    """A patient and named class on which two engines differ."""

    patient: str
    name: URIRef
    expected: Truth
    found: Truth


def differences(expected: Answers, found: Answers) -> list[Difference]:
    """Compare answers where both engines gave one."""
    return [
        Difference(*key, expected[key], found[key])
        for key in sorted(expected.keys() & found.keys())
        if expected[key] != found[key]
    ]
