"""Read studies from JSON: API version 2, the earlier API, and rows that hold eligibility fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from eligo.errors import InputError
from eligo.registry.files import Document
from eligo.registry.knowledge import Field, Knowledge
from eligo.registry.model import Record, Source, SourceFormat

WRAPPERS = ("FullStudiesResponse", "FullStudies", "FullStudy", "Study", "studies")
ROW = ("nct_id", "eligibility")
IDENTIFIER = r"[A-Za-z][A-Za-z0-9-]{2,39}"


def read_json(document: Document, knowledge: Knowledge) -> Iterator[Record | InputError]:
    """Yield the studies of a JSON file, or of one with a JSON value on each line.

    Args:
        document: The file.
        knowledge: Where fields are.
    """
    if not document.has_lines:
        try:
            value = json.loads(document.text)
        except (ValueError, RecursionError) as error:
            if not _is_lines(error):
                yield _fault(error, document.name)
                return
        else:
            yield from _studies(value, document, knowledge)
            return
    for number, line in enumerate(document.text.split("\n"), 1):
        if not line.strip():
            continue
        source = Source(document.name, document.sha256, number, line=True)
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield _fault(error, document.name, number)
            continue
        for study, _ in _unwrapped(value):
            yield _record(study, line.strip() if study is value else None, source, knowledge)


def _is_lines(error: Exception) -> bool:
    """Tell whether a text that is no JSON value is several, one on each line."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.msg == "Extra data" and error.lineno > 1


def _fault(error: Exception, name: str, row: int | None = None) -> InputError:
    if isinstance(error, json.JSONDecodeError):
        line = error.lineno if row is None else row
        reason, column = error.msg, error.colno
        return InputError(
            f"not valid JSON: {reason}; fetch or correct it", source=name, line=line, column=column
        )
    reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
    return InputError(f"not valid JSON: {reason}; fetch or correct it", source=name, line=row)


def _studies(value: Any, document: Document, knowledge: Knowledge) -> Iterator[Record | InputError]:
    found = list(_unwrapped(value))
    if not found:
        yield InputError("holds no study; fetch it again", source=document.name)
    for place, (study, whole) in enumerate(found, 1):
        source = Source(document.name, document.sha256, place if len(found) > 1 else None)
        yield _record(study, document.text if whole else None, source, knowledge)


def _unwrapped(value: Any) -> Iterator[tuple[Any, bool]]:
    """Yield the studies within lists and wrappers, and whether each is all there is."""
    if isinstance(value, list):
        for item in value:
            for study, _ in _unwrapped(item):
                yield study, False
        return
    if isinstance(value, dict):
        for wrapper in WRAPPERS:
            if wrapper in value:
                for study, _ in _unwrapped(value[wrapper]):
                    yield study, False
                return
    yield value, True


def _record(
    study: Any, text: str | None, source: Source, knowledge: Knowledge
) -> Record | InputError:
    format_ = _format(study)
    if format_ is None:
        return InputError(
            "is no study: neither protocolSection (API version 2) nor ProtocolSection (the earlier "
            "API) is there; fetch the whole record",
            source=source.place,
        )
    try:
        written = json.dumps(study, ensure_ascii=False) if text is None else text
        written.encode()
        json.dumps(study, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return InputError(
            "holds half of a surrogate pair or is nested too deeply; fetch the record again",
            source=source.place,
        )
    if format_ is SourceFormat.ROW:
        return _row(study, written, source, knowledge)
    paths = [(f, f.api if format_ is SourceFormat.API else f.classic) for f in knowledge.fields]
    fields = {f.name: found for f, path in paths if (found := _at(study, path)) is not None}
    of_module = [path for f, path in paths if f.of_eligibility]
    module = _at(study, of_module[0][:2])
    if not isinstance(module, Mapping) or not module:
        return no_module(fields.get("nctId"), ".".join(of_module[0][:2]), source)
    known = {path[2] for path in of_module}
    others = {key: value for key, value in module.items() if key not in known}
    return identified(fields, others, format_, written, source)


def _format(study: Any) -> SourceFormat | None:
    if not isinstance(study, dict):
        return None
    if isinstance(study.get("protocolSection"), dict):
        return SourceFormat.API
    if isinstance(study.get("ProtocolSection"), dict):
        return SourceFormat.CLASSIC
    return SourceFormat.ROW if all(name in study for name in ROW) else None


def _row(
    study: Mapping[str, Any], text: str, source: Source, knowledge: Knowledge
) -> Record | InputError:
    module = study["eligibility"]
    if not isinstance(module, Mapping) or not module:
        return no_module(study["nct_id"], "eligibility", source)
    fields = {f.name: study[f.row] for f in knowledge.fields if f.row and study.get(f.row)}
    known: set[str] = set()
    for field in knowledge.eligibility:
        for path in _row_paths(field):
            found = _at(module, path)
            if found is not None:
                fields.setdefault(field.name, found)
                known.add(path[0])
    others = {key: value for key, value in module.items() if key not in known}
    return identified(fields, others, SourceFormat.ROW, text, source)


def _row_paths(field: Field) -> tuple[tuple[str, ...], ...]:
    return (field.api[2:], field.classic[2:], field.xml[1:])


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def no_module(identifier: object, path: str, source: Source) -> InputError:
    """Return the error that a record has no eligibility module."""
    name = f"{identifier}: " if identifier else ""
    return InputError(
        f"{name}has no eligibility module ({path}); fetch the whole record", source=source.place
    )


def identified(
    fields: Mapping[str, Any],
    others: Mapping[str, Any],
    format_: SourceFormat,
    text: str,
    source: Source,
) -> Record | InputError:
    """Return the record, or an error where its registry number is missing or odd."""
    identifier = fields.get("nctId")
    if not isinstance(identifier, str) or not re.fullmatch(IDENTIFIER, identifier.strip()):
        found = "is missing" if identifier is None else f"is {identifier!r:.60}"
        return InputError(
            f"the registry number {found}; a record needs one such as NCT06150651",
            source=source.place,
        )
    return Record(identifier.strip(), format_, source, text, fields, others)
