"""`eligo validate`: are the records well formed?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from eligo.cli.options import (
    common_options,
    format_option,
    mappings_option,
    output_option,
    sources_argument,
)
from eligo.cli.output import choose_format, write
from eligo.cli.reading import Reading, reading_options
from eligo.cli.talk import error, settings, warn_of

if TYPE_CHECKING:
    from eligo.records.records import Records

ENDINGS = {".txt": "text", ".ttl": "turtle"}


@click.command()
@sources_argument()
@reading_options
@format_option("text", "turtle", default="text")
@mappings_option
@output_option
@common_options
def validate(
    sources: tuple[str, ...],
    reading: Reading,
    mappings: tuple[str, ...],
    format_: str | None,
    output: str | None,
) -> int:
    """Check that the records of PATIENTS are well formed, and say how to mend what is not.

    `--format turtle` writes the W3C validation report. The exit code is 1 if there is a violation
    or something was lost on the way: such a record cannot be trusted, and its patient is never
    called eligible.
    """
    from eligo.cli.exits import Exit, NothingToDo
    from eligo.records.model import Severity
    from eligo.report.findings import write_findings
    from eligo.report.serialise import validation_report
    from eligo.services.check import check_records, read_records

    records = read_records(reading.remote(sources) or sources, mappings, reading.profile)
    for failure in records.failures:
        error(failure)
    warn_of([doubt.text for doubt in records.all_doubts], "a record is short of something")
    checked = check_records(records, mappings)
    if not checked.report.checked:
        raise NothingToDo(
            "no patient and no fact was found: nothing was checked; is elig:Patient spelt right?"
        )
    if choose_format(format_, output, ENDINGS) == "turtle":
        text = validation_report(checked.report.graph, checked.prefixes)
    else:
        page = settings().page(to_file=output is not None)
        write_findings(checked.findings, page, patients=checked.patients, texts=_texts(records))
        text = page.text
    write(text, output)
    if records.failures:
        return Exit.UNREADABLE
    violated = bool(records.all_doubts) or any(
        finding.severity is Severity.VIOLATION for finding in checked.findings
    )
    return Exit.FINDINGS if violated else Exit.FINE


def _texts(records: Records) -> dict[str, str]:
    from eligo.records.parse import FORMATS

    texts = {}
    for source in records.sources:
        path = Path(source)
        if path.is_file() and path.suffix.lower() in FORMATS:
            texts[source] = path.read_text(encoding="utf-8", errors="replace")
    return texts
