"""Records that hold one variant of each item and nothing else, for the record shapes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from rdflib.namespace import RDF

from eligo.synth.model import Item
from eligo.synth.render import PATIENT, Writer
from eligo.vocabulary.terms import ELIG

DAYS = {
    ELIG.ScreeningDate: date(2026, 3, 2).toordinal(),
    ELIG.EnrolmentDate: date(2026, 3, 4).toordinal(),
    ELIG.PlannedInterventionDate: date(2026, 4, 20).toordinal(),
}


def single_records(items: tuple[Item, ...], writer: Writer) -> Iterator[str]:
    """Yield a patient for each variant, and for each value beside a limit, with nothing else."""
    random = Random(7)
    number = 0
    for item in items:
        for variant in item.variants:
            prepared = writer.prepare(item, variant)
            places = [(None, None)] + [(g, p) for g, points in prepared.beside for p in points]
            for gap, point in places:
                number += 1
                text = prepared.fill(random, DAYS, gap, point)
                head = f"<{PATIENT}> {writer.term(RDF.type)} {writer.term(ELIG.Patient)} .\n"
                yield (head + text).replace(PATIENT, f"https://example.org/synthetic/x/{number}")
