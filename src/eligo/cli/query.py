"""`eligo query`: ask the knowledge base."""

from __future__ import annotations

import sys
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
    name: str | None, options: RunOptions, list_: bool, format_: str | None, output: str | None
) -> int:
    """Run a QUERY of the catalogue, or a .rq file, over the ontology and PATIENTS.

    Without patients it sees the ontology and the trials only; with them, also their enriched
    graphs and assessments. csv and json are the W3C formats of SPARQL results.
    """
    from eligo.cli.exits import Exit
    from eligo.errors import UsageError
    from eligo.report.answers import answer_text
    from eligo.services.query import ask, build_store, catalogue, find_query

    if list_:
        from eligo.report.table import aligned

        rows = [(item.name, item.summary, item.tags) for item in catalogue()]
        write(aligned(("query", "answers", "tags"), rows), output)
        return Exit.FINE
    if name is None:
        raise UsageError("name a query or a .rq file; `eligo query --list` lists the catalogue")
    text, source = (sys.stdin.read(), "-") if name == "-" else find_query(name)
    graphs, code = _graphs(options)
    answer = ask(build_store(graphs), text, source)
    format_ = (
        None if format_ is None and output is None else choose_format(format_, output, ENDINGS)
    )
    write(answer_text(answer, format_), output)
    return code


def _graphs(options: RunOptions) -> tuple[dict[str, Graph], int]:
    from eligo.cli.exits import Exit

    if not options.sources:
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
        name = evidence_iri(a.patient, a.trial, a.dates, a.policy, a.version)
        graphs[str(name)] = screened.graph
    return graphs, session.exit_code(findings=problems)
