"""One segment: statements as columns, and whose they are as far as the segment tells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from eligo.database import Database
from eligo.errors import InputError
from eligo.store.blank import name_blank_nodes
from eligo.store.lexicon import Lexicon, quoted, script
from eligo.store.literals import write_as_usual

LONGEST = 1 << 28


def statements_file(folder: Path, unit: int) -> Path:
    """Return the file with the statements of a segment."""
    return folder / f"{unit:012}.statements.parquet"


def nodes_file(folder: Path, unit: int) -> Path:
    """Return the file with the nodes that a unit speaks of."""
    return folder / f"{unit:012}.nodes.parquet"


def suspects_file(folder: Path, unit: int) -> Path:
    """Return the file with the facts of a unit that have not exactly one holder in it."""
    return folder / f"{unit:012}.suspects.parquet"


class Segmenter:
    """Writes segments, one after the other, into a folder.

    Attributes:
        folder: Where they are written.
        lexicon: What the ontology says.
        database: Where the work is done.
    """

    def __init__(self, folder: Path, lexicon: Lexicon, database: Database) -> None:
        self.folder = folder
        self.lexicon = lexicon
        self.database = database

    def write(
        self, unit: int, lines: Iterable[tuple[int, bytes]], *, whole: bool
    ) -> dict[int, int]:
        """Write one segment.

        Args:
            unit: Its number.
            lines: Canonical N-Quads with the number of the source that states them.
            whole: Whether everything that the sources say is here, so that blank nodes can be
                named.

        Returns:
            How many statements each source makes.

        Raises:
            InputError: Statements about statements, or blank nodes in a circle.
        """
        text = self.folder / f"{unit:012}.lines"
        try:
            with text.open("wb") as file:
                for number, data in lines:
                    mark = b"%d\x1f" % number
                    file.write(mark)
                    file.write(data[:-1].replace(b"\n", b"\n" + mark))
                    file.write(b"\n")
            self.database.execute(
                script("statements").substitute(file=quoted(str(text)), longest=LONGEST)
            )
        finally:
            text.unlink(missing_ok=True)
        counts = self.database.query(
            "SELECT source, COUNT(*), COUNT(*) FILTER (kind = 'statement') "
            "FROM statement GROUP BY source"
        )
        for source, _, nested in counts:
            if nested:
                raise InputError(
                    "states something about statements (RDF 1.2), which is not read; leave that "
                    "out",
                    source=str(source),
                )
        write_as_usual(self.database, self.lexicon)
        if whole:
            name_blank_nodes(self.database)
        find_holders(self.database)
        if not whole:
            self._refuse_nameless_patients()
        self._copy(unit)
        return {source: number for source, number, _ in counts}

    def _refuse_nameless_patients(self) -> None:
        nameless = self.database.query(
            "SELECT patient FROM known WHERE starts_with(patient, '_:') ORDER BY patient LIMIT 1"
        )
        for (patient,) in nameless:
            source, _, label = patient.removeprefix("_:").partition("/")
            raise InputError(
                f"the patient _:{label} has no IRI, which one in a file that is read in pieces "
                "needs; give patients IRIs",
                source=source,
            )

    def _copy(self, unit: int) -> None:
        files = [f(self.folder, unit) for f in (statements_file, nodes_file, suspects_file)]
        drafts = [file.with_suffix(".draft") for file in files]
        names = ("statements", "node_file", "suspect_file")
        self.database.execute(
            script("segment").substitute(
                unit=unit,
                nodes=script("nodes").substitute(unit=unit),
                suspects=script("suspects").substitute(unit=unit),
                **{name: quoted(str(path)) for name, path in zip(names, drafts, strict=True)},
            )
        )
        for draft, file in zip(drafts, files, strict=True):
            draft.replace(file)


def find_holders(database: Database) -> None:
    """Find whose record each node of the table `statement` belongs to."""
    database.execute(script("reach").substitute())
    depth = 0
    found = 1
    while found:
        depth += 1
        database.execute(script("reach-step").substitute(depth=depth))
        ((found,),) = database.query(f"SELECT COUNT(*) FROM reach WHERE depth = {depth}")
