"""Is an ontology consistent, and which classes lie below which: asked of HermiT through owlready2.

This is the only module that imports owlready2. Each call works in a world of its own, because
owlready2 keeps what it read and inferred.
"""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from decimal import Decimal
from subprocess import TimeoutExpired

import owlready2
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from eligo.errors import EngineError, ModelError
from eligo.reason.guard import guarded
from eligo.reason.java import java_executable
from eligo.reason.logic import has_impossible_member, logical_part

_INPUT = URIRef("urn:eligo:asserted")
_OUTPUT = URIRef("urn:eligo:inferred")
_ADVICE = "look for a negation outside a definition of patients or facts"
LIMIT = 300.0
_BUILT_IN = frozenset({OWL.Thing, OWL.Nothing})


@dataclass(frozen=True, slots=True)
class ReasonerReport:
    """What a reasoner says about an ontology as a whole.

    Attributes:
        consistent: Whether the ontology can be true at all.
        unsatisfiable: IRIs, sorted, of the classes that nothing can ever belong to.
        seconds: How long the question took, the start of Java included.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Reasoning:
    """Everything one run of the reasoner found.

    Attributes:
        report: Consistency and unsatisfiable classes.
        pairs: Every pair (narrower, wider) of named classes that the ontology entails. They are
            transitive, hold both ways for equivalent classes and leave out a class with itself,
            `owl:Thing` and unsatisfiable classes. Empty where the ontology is inconsistent.
    """

    report: ReasonerReport
    pairs: frozenset[tuple[URIRef, URIRef]]


def reason(graph: Graph, *, limit: float = LIMIT) -> Reasoning:
    """Ask everything at once; the reasoner is slow to start and seldom slow to answer.

    Args:
        graph: The ontology with everything it imports.
        limit: Seconds after which the reasoner is stopped.

    Raises:
        EngineError: No Java runtime, the time is over, or HermiT cannot read the ontology, such as
            a date in it.
    """
    start = time.perf_counter()
    logic = logical_part(guarded(graph))
    inferred = _infer(logic, limit)
    if inferred is None:
        return Reasoning(ReasonerReport(False, (), time.perf_counter() - start), frozenset())
    empty = tuple(sorted(str(c) for c in inferred.subjects(OWL.equivalentClass, OWL.Nothing)))
    consistent = not has_impossible_member(graph, empty)
    pairs = _closure(logic + inferred) if consistent else frozenset()
    return Reasoning(ReasonerReport(consistent, empty, time.perf_counter() - start), pairs)


def check_consistency(graph: Graph) -> ReasonerReport:
    """Ask whether an ontology is consistent and which of its classes are unsatisfiable.

    A concept is its own individual, so an unsatisfiable concept makes the whole ontology
    inconsistent; it is named all the same.

    Args:
        graph: The ontology with everything it imports.

    Raises:
        EngineError: As for `reason`.
    """
    return reason(graph).report


def classify(graph: Graph) -> frozenset[tuple[URIRef, URIRef]]:
    """Return every pair (narrower, wider) of named classes, as `Reasoning.pairs`.

    Args:
        graph: The ontology with everything it imports.

    Raises:
        EngineError: As for `reason`.
        ModelError: The ontology is inconsistent, so that everything would follow from it.
    """
    reasoning = reason(graph)
    if not reasoning.report.consistent:
        raise ModelError("the ontology is inconsistent: mend what check_consistency reports first")
    return reasoning.pairs


def _infer(logic: Graph, limit: float) -> Graph | None:
    """Return what HermiT infers beyond the input, None when the input is inconsistent."""
    logic.add((_INPUT, RDF.type, OWL.Ontology))
    _refuse_lossy_numbers(logic)
    owlready2.JAVA_EXE = str(java_executable())
    owlready2.reasoning._subprocess_kargs["timeout"] = limit
    world = owlready2.World()
    try:
        source = io.BytesIO(logic.serialize(format="nt", encoding="utf-8"))
        world.get_ontology(_INPUT).load(fileobj=source)
        inferences = world.get_ontology(_OUTPUT)
        with inferences:
            owlready2.sync_reasoner_hermit(world, debug=0)
        return _read(inferences)
    except owlready2.OwlReadyInconsistentOntologyError:
        return None
    except TimeoutExpired as error:
        raise EngineError(f"HermiT did not finish in {limit:g} s: {_ADVICE}") from error
    except owlready2.OwlReadyJavaError as error:
        raise EngineError(f"HermiT cannot reason over this ontology: {_reason(error)}") from error
    finally:
        world.close()


def _refuse_lossy_numbers(logic: Graph) -> None:
    """Refuse decimals that owlready2, which reads them as floats, would round in silence."""
    for _, _, value in logic:
        if isinstance(value, Literal) and value.datatype == XSD.decimal:
            exact = Decimal(str(value))
            if Decimal(repr(float(exact))) != exact:
                raise EngineError(f"{value} has more digits than the reasoner can take: shorten it")


def _read(inferences: owlready2.Ontology) -> Graph:
    target = io.BytesIO()
    inferences.save(file=target, format="ntriples")
    return Graph(bind_namespaces="none").parse(data=target.getvalue(), format="nt")


def _reason(error: Exception) -> str:
    """Return HermiT's own words without the place in the Java program."""
    lines = str(error).splitlines()[1:]
    words = [line.strip() for line in lines if line and not line.startswith("\tat ")]
    return " ".join(words) or str(error)


def _closure(graph: Graph) -> frozenset[tuple[URIRef, URIRef]]:
    wider: dict[URIRef, set[URIRef]] = {}
    for narrow, predicate, wide in graph:
        if isinstance(narrow, URIRef) and isinstance(wide, URIRef):
            if predicate in (RDFS.subClassOf, OWL.equivalentClass):
                wider.setdefault(narrow, set()).add(wide)
            if predicate == OWL.equivalentClass:
                wider.setdefault(wide, set()).add(narrow)
    empty = wider.get(OWL.Nothing, set())
    named = wider.keys() - _BUILT_IN - empty
    return frozenset(
        (narrow, wide)
        for narrow in named
        for wide in _reachable(narrow, wider) - _BUILT_IN - {narrow}
    )


def _reachable(start: URIRef, wider: dict[URIRef, set[URIRef]]) -> set[URIRef]:
    found: set[URIRef] = set()
    waiting: list[URIRef] = [start]
    while waiting:
        for wide in wider.get(waiting.pop(), ()):
            if wide not in found:
                found.add(wide)
                waiting.append(wide)
    return found
