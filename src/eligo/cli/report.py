"""`eligo report`: a W3C validation report of a trial's reader-facing shapes."""

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
from eligo.cli.talk import settings

ENDINGS = {".ttl": "turtle", ".txt": "text"}


@click.command()
@sources_argument()
@run_options
@format_option("turtle", "text", default="turtle")
@output_option
@common_options
def report(options: RunOptions, format_: str | None, output: str | None) -> int:
    """Validate PATIENTS against a trial's shapes and write the W3C SHACL report.

    A criterion that stands against a patient is a violation, an unknown one a warning; a patient
    without a result is eligible, provided that the record is well formed.
    """
    from rdflib import Graph

    from eligo.cli.session import open_session
    from eligo.engines.shacl import validate
    from eligo.report.serialise import validation_report
    from eligo.report.shacl import write_report

    session = open_session(options)
    model = session.trial.model
    data = Graph(bind_namespaces="none")
    for patient in session.patients:
        for triple in session.prepared.derived.graphs[patient]:
            data.add(triple)
    result = validate(data, model.shapes)
    if choose_format(format_, output, ENDINGS) == "turtle":
        text = validation_report(result.graph, model.ontology.prefixes)
    else:
        page = settings().page(to_file=output is not None)
        write_report(result.graph, tuple(str(p) for p in session.patients), page)
        text = page.text
    write(text, output)
    return session.exit_code(findings=session.warn_of_problems())
