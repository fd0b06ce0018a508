"""Begin a trial of one's own: the skeleton of its ontology, and a table to fill with patterns."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from eligo.errors import InputError, UsageError
from eligo.patterns.rows import CRITERION, QUOTE, write_rows
from eligo.registry.files import Document
from eligo.registry.knowledge import Knowledge
from eligo.registry.model import Record
from eligo.registry.read import read_document, read_records
from eligo.registry.text_criteria import text_criteria
from eligo.registry.write import criteria_of, write_trial


@dataclass(frozen=True)
class Begun:
    """A trial that was begun.

    Attributes:
        identifier: Its registry number.
        turtle: The skeleton of its ontology.
        table: A row for each criterion that is not formalised.
        rows: How many rows there are.
    """

    identifier: str
    turtle: str
    table: str
    rows: int


def begin_trial(source: str, text: str | None = None, name: str = "-") -> Begun:
    """Begin a trial from a registry record, or from its number and its text of criteria.

    With a text only, nothing is known of the fields of a record, and no criterion comes from them.

    Args:
        source: The file of a record; with a text the registry number.
        text: The text of criteria.
        name: The file that the text is from.

    Raises:
        InputError: The record cannot be read.
        UsageError: There is not exactly one record.
    """
    knowledge = Knowledge.installed()
    if text is None:
        record = _one_record(source)
        criteria = criteria_of(record, knowledge)
    else:
        record = _of_text(source, text, name, knowledge)
        criteria = list(text_criteria(text))
    waiting = [d for d in criteria if d.expression is None]
    rows = [{CRITERION: d.name, QUOTE: d.quote or ""} for d in waiting]
    turtle = write_trial(record, knowledge, criteria)
    return Begun(record.identifier, turtle, write_rows(rows), len(rows))


def _one_record(source: str) -> Record:
    reading = read_records([source])
    if reading.failures:
        raise reading.failures[0]
    if len(reading.records) != 1:
        text = f"{source} holds {len(reading.records)} records; name a file with one, or use import"
        raise UsageError(text)
    return next(iter(reading.records.values()))


def _of_text(identifier: str, text: str, name: str, knowledge: Knowledge) -> Record:
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": identifier},
            "eligibilityModule": {"eligibilityCriteria": text},
        }
    }
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document(Path(name).name, digest, json.dumps(study, ensure_ascii=False), None)
    (found,) = read_document(document, knowledge)
    if isinstance(found, InputError):
        raise found
    return found
