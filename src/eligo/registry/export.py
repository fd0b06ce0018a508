"""Write the record of a trial as a study of the registry's API, version 2."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rdflib.term import Node

from eligo.registry.ages import is_unlimited
from eligo.registry.knowledge import ELIGIBILITY, Field, Form, Knowledge
from eligo.registry.load import Loaded
from eligo.registry.model import Record, SourceFormat

DATES = (
    (re.compile(r"[A-Z][a-z]+ \d{1,2}, \d{4}"), "%B %d, %Y", "%Y-%m-%d"),
    (re.compile(r"[A-Z][a-z]+ \d{4}"), "%B %Y", "%Y-%m"),
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "%Y-%m-%d", "%Y-%m-%d"),
)
PROTOCOL, MODULE = ELIGIBILITY.split(".")
DATED = ("date", "versionHolder")


def export_study(loaded: Loaded, knowledge: Knowledge) -> dict[str, Any]:
    """Return the study: of a record in API version 2 the same, of others all that is known.

    The fields are those of the trial's file, not those of the source record that it keeps.

    Args:
        loaded: The trial's file.
        knowledge: How fields are written.
    """
    source = loaded.source
    study: dict[str, Any] = {}
    if source is not None and source.format is SourceFormat.API:
        study = json.loads(source.text)
    for field in knowledge.fields:
        value = _value(field, loaded, source, knowledge)
        _put(study, field.api, value)
    if source is None or _is_api(source, knowledge):
        for name, value in loaded.others().items():
            module = study.setdefault(PROTOCOL, {}).setdefault(MODULE, {})
            module[name] = value
    return study


def _is_api(source: Record, knowledge: Knowledge) -> bool:
    """Tell whether a record names its eligibility fields as API version 2 does."""
    if source.format is not SourceFormat.ROW:
        return source.format is SourceFormat.API
    named = json.loads(source.text)["eligibility"]
    return any(field.name in named for field in knowledge.eligibility)


def _value(field: Field, loaded: Loaded, source: Record | None, knowledge: Knowledge) -> Any:
    published = None if source is None else source.fields.get(field.name)
    if not field.of_eligibility and field.api[-1] in DATED:
        api = source is not None and source.format is SourceFormat.API
        return published if api else _date(published)
    value = loaded.value(field)
    if value is None:
        return None if loaded.published(field.term) is None else published
    if source is not None and _is_api(source, knowledge):
        return published if _same(field, value, published) else value
    if field.form is Form.AGE and is_unlimited(value, knowledge):
        return None
    return value


def _same(field: Field, value: Any, published: Any) -> bool:
    """Tell whether a value says what the source says, in whatever order or spelling."""
    if not field.values:
        return bool(value == published)
    return _meanings(field, value) == _meanings(field, published)


def _meanings(field: Field, value: Any) -> set[Node]:
    words = value if isinstance(value, list) else [value]
    return {meaning for word in words if (meaning := field.meaning(word)) is not None}


def _put(study: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set a value at a path; None removes what is there."""
    place: Any = study
    for key in path[:-1]:
        if not isinstance(place, dict):
            return
        if key not in place:
            if value is None:
                return
            place[key] = {}
        place = place[key]
    if not isinstance(place, dict):
        return
    if value is None:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = value


def _date(published: object) -> str | None:
    """Return a date as API version 2 writes it, or the words where they hold none."""
    if not isinstance(published, str) or not published.strip():
        return None
    for pattern, reading, writing in DATES:
        match = pattern.search(published)
        if match is None:
            continue
        try:
            return datetime.strptime(match[0], reading).strftime(writing)
        except ValueError:
            continue
    return published


def as_text(studies: Mapping[str, Any] | list[dict[str, Any]]) -> str:
    """Return studies as JSON, with a line break at the end."""
    return json.dumps(studies, ensure_ascii=False, indent=2) + "\n"
