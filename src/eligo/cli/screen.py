"""`eligo screen`: who is eligible, who is not, what is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from eligo.report.model import RunReport
    from eligo.trial.trial import TrialModel

ENDINGS = {
    ".txt": "text",
    ".json": "json",
    ".csv": "csv",
    ".ttl": "turtle",
    ".trig": "trig",
}


@click.command()
@sources_argument()
@run_options
@format_option("text", "json", "csv", "turtle", "trig", default="text")
@click.option(
    "--details", "-v", is_flag=True, help="Text only: every criterion with everything behind it."
)
@output_option
@common_options
def screen(options: RunOptions, format_: str | None, details: bool, output: str | None) -> int:
    """Screen PATIENTS (files, folders, `-`, or an endpoint) for a trial.

    Each patient is eligible, not eligible or undetermined; what is unknown comes with what would
    settle it. The exit code is 1 if a record has data problems.
    """
    from eligo.cli.session import load_trial
    from eligo.cli.summary import screen_all

    run, code = screen_all(options)
    format_ = choose_format(format_, output, ENDINGS)
    if format_ == "text":
        from eligo.report.text import write_run

        page = settings().page(to_file=output is not None)
        write_run(run, page, details=details)
        text = page.text
    elif format_ == "json":
        from eligo.report.json import run_json

        text = run_json(run)
    elif format_ == "csv":
        from eligo.report.csv import run_csv

        text = run_csv(run)
    else:
        text = _graphs(load_trial(options.trial).model, run, format_)
    write(text, output)
    return code


def _graphs(model: TrialModel, run: RunReport, format_: str) -> str:
    from eligo.report.rdf import assessment_graph, assessment_iri
    from eligo.report.serialise import dataset, turtle

    prefixes = model.ontology.prefixes
    graphs = {assessment_iri(a): assessment_graph(a, model) for a in run.assessments}
    if format_ == "trig":
        return dataset(graphs, prefixes)
    return turtle(graphs.values(), prefixes)
