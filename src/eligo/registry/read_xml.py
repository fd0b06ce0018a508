"""Read studies from the registry's earlier XML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from eligo.errors import InputError
from eligo.registry.files import Document
from eligo.registry.knowledge import Knowledge
from eligo.registry.model import Record, Source, SourceFormat
from eligo.registry.read_json import identified, no_module

STUDY = "clinical_study"
TEXT = "textblock"
UTF8 = "utf-8"


def read_xml(document: Document, knowledge: Knowledge) -> Iterator[Record | InputError]:
    """Yield the studies of an XML file.

    Args:
        document: The file.
        knowledge: Where fields are.
    """
    data = document.text.encode(UTF8, "surrogatepass")
    try:
        _refuse_entities(data, document.name)
        root = ElementTree.fromstring(data, ElementTree.XMLParser(encoding=UTF8))
    except InputError as error:
        yield error
        return
    studies = list(root.iter(STUDY))
    if not studies:
        yield InputError(
            f"is XML but no registry record: it has no {STUDY} (its root is {root.tag:.60})",
            source=document.name,
        )
    for place, study in enumerate(studies, 1):
        whole = len(studies) == 1
        text = document.text if whole else ElementTree.tostring(study, encoding="unicode")
        source = Source(document.name, document.sha256, None if whole else place)
        yield _record(study, text, source, knowledge)


def _refuse_entities(data: bytes, name: str) -> None:
    """Refuse XML that is not well formed, or that declares entities, before any is expanded."""
    parser = expat.ParserCreate(UTF8)

    def refuse(entity: str, *_: object) -> None:
        raise InputError(
            f"declares the XML entity {entity:.40}; a registry record has none, remove it",
            source=name,
            line=parser.CurrentLineNumber,
        )

    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise InputError(
            f"not well-formed XML: {expat.ErrorString(error.code)}; fetch or correct the file",
            source=name,
            line=error.lineno,
            column=error.offset + 1,
        ) from error


def _record(
    study: ElementTree.Element, text: str, source: Source, knowledge: Knowledge
) -> Record | InputError:
    fields: dict[str, Any] = {}
    for field in knowledge.fields:
        found = study.findall("/".join(field.xml))
        if found:
            values = [_text(element) for element in found]
            fields[field.name] = values if field.form == "codes" else values[0]
    module = study.find("eligibility")
    if module is None or not len(module):
        return no_module(fields.get("nctId"), "eligibility", source)
    known = {field.xml[-1] for field in knowledge.eligibility}
    others = {child.tag: _text(child) for child in module if child.tag not in known}
    return identified(fields, others, SourceFormat.XML, text, source)


def _text(element: ElementTree.Element) -> str:
    block = element.find(TEXT)
    return "".join((element if block is None else block).itertext())
