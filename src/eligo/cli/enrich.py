"""`eligo enrich`: the graph that validation judges."""

from __future__ import annotations

import rich_click as click

from eligo.cli.options import (
    RunOptions,
    common_options,
    format_option,
    output_option,
    run_options,
    sources_argument,
)
from eligo.cli.output import choose_format, write

ENDINGS = {".ttl": "turtle", ".trig": "trig", ".nq": "nquads"}


@click.command()
@sources_argument()
@run_options
@format_option("turtle", "trig", "nquads", default="turtle")
@output_option
@common_options
def enrich(options: RunOptions, format_: str | None, output: str | None) -> int:
    """Write the enriched graph of PATIENTS: facts, measurements and what is complete.

    Turtle merges all patients into one graph, TriG and N-Quads give each a graph of its own. Any
    SHACL engine can judge it: `pyshacl -s shapes/trials/TRIAL.ttl enriched.ttl`.
    """
    from importlib.metadata import version

    from eligo.cli.session import open_session
    from eligo.report.rdf import evidence_iri
    from eligo.report.serialise import dataset, turtle

    session = open_session(options)
    derived, trial = session.prepared.derived, session.trial
    prefixes = trial.model.ontology.prefixes
    format_ = choose_format(format_, output, ENDINGS)
    if format_ == "turtle":
        text = turtle((derived.graphs[p] for p in session.patients), prefixes)
    else:
        names = {
            evidence_iri(
                str(p),
                trial.identifier,
                derived.dates[p],
                options.policy,
                version("eligo"),
                trial.model.mappings,
            ): derived.graphs[p]
            for p in session.patients
        }
        text = dataset(names, prefixes, format=format_)
    write(text, output)
    return session.exit_code(findings=session.warn_of_problems())
