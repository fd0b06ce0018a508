"""Other SHACL engines give the same answers as direct evaluation, and plain reports agree too."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib.namespace import SH

from agreement import compare_engines
from agreement.compare_engines import DIFFER, FAILED, compare, graphs_of_cases, main, table
from agreement.engine_answers import differences, judged, tally, with_probes
from agreement.shacl_engines import ENGINES, OTHERS, Engine, Report, Shapes
from agreement.small_world import EX, Oracle, Person, graph_of
from agreement.test_engines_agree import EXAMPLES, people, shapes_of, worlds
from case_loader import CASES
from eligo.api import Trial
from eligo.evaluate.truth import Truth
from eligo.expression.model import Definition
from eligo.resources import shapes, trials

STEP = 1 if os.environ.get("ELIGO_ALL_CASES") else 250
TRIAL = "NCT06150651"
WITH_CASES = [name for name in trials() if (CASES / name).is_dir()]
RUST = ENGINES["shacl-rust"]
HEAD = "@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"


def needed(engine: Engine) -> Engine:
    """Skip the test where an engine is not installed."""
    if engine.missing:
        pytest.skip(engine.missing)
    return engine


@cache
def sample(name: str) -> tuple[Trial, Mapping[str, Graph]]:
    """A trial with the enriched graphs of a fixed sample of its cases."""
    trial = Trial.load(name)
    return trial, graphs_of_cases(trial, STEP)


@pytest.fixture
def only_one(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the command look at one case that is derived already; return the trial's name."""
    _, graphs = sample(TRIAL)
    one = dict(list(graphs.items())[:1])
    monkeypatch.setattr(compare_engines, "graphs_of_cases", lambda *_: one)
    return TRIAL


@pytest.mark.parametrize("engine", OTHERS, ids=lambda engine: engine.name)
@pytest.mark.parametrize("name", WITH_CASES)
def test_engine_gives_the_same_answers_for_cases(name: str, engine: Engine) -> None:
    trial, graphs = sample(name)
    found = compare(trial, graphs, [needed(engine)], 50)
    (one,) = found.tallies
    assert not found.failed, one.failures
    assert not found.differs, table(found)
    assert len(one.answers) == len(found.graphs) * len(judged(trial.model))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(worlds(), st.lists(people, min_size=2, max_size=4))
def test_engine_gives_the_same_answers_in_small_worlds(
    definitions: dict[URIRef, Definition], population: list[Person]
) -> None:
    named = {EX[f"patient{i}"]: person for i, person in enumerate(population)}
    names = [name for name in definitions if name != EX.FactClass]
    expected = {
        (str(patient), name): Truth(*Oracle(definitions, person).decide(name))
        for patient, person in named.items()
        for name in names
    }
    asked = with_probes(shapes_of(definitions).serialize(format="turtle"), names)
    graphs = {str(patient): graph_of({patient: person}) for patient, person in named.items()}
    found = tally(needed(RUST), graphs, asked, names, len(graphs))
    assert not found.failures
    assert found.answers.keys() == expected.keys()
    assert differences(expected, found.answers) == []


@pytest.mark.parametrize("path", shapes("trials"), ids=lambda path: path.stem)
def test_compiled_shapes_negate_once(path: Path) -> None:
    """Of several values of `sh:not` on one shape, not every engine checks more than one."""
    graph = Graph().parse(path)
    negating = list(graph.subjects(SH["not"]))
    assert negating
    assert len(negating) == len(set(negating))


@pytest.mark.parametrize("engine", ENGINES.values(), ids=lambda engine: engine.name)
def test_negated_disjunction_is_understood(engine: Engine) -> None:
    """What compiled shapes write in place of several negations."""
    text = "ex:S a sh:NodeShape ; sh:targetNode ex:a, ex:b, ex:c ; sh:not [ sh:or (\n"
    text += "[ sh:property [ sh:path ex:p ; sh:minCount 1 ] ]\n"
    text += "[ sh:property [ sh:path ex:q ; sh:minCount 1 ] ] ) ] .\n"
    about = "<https://example.org/{}> <https://example.org/{}> <https://example.org/x> .\n"
    data = about.format("a", "p") + about.format("b", "q") + about.format("c", "r")
    report = needed(engine).validate(data, Shapes(HEAD + text))
    assert not report.conforms
    assert {result.focus[-1] for result in report.results} == {"a", "b"}


def test_a_difference_is_found_counted_and_written(
    only_one: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As by an engine that reads one threshold wrongly."""
    trial, _ = sample(only_one)
    text = trial.shapes.replace("sh:maxExclusive 30.0", "sh:maxExclusive 300.0")
    assert text != trial.shapes
    wrong = with_probes(text, judged(trial.model))
    faulty = Engine("faulty", ("pyshacl",), lambda data, _: needed(RUST).run(data, wrong))
    monkeypatch.setitem(ENGINES, "faulty", faulty)
    listed = tmp_path / "differences.csv"
    command = ["--engine", "faulty", "--trial", only_one, "--differences", str(listed)]
    assert main(command) == DIFFER
    assert "1 differ" in capsys.readouterr().out
    assert "nct:E9,faulty,not met,conflict\n" in listed.read_text(encoding="utf-8")


def test_an_engine_that_fails_is_counted_and_named(
    only_one: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> Report:
        raise RuntimeError("out of order")

    monkeypatch.setitem(ENGINES, "failing", Engine("failing", ("pyshacl",), fail))
    listed = tmp_path / "differences.csv"
    command = ["--engine", "failing", "--trial", only_one, "--differences", str(listed)]
    assert main(command) == FAILED
    assert "failing: RuntimeError: out of order" in listed.read_text(encoding="utf-8")


def test_a_missing_engine_is_left_out_by_name(
    only_one: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = Engine("absent", ("no-such-package",), lambda *_: Report(True, frozenset()))
    monkeypatch.setitem(ENGINES, "absent", absent)
    assert main(["--engine", "absent", "--trial", only_one]) == 0
    assert "left out: absent needs no-such-package: pip install" in capsys.readouterr().err
