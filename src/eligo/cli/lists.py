"""`eligo trials` and `eligo policies`: what there is to choose from."""

from __future__ import annotations

import rich_click as click

from eligo.cli.options import common_options, output_option, trial_option
from eligo.cli.output import write


@click.command()
@output_option
@common_options
def trials(output: str | None) -> int:
    """List the trials that patients can be screened for."""
    from eligo.cli.session import load_trial
    from eligo.report.table import aligned
    from eligo.resources import trials as known

    rows = []
    for name in sorted(known()):
        model = load_trial(name).model
        what = model.ontology.definition(model.name) or model.ontology.label(model.name)
        rows.append((model.identifier, str(len(model.criteria)), what))
    write(aligned(("trial", "criteria", "about"), rows), output)
    return 0


@click.command()
@trial_option
@output_option
@common_options
def policies(trial: str | None, output: str | None) -> int:
    """List the evidence policies: what may be assumed about the source of the data."""
    from eligo.cli.session import load_trial
    from eligo.report.table import aligned

    known = load_trial(trial).policies
    rows = [(name, known[name].definition) for name in sorted(known)]
    write(aligned(("policy", "what it assumes"), rows), output)
    return 0
