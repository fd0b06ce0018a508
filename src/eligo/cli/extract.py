"""`eligo extract`: what a store says of some patients, as RDF."""

from __future__ import annotations

import rich_click as click

from eligo.cli.options import common_options, output_option
from eligo.cli.output import write


@click.command()
@click.argument("store", metavar="STORE")
@click.argument("patients", nargs=-1, required=True, metavar="IRI...")
@output_option
@common_options
def extract(store: str, patients: tuple[str, ...], output: str | None) -> int:
    """Write everything that a STORE says of the patients IRI, as N-Triples.

    The other commands read that: `eligo extract STORE IRI | eligo explain - E9`.
    """
    from eligo.cli.exits import Exit
    from eligo.resources import ontology_files
    from eligo.store import Store
    from eligo.vocabulary.ontology import load_ontology

    ontology = load_ontology(ontology_files())
    opened = Store.open(store)
    keys = opened.find([iri.strip("<>") for iri in patients], ontology)
    write(opened.statements(keys.values(), ontology).decode(), output)
    return Exit.FINE
