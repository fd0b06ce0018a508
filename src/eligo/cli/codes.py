"""`eligo codes`: which codes no concept lists, and what they keep unknown."""

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
from eligo.cli.talk import progress, settings

ENDINGS = {".txt": "text", ".csv": "csv", ".json": "json", ".ttl": "turtle"}


@click.command()
@sources_argument()
@run_options
@format_option("text", "csv", "json", "turtle", default="text")
@click.option("--all", "every", is_flag=True, help="Text only: also codes that block nothing.")
@output_option
@common_options
def codes(options: RunOptions, format_: str | None, every: bool, output: str | None) -> int:
    """List the codes of PATIENTS that no concept lists, and the criteria each keeps unknown.

    A code blocks a criterion if mapping it to something unrelated would help to decide it. Those
    that block most patients come first. `--format turtle` writes mappings to be filled in; put the
    file into a folder and name that with --mappings.
    """
    from importlib.metadata import version

    from eligo.cli.session import open_session
    from eligo.report.codes import CodeReport, codes_csv, codes_json, codes_turtle, write_codes
    from eligo.services.codes import unmapped_codes

    session = open_session(options)
    trial = session.trial.model
    report = CodeReport(
        trial=trial.identifier,
        policy=session.prepared.policy.notation,
        version=version("eligo"),
        patients=len(session.patients),
        codes=unmapped_codes(session.prepared, progress(session.patients, "looking at codes")),
        mappings=trial.mappings,
        ontology=trial.ontology,
    )
    format_ = choose_format(format_, output, ENDINGS)
    if format_ == "text":
        page = settings().page(to_file=output is not None)
        write_codes(report, page, every=every)
        text = page.text
    else:
        writers = {"csv": codes_csv, "json": codes_json, "turtle": codes_turtle}
        text = writers[format_](report)
    write(text, output)
    return session.exit_code(findings=False)
