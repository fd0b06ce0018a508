"""`eligo synth`: invented patients for a trial."""

from __future__ import annotations

import rich_click as click

from eligo.cli.options import common_options, mappings_option, trial_option

ENDINGS = {".nt": "nt", ".ttl": "ttl"}
PACKED = (".gz", ".zst")


@click.command()
@click.argument("count", type=click.IntRange(min=1), metavar="N")
@trial_option
@click.option("--seed", "-s", type=int, default=0, help="Another seed gives other patients.")
@click.option(
    "--start",
    type=click.IntRange(min=0),
    default=0,
    metavar="K",
    help="Number of the first patient; ranges may be made apart and put together.",
)
@click.option(
    "--awkward",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="SHARE",
    help="Share of patients with records that are hard to read, such as 0.02.",
)
@click.option(
    "--population",
    multiple=True,
    metavar="FILE",
    help="A population of your own (Turtle), beside those that come along; may be repeated.",
)
@mappings_option
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(("nt", "ttl")),
    help="Default: by the ending of --out, else nt.",
)
@click.option(
    "--out",
    "-o",
    metavar="FILE",
    help="Write to a file, complete or not at all; an ending .gz or .zst packs it.",
)
@common_options
def synth(
    count: int,
    trial: str | None,
    seed: int,
    start: int,
    awkward: float,
    population: tuple[str, ...],
    mappings: tuple[str, ...],
    format_: str | None,
    out: str | None,
) -> int:
    """Invent N patients for a trial and write their records.

    The records are drawn from populations described in RDF and from the rules of the trial: values
    lie on, just inside and just outside every limit, and data are missing. The same seed gives
    the same patients. They are no sample of any people.
    """
    from itertools import chain
    from pathlib import Path

    from eligo.cli.output import PipeClosed
    from eligo.cli.session import load_trial
    from eligo.cli.stream import write_pieces
    from eligo.synth.cohort import Cohort
    from eligo.synth.population import population_of, relations_of
    from eligo.synth.render import Writer

    model = load_trial(trial, mappings).model
    drawn = population_of(model, [Path(name) for name in population])
    turtle = (format_ or _told(out)) == "ttl"
    writer = Writer(relations_of(model), model.ontology.prefixes if turtle else {})
    cohort = Cohort(drawn, writer, seed, awkward)
    try:
        write_pieces(chain([writer.head], cohort.patients(count, start)), out)
    except BrokenPipeError as error:
        raise PipeClosed from error
    return 0


def _told(out: str | None) -> str | None:
    """Return the format that the ending of a file tells, packed or not."""
    from pathlib import Path

    endings = [ending.lower() for ending in Path(out or "").suffixes if ending not in PACKED]
    return ENDINGS.get(endings[-1]) if endings else None
