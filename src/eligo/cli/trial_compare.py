"""`eligo trial compare`: how do the criteria and populations of two trials compare?"""

from __future__ import annotations

import rich_click as click

from eligo.cli.options import common_options, format_option, output_option
from eligo.cli.output import choose_format, write
from eligo.cli.talk import settings

ENDINGS = {".txt": "text", ".json": "json", ".ttl": "turtle"}


@click.command("compare")
@click.argument("first", metavar="TRIAL")
@click.argument("second", metavar="OTHER")
@format_option("text", "json", "turtle", default="text")
@output_option
@common_options
def compare(first: str, second: str, format_: str | None, output: str | None) -> int:
    """Compare TRIAL with OTHER (numbers or Turtle files) by a reasoner.

    Says for each criterion which criteria of the other trial are narrower, wider, equal or
    disjoint, whether one population lies inside the other, and what is redundant or impossible
    within each trial. What is not proved is not claimed. Needs Java: pip install 'eligo[reasoner]'.
    """
    import json

    from eligo.cli.exits import Exit
    from eligo.report.comparison import write_comparison
    from eligo.report.comparison_data import comparison_data, comparison_graph
    from eligo.report.serialise import turtle
    from eligo.services.compare import compare_trials

    compared = compare_trials(first, second)
    match choose_format(format_, output, ENDINGS):
        case "json":
            data = comparison_data(compared)
            text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        case "turtle":
            text = turtle([comparison_graph(compared)], compared.prefixes)
        case _:
            page = settings().page(to_file=output is not None)
            write_comparison(compared, page)
            text = page.text
    write(text, output)
    return Exit.FINE
