"""`eligo match`: for which trials a patient may be eligible."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from eligo.cli.options import (
    RunOptions,
    common_options,
    format_option,
    output_option,
    sources_argument,
    trials_run_options,
)
from eligo.cli.output import choose_format, write
from eligo.cli.talk import settings
from eligo.errors import UsageError

if TYPE_CHECKING:
    from eligo.assess.match import CohortMatch, MatchRun

ENDINGS = {".txt": "text", ".json": "json", ".csv": "csv", ".ttl": "turtle"}
TOP = 10


@click.command()
@sources_argument()
@click.option(
    "--trials",
    "trials",
    multiple=True,
    metavar="TRIALS",
    help="Registry number, Turtle file, folder of such files, or file of registry records; may be "
    "repeated. Default: all trials that come with Eligo.",
)
@click.option("--store", metavar="STORE", help="Match all patients of a record store.")
@click.option(
    "--top",
    type=click.IntRange(1),
    metavar="N",
    help="Show the first N trials, of each patient. Default: 10 as text, else all.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Of a record store: a table with a row for each patient and trial, .parquet or .csv.",
)
@trials_run_options
@format_option("text", "json", "csv", "turtle", default="text")
@output_option
@common_options
def match(
    options: RunOptions,
    trials: tuple[str, ...],
    store: str | None,
    top: int | None,
    out: Path | None,
    format_: str | None,
    output: str | None,
) -> int:
    """Match PATIENTS (files, folders, `-`, an endpoint) with many trials at once.

    Trials are ranked for each patient: eligible, undetermined, not eligible; then by how little
    stands against the patient or is unknown. The verdicts are those of `eligo screen`. Of a record
    store (`eligo import`) each trial is shown with the number of patients. The exit code is 1 if a
    record has data problems.
    """
    from eligo.cli.cohort import store_among

    format_ = choose_format(format_, output, ENDINGS)
    if store is not None and options.sources:
        raise UsageError("give patients or --store, not both")
    folder = Path(store) if store is not None else store_among(options.sources)
    if folder is not None:
        from eligo.cli.matching import match_store

        cohort, code = match_store(options, trials, folder, out)
        write(_cohort(cohort, format_, top, to_file=output is not None), output)
        return code
    if out is not None:
        raise UsageError("--out takes the pairs of a record store: `eligo import` makes one")
    from eligo.cli.matching import match_files

    most = TOP if top is None and format_ == "text" else top
    run, code = match_files(options, trials, most)
    write(_run(run, format_, to_file=output is not None), output)
    return code


def _run(run: MatchRun, format_: str, *, to_file: bool) -> str:
    from eligo.report import match as report

    if format_ == "json":
        return report.match_json(run)
    if format_ == "csv":
        return report.match_csv(run)
    if format_ == "turtle":
        from eligo.report.match_rdf import match_turtle

        return match_turtle(run)
    page = settings().page(to_file=to_file)
    report.write_match(run, page)
    return page.text


def _cohort(cohort: CohortMatch, format_: str, top: int | None, *, to_file: bool) -> str:
    from eligo.report import match_cohort as report

    if format_ == "turtle":
        raise UsageError("a cohort is shown as text, json or csv; --out writes each patient")
    if format_ == "json":
        return report.cohort_json(cohort, top)
    if format_ == "csv":
        return report.cohort_csv(cohort, top)
    page = settings().page(to_file=to_file)
    report.write_cohort(cohort, page, TOP if top is None else top)
    return page.text
