"""`eligo explain`: why a criterion is met, refuted or unknown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from eligo.cli.options import (
    RunOptions,
    common_options,
    output_option,
    run_options,
    sources_argument,
)
from eligo.cli.output import write
from eligo.cli.talk import settings

if TYPE_CHECKING:
    from eligo.trial.trial import TrialModel


@click.command()
@sources_argument()
@run_options
@output_option
@common_options
def explain(options: RunOptions, output: str | None) -> int:
    """Explain criteria of PATIENTS in full: `eligo explain anna.ttl E9 I3.1`.

    An argument that is no file and reads like a number of the record (E9, I3.1) names a criterion;
    without any, all are explained. Each comes with the record's words, how they are read, the
    decisions adopted, the evidence, and what is missing.
    """
    from dataclasses import replace

    from eligo.cli.recorded import trial_among
    from eligo.cli.session import load_trial
    from eligo.cli.summary import screen_all
    from eligo.errors import UsageError
    from eligo.report.criterion import write_tree
    from eligo.report.text import write_heading

    name = options.trial or trial_among(options.sources)
    model = load_trial(name, options.mappings).model
    sources, wanted = split_arguments(options.sources, model)
    if not sources and options.reading.endpoint is None:
        raise UsageError("name the patient data before the criteria, such as anna.ttl E9")
    run, code = screen_all(replace(options, sources=sources))
    page = settings().page(to_file=output is not None)
    for assessment in run.assessments:
        page.blank()
        write_heading(run, assessment, page, dates=True)
        chosen = [assessment[name] for name in wanted] if wanted else list(assessment.results)
        for result in chosen:
            page.blank()
            write_tree(result, page, indent=2)
    write(page.text, output)
    return code


def split_arguments(
    arguments: tuple[str, ...], model: TrialModel
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell patient data from criteria.

    Raises:
        UsageError: An argument reads like a criterion and the trial has none of that number.
    """
    from eligo.errors import UsageError

    known = {c.notation.lower(): c.notation for top in model.criteria for c in top.walk()}
    sources, wanted = [], []
    for argument in arguments:
        if argument == "-" or Path(argument).exists():
            sources.append(argument)
        elif argument.lower() in known:
            wanted.append(known[argument.lower()])
        elif re.fullmatch(r"[A-Za-z]\d+([.-][\w/]+)*", argument):
            listed = ", ".join(c.notation for c in model.criteria)
            raise UsageError(
                f"{argument} is neither a file nor a criterion of {model.identifier}, which has "
                f"{listed} and their parts"
            )
        else:
            sources.append(argument)
    return tuple(sources), tuple(dict.fromkeys(wanted))
