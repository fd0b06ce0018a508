"""The parts that run in a process of their own: `python benchmarks/jobs.py NAME OPTIONS`.

Each prints one JSON object; `seconds` is the time of the part that counts, without start-up.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, URIRef

SCREENING = date(2026, 3, 2)
CHUNK = 50


def parse(path: str) -> dict[str, float]:
    """Parse N-Triples on one core and do nothing with them."""
    began = time.perf_counter()
    triples = sum(1 for _ in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES))
    return {"seconds": time.perf_counter() - began, "triples": triples}


def direct(path: str, trial: str, count: int) -> dict[str, float]:
    """Derive patients in one go and decide every criterion with the direct evaluator."""
    from eligo.evaluate.kleene import Evaluator
    from eligo.evaluate.view import GraphView

    began = time.perf_counter()
    model, graphs, derived = _derived(path, trial, count)
    for patient, graph in graphs.items():
        evaluator = Evaluator(GraphView(graph), patient, model.rules)
        for top in model.criteria:
            for criterion in top.walk():
                evaluator.named(criterion.name)
    return {
        "seconds": time.perf_counter() - began,
        "derivation": derived,
        "patients": len(graphs),
    }


def pyshacl(path: str, trial: str, count: int) -> dict[str, float]:
    """Validate enriched graphs with pySHACL, one by one; derivation is not counted."""
    from eligo.engines.shacl import validate

    model, graphs, _ = _derived(path, trial, count)
    shapes = model.shapes
    began = time.perf_counter()
    for graph in graphs.values():
        validate(graph, shapes)
    return {"seconds": time.perf_counter() - began, "patients": len(graphs)}


def shacl_rust(path: str, trial: str, count: int) -> dict[str, float]:
    """Validate enriched graphs with shacl-rust, fifty at a time; derivation is not counted."""
    import shacl_rust as engine

    model, graphs, _ = _derived(path, trial, count)
    every = [graph.serialize(format="nt") for graph in graphs.values()]
    began = time.perf_counter()
    for first in range(0, len(every), CHUNK):
        data = "".join(every[first : first + CHUNK])
        engine.validate(data, model.shapes_text, data_format="nt", shapes_format="turtle")
    return {"seconds": time.perf_counter() - began, "patients": len(graphs)}


def _derived(path: str, trial: str, count: int):  # type: ignore[no-untyped-def]
    """Return the trial, the enriched graph of the first patients, and the time derivation took."""
    from eligo.derive.inputs import Run
    from eligo.derive.run import derive
    from eligo.records.extract import extract
    from eligo.records.records import Records
    from eligo.trial.trial import load_trial

    model = load_trial(trial)
    graphs: dict[URIRef, Graph] = {}
    seconds = 0.0
    for block in _blocks(Path(path), count, 250):
        records = Records()
        records.add_rdf(block, "part.nt")
        began = time.perf_counter()
        evidence = extract(records.store, model.ontology.short)
        policy = model.policies["default"]
        run = Run(SCREENING)
        graphs |= derive(
            evidence, model.vocabulary, model.asked, model.name, run, policy, model.ontology
        ).graphs
        seconds += time.perf_counter() - began
    return model, graphs, seconds


def _blocks(path: Path, count: int, size: int) -> Iterator[bytes]:
    """Yield the records of the first patients of a cohort, some together."""
    lines: list[bytes] = []
    last, seen = b"", 0
    with path.open("rb") as file:
        for line in file:
            patient = b"/".join(line.split(b">", 1)[0].split(b"/")[:7])
            if patient != last:
                if seen == count:
                    break
                if seen and seen % size == 0:
                    yield b"".join(lines)
                    lines = []
                last, seen = patient, seen + 1
            lines.append(line)
    if lines:
        yield b"".join(lines)


JOBS = {job.__name__: job for job in (parse, direct, pyshacl, shacl_rust)}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
