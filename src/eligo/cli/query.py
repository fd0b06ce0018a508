"""`eligo query`: ask the knowledge base."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from eligo.cli.options import RunOptions, common_options, output_option, run_options
from eligo.cli.output import choose_format, write

if TYPE_CHECKING:
    from rdflib import Graph

ENDINGS = {".txt": "table", ".csv": "csv", ".json": "json", ".ttl": "turtle"}


@click.command()
@click.argument("name", required=False, metavar="QUERY")
@click.argument("sources", nargs=-1, metavar="[PATIENTS]...")
@click.option("--list", "list_", is_flag=True, help="List the catalogue of queries.")
@click.option(
    "--set",
    "-s",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter, such as kind=concept:LiveVaccine or notation=E9; may be repeated.",
)
@run_options
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["table", "csv", "json", "turtle"]),
    help="Default: by the ending of --output, else table (turtle for CONSTRUCT).",
)
@output_option
@common_options
def query(
    name: str | None,
    options: RunOptions,
    list_: bool,
    settings: tuple[str, ...],
    format_: str | None,
    output: str | None,
) -> int:
    """Run a QUERY of the catalogue, or a .rq file, over the ontology and PATIENTS.

    Without patients it sees the ontology and the trials only; with them, also their enriched
    graphs and assessments. csv and json are the W3C formats of SPARQL results.
    """
    from eligo.cli.exits import Exit
    from eligo.errors import UsageError
    from eligo.report.answers import answer_text
    from eligo.services.query import ask, build_store, catalogue, find_query, set_parameters

    if list_:
        from eligo.report.table import aligned

        rows = [(q.name, ", ".join(q.parameters), q.summary) for q in catalogue()]
        write(aligned(("query", "parameters", "what it does"), rows), output)
        return Exit.FINE
    if name is None:
        raise UsageError("name a query or a .rq file; `eligo query --list` lists the catalogue")
    text, source = (sys.stdin.read(), "-") if name == "-" else find_query(name)
    text = set_parameters(text, _values(settings), source)
    graphs, code = _graphs(options)
    answer = ask(build_store(graphs, _own_trial(options.trial)), text, source)
    format_ = (
        None if format_ is None and output is None else choose_format(format_, output, ENDINGS)
    )
    write(answer_text(answer, format_), output)
    return code


def _values(settings: tuple[str, ...]) -> dict[str, str]:
    from eligo.cli.session import load_trial
    from eligo.errors import UsageError
    from eligo.resources import trials

    values = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise UsageError(f"--set {setting}: write NAME=VALUE")
        if name == "trial" and value in trials():
            value = str(load_trial(value).model.name)
        values[name.lstrip("?")] = value
    return values


def _own_trial(trial: str | None) -> list[Path]:
    path = Path(trial or "")
    return [path] if path.suffix == ".ttl" and path.is_file() else []


def _graphs(options: RunOptions) -> tuple[dict[str, Graph], int]:
    from eligo.cli.exits import Exit

    if not options.sources and options.reading.endpoint is None:
        return {}, Exit.FINE
    from eligo.cli.session import open_session
    from eligo.report.rdf import assessment_graph, assessment_iri, evidence_iri

    session = open_session(options)
    graphs: dict[str, Graph] = {}
    problems = False
    for screened in session.screen():
        a = screened.assessment
        problems = problems or bool(a.problems)
        graphs[str(assessment_iri(a))] = assessment_graph(a, session.trial.model)
        name = evidence_iri(a.patient, a.trial, a.dates, a.policy, a.version, a.mappings)
        graphs[str(name)] = screened.graph
    return graphs, session.exit_code(findings=problems)
