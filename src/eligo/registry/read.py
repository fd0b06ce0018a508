"""Read registry records of every format; what cannot be read is reported and the rest goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from eligo.errors import InputError
from eligo.registry.files import Document, read_documents
from eligo.registry.knowledge import Knowledge
from eligo.registry.model import Record
from eligo.registry.read_json import read_json
from eligo.registry.read_text import read_text
from eligo.registry.read_xml import read_xml


@dataclass
class Reading:
    """What was read.

    Attributes:
        compared: Names of the fields in which records of one number must agree.
        records: The records, each number once, in the order they were met.
        failures: What could not be read, or contradicts a record read before.
        remarks: What the user should know.
    """

    compared: frozenset[str]
    records: dict[str, Record] = field(default_factory=dict)
    failures: list[InputError] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, found: Record | InputError) -> None:
        """Take a record, unless its number was met before."""
        if isinstance(found, InputError):
            self.failures.append(found)
            return
        known = self.records.setdefault(found.identifier, found)
        if known is found:
            return
        differing = sorted(
            name for name in self.compared if known.fields.get(name) != found.fields.get(name)
        )
        if differing:
            self.failures.append(
                InputError(
                    f"{found.identifier} was read before from {known.source.place} and differs in "
                    f"{', '.join(differing)}; keep one of the two (the first was kept)",
                    source=found.source.place,
                )
            )
        else:
            self.remarks.append(
                f"{found.source.place}: {found.identifier} repeats {known.source.place}"
            )


def read_records(paths: Iterable[str], knowledge: Knowledge | None = None) -> Reading:
    """Read the records that files, folders and `-` hold.

    Args:
        paths: What the user names.
        knowledge: How records are read; default what comes with Eligo.
    """
    knowledge = Knowledge.installed() if knowledge is None else knowledge
    reading = Reading(frozenset(field.name for field in knowledge.eligibility))
    for document in read_documents(paths):
        if isinstance(document, InputError):
            reading.failures.append(document)
            continue
        if document.remark:
            reading.remarks.append(document.remark)
        for found in read_document(document, knowledge):
            reading.add(found)
    return reading


def read_document(document: Document, knowledge: Knowledge) -> Iterator[Record | InputError]:
    """Yield the records of one file, by what it begins with.

    Args:
        document: The file.
        knowledge: How records are read.
    """
    start = document.text.lstrip()[:1]
    if start == "<":
        yield from read_xml(document, knowledge)
    elif start in ("{", "[") or document.has_lines:
        yield from read_json(document, knowledge)
    else:
        yield read_text(document, knowledge)
