"""`eligo trial check`: is a trial's file well formed, consistent and complete?"""

from __future__ import annotations

import rich_click as click

from eligo.cli.options import common_options, format_option, output_option
from eligo.cli.output import choose_format, write
from eligo.cli.talk import settings, warn

ENDINGS = {".txt": "text", ".json": "json", ".ttl": "turtle"}


@click.command("check")
@click.argument("trials", nargs=-1, required=True, metavar="TRIALS...")
@click.option("--no-shapes", is_flag=True, help="Leave out the authoring shapes.")
@click.option("--no-reasoner", is_flag=True, help="Leave out the reasoner, which needs Java.")
@click.option("--no-notes", is_flag=True, help="Leave out of the text what needs no mending.")
@format_option("text", "json", "turtle", default="text")
@output_option
@common_options
def check(
    trials: tuple[str, ...],
    no_shapes: bool,
    no_reasoner: bool,
    no_notes: bool,
    format_: str | None,
    output: str | None,
) -> int:
    """Check TRIALS (numbers, Turtle files, folders): fields, text, shapes, logic and patterns.

    Each finding names file, line and term, what was found and how to mend it. `--format turtle`
    writes a W3C validation report. The exit code is 1 if there is a violation; warnings and notes
    do not count.
    """
    import json

    from eligo.cli.exits import Exit
    from eligo.cli.trial import report_failures
    from eligo.records.model import Severity
    from eligo.report.authoring import checked_data, checked_graph, write_checked
    from eligo.report.serialise import validation_report
    from eligo.services.authoring import check_trials
    from eligo.services.registry import load_trials
    from eligo.vocabulary.ontology import PREFIXES

    found = load_trials(trials)
    code = report_failures(found)
    checked = check_trials(found.loaded, shapes=not no_shapes, reasoner=not no_reasoner)
    if checked.skipped is not None:
        warn(f"logic was not checked: {checked.skipped}; --no-reasoner leaves it out")
    match choose_format(format_, output, ENDINGS):
        case "json":
            text = json.dumps(checked_data(checked), ensure_ascii=False, indent=2) + "\n"
        case "turtle":
            names = {trial.identifier: trial.trial for trial in found.loaded}
            text = validation_report(checked_graph(checked.findings, names), PREFIXES)
        case _:
            page = settings().page(to_file=output is not None)
            write_checked(checked, page, notes=not no_notes)
            text = page.text
    write(text, output)
    violated = any(finding.severity is Severity.VIOLATION for finding in checked.findings)
    return code or (Exit.FINDINGS if violated else Exit.FINE)
