"""Read one record that is written as lines of label and value."""

from __future__ import annotations

import re
from typing import Any

from eligo.errors import InputError
from eligo.registry.files import Document
from eligo.registry.knowledge import Knowledge
from eligo.registry.model import Record, Source, SourceFormat
from eligo.registry.read_json import identified, no_module
from eligo.vocabulary.terms import ELIG

LABEL = re.compile(r"^([A-Z][A-Za-z/ ]{1,40}):[ \t]?", re.MULTILINE)


def read_text(document: Document, knowledge: Knowledge) -> Record | InputError:
    """Return the record of a text file; a value ends with its line, the criteria at the next label.

    Args:
        document: The file.
        knowledge: The labels.
    """
    source = Source(document.name, document.sha256)
    labels = {field.label: field for field in knowledge.fields if field.label}
    found = [match for match in LABEL.finditer(document.text) if match[1] in labels]
    criteria = knowledge.field(ELIG.criteriaText)
    fields: dict[str, Any] = {}
    for match in found:
        field = labels[match[1]]
        following = [m.start() for m in found if m.start() > match.start()]
        end = document.text.find("\n", match.end())
        if field is criteria:
            end = following[0] if following else len(document.text)
        value = document.text[match.end() : None if end < 0 else end].strip()
        if value:
            fields.setdefault(field.name, value)
    if not fields.keys() & {field.name for field in knowledge.eligibility}:
        if "nctId" in fields:
            return no_module(fields["nctId"], f"a line {criteria.label}:", source)
        return InputError(
            "is no registry record: neither JSON nor XML, nor lines such as "
            f"`NCT ID: …` and `{criteria.label}: …`",
            source=document.name,
        )
    return identified(fields, {}, SourceFormat.TEXT, document.text, source)
