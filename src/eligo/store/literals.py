"""Write typed literals in one form: that in which the store in memory gives them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from eligo.database import Database
from eligo.store.lexicon import Lexicon, script
from eligo.vocabulary.ontology import PREFIXES
from eligo.vocabulary.tables import Row, Table

COLUMNS = dict.fromkeys(("object", "datatype", "value", "kind"), "VARCHAR")
XSD = PREFIXES["xsd"]


def write_as_usual(database: Database, lexicon: Lexicon) -> None:
    """Give the typed literals of the table `statement` their usual form.

    1.0 and 1.00 are one number, as 1 and true are one boolean. What is no value of its type stays
    as it is written.
    """
    rows = database.query(script("written").substitute())
    changed = tuple(_changed(rows, lexicon))
    if changed:
        database.load(Table("usual", COLUMNS, changed))
        database.execute(script("usual").substitute())


def _changed(rows: Iterable[tuple[str, str]], lexicon: Lexicon) -> Iterator[Row]:
    store = ox.Store()
    node = ox.NamedNode("urn:eligo:literal")
    for text, datatype in rows:
        written = ox.Literal(text, datatype=ox.NamedNode(XSD + datatype.partition(":")[2]))
        quad = ox.Quad(node, node, written)
        store.add(quad)
        (kept,) = (q.object for q in store)
        store.remove(quad)
        if isinstance(kept, ox.Literal) and kept != written:
            yield text, datatype, kept.value, lexicon.short(kept.datatype.value)
