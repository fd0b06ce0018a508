"""`eligo screen`: who is eligible, who is not, what is unknown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from eligo.cli.exits import Exit
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
from eligo.errors import UsageError

if TYPE_CHECKING:
    from eligo.cli.cohort import Keep
    from eligo.report.model import RunReport
    from eligo.trial.trial import TrialModel

ENDINGS = {
    ".txt": "text",
    ".json": "json",
    ".csv": "csv",
    ".ttl": "turtle",
    ".trig": "trig",
    ".nq": "nquads",
}
COHORT_ENDINGS = {".txt": "text", ".json": "json"}


@click.command()
@sources_argument()
@run_options
@format_option("text", "json", "csv", "turtle", "trig", "nquads", default="text")
@click.option(
    "--details", "-v", is_flag=True, help="Text only: every criterion with everything behind it."
)
@click.option(
    "--engine",
    type=click.Choice(("auto", "shacl", "cohort")),
    default="auto",
    help="shacl validates each patient; cohort decides all at once, with the same answers. auto "
    "chooses: cohort for a record store and for many patients.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="RESULTS",
    help="Of a record store: folder for the results of every patient, as Parquet.",
)
@click.option(
    "--no-evidence",
    is_flag=True,
    help="Write the answers to --out without what they rest on: faster, but none can be explained.",
)
@click.option("--overwrite", is_flag=True, help="Replace the results that --out holds already.")
@output_option
@common_options
def screen(
    options: RunOptions,
    format_: str | None,
    details: bool,
    engine: str,
    out: Path | None,
    no_evidence: bool,
    overwrite: bool,
    output: str | None,
) -> int:
    """Screen PATIENTS (files, folders, `-`, an endpoint, a record store) for a trial.

    Each patient is eligible, not eligible or undetermined; what is unknown comes with what would
    settle it. Of a record store (`eligo import`) the cohort is shown in numbers; its RESULTS can be
    named in place of PATIENTS, to see and explain each. The exit code is 1 if a record has data
    problems.
    """
    from eligo.cli.cohort import Keep, store_among
    from eligo.cli.recorded import recorded_quads, results_among, trial_among
    from eligo.cli.session import load_trial
    from eligo.cli.stream import write_pieces
    from eligo.cli.summary import screen_all

    store = store_among(options.sources)
    if store is not None:
        if engine == "shacl":
            raise UsageError(
                "--engine shacl validates patients of files; `eligo extract` writes those of a "
                "store"
            )
        keep = Keep(out, overwrite=overwrite, evidence=not no_evidence)
        return _screen_store(options, store, format_, keep, output)
    if out is not None or overwrite or no_evidence:
        raise UsageError("--out takes the results of a record store: `eligo import` makes one")
    format_ = choose_format(format_, output, ENDINGS)
    results = results_among(options.sources)
    if results is not None and format_ == "nquads":
        write_pieces(recorded_quads(options, results), output)
        return Exit.FINE
    run, code = screen_all(options, engine)
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
        name = options.trial or trial_among(options.sources)
        text = _graphs(load_trial(name, options.mappings).model, run, format_)
    write(text, output)
    return code


def _screen_store(
    options: RunOptions,
    store: Path,
    format_: str | None,
    keep: Keep,
    output: str | None,
) -> int:
    from eligo.cli.cohort import screen_store
    from eligo.report.cohort import cohort_json, write_cohort

    chosen = choose_format(format_, output, COHORT_ENDINGS)
    if chosen not in COHORT_ENDINGS.values():
        raise UsageError(
            f"a cohort is shown as text or json, not {chosen}; its results, named in place of the "
            "store, are written in any format"
        )
    summary, code = screen_store(options, store, keep)
    if chosen == "json":
        text = cohort_json(summary)
    else:
        page = settings().page(to_file=output is not None)
        write_cohort(summary, page)
        text = page.text
    write(text, output)
    return code


def _graphs(model: TrialModel, run: RunReport, format_: str) -> str:
    from eligo.report.rdf import assessment_graph, assessment_iri
    from eligo.report.serialise import dataset, turtle

    prefixes = model.ontology.prefixes
    graphs = {assessment_iri(a): assessment_graph(a, model) for a in run.assessments}
    if format_ in ("trig", "nquads"):
        return dataset(graphs, prefixes, format=format_)
    return turtle(graphs.values(), prefixes)
