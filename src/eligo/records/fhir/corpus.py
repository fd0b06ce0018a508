"""All FHIR documents of a run, read as they come; what refers to a later one waits for it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from eligo.errors import InputError
from eligo.records.fhir.access import refuse_modifiers
from eligo.records.fhir.bundle import Entry, entries_of, is_bundle, link_of
from eligo.records.fhir.document import Document, JsonObject, documents_of
from eligo.records.fhir.fact import Scope, mint
from eligo.records.fhir.index import Index, Others, named_patient
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.outcome import (
    ElsewhereError,
    FhirResult,
    PassedOverError,
    RefusalError,
)
from eligo.records.fhir.reader import PATIENT, READERS, REFERRED, USED, Reader
from eligo.records.fhir.tally import Tally

_NOT_COMPARED = frozenset({"meta", "text"})


@dataclass(frozen=True)
class _Waiting:
    """A resource that refers to one that has not been read yet."""

    entry: Entry
    index: Index
    document: Document


@dataclass
class FhirCorpus:
    """Reads FHIR documents that may refer to each other.

    Attributes:
        maps: The value maps.
    """

    maps: FhirMaps
    _others: Others = field(default_factory=Others)
    _digests: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _waiting: list[_Waiting] = field(default_factory=list)
    _patients: dict[str, bool] = field(default_factory=dict)
    _linked: dict[str, str] = field(default_factory=dict)
    _named: dict[str, str] = field(default_factory=dict)
    _pages: dict[str, Document] = field(default_factory=dict)
    _next_pages: dict[str, Document] = field(default_factory=dict)

    def read(self, document: Document) -> FhirResult:
        """Read a document, save what must wait for others.

        Raises:
            InputError: A Bundle of a type that is not read.
        """
        tally = Tally(document.place)
        for relation, pages in (("self", self._pages), ("next", self._next_pages)):
            url = link_of(document, relation)
            if url is not None:
                pages[url] = document
        try:
            entries = tuple(
                self._once(tally, self._readable(tally, entries_of(document, self.maps)))
            )
            index = Index.of(entries, self._others, is_bundle=is_bundle(document))
            for entry in sorted(entries, key=lambda e: e.resource_type != PATIENT):
                self._others.add(entry)
                self._go_on(tally, entry, index, document)
        except RecursionError:
            reason = "JSON nested too deeply to be FHIR; unnest it"
            raise InputError(reason, source=document.source, line=document.line) from None
        return tally.result()

    def finish(self) -> Iterator[tuple[Document, FhirResult]]:
        """Read what has waited, now that no further document comes."""
        self._others.complete = True
        waiting, self._waiting = self._waiting, []
        for item in waiting:
            tally = Tally(item.document.place)
            self._go_on(tally, item.entry, item.index, item.document)
            yield item.document, tally.result()
        for url, document in self._next_pages.items():
            if url not in self._pages:
                tally = Tally(document.place)
                reason = f"its next page {url} was not given; give all pages"
                tally.reject("Bundle", "", reason)
                yield document, tally.result()

    def doubts(self) -> Iterator[tuple[str, str]]:
        """Yield the IRI of each patient whose record is short of something, and what.

        Facts name a patient whom no document holds, or somebody has a second Patient resource:
        what is on record under the other is missing here.
        """
        for patient, place in self._linked.items():
            reason = f"{place} is linked to another record of the same person; merge the two"
            yield self._iri(patient), reason
        for patient, place in self._named.items():
            if patient not in self._patients:
                yield (
                    self._iri(patient),
                    f"{place} speaks of Patient/{patient}, which no document holds; add it",
                )

    def _go_on(self, tally: Tally, entry: Entry, index: Index, document: Document) -> None:
        if entry.resource_type in REFERRED:
            reason = "resources of this type are read only where another refers to them"
            tally.ignore(entry.resource_type, entry.id, reason)
            return
        reader = READERS[entry.resource_type]
        patient = named_patient(entry, reader.patient)
        try:
            refuse_modifiers(entry.content)
            if entry.resource_type != PATIENT:
                patient = self._patient_of(entry, reader, index, document)
            scope = Scope(self.maps, index, entry.resource_type, entry.id, patient)
            said = tuple(reader.read(entry.content, scope))
        except ElsewhereError:
            self._waiting.append(_Waiting(entry, index, document))
        except RefusalError as refusal:
            tally.reject(entry.resource_type, entry.id, str(refusal), self._iri(patient))
            self._note_patient(entry, read=False)
        except PassedOverError as reason:
            tally.ignore(entry.resource_type, entry.id, str(reason))
        else:
            if self._is_new(tally, entry, patient):
                tally.take(entry, said)
                self._note_patient(entry, read=True)

    def _note_patient(self, entry: Entry, *, read: bool) -> None:
        if entry.resource_type == PATIENT:
            self._patients[entry.id] = read
            if read and entry.content.get("link"):
                self._linked[entry.id] = entry.reference

    def _patient_of(self, entry: Entry, reader: Reader, index: Index, document: Document) -> str:
        patient = index.patient_id(entry.content, reader.patient)
        if self._patients.get(patient) is False:
            raise RefusalError(f"its Patient/{patient} was rejected; mend that resource first")
        self._named.setdefault(patient, f"{document.place}: {entry.reference}")
        return patient

    def _readable(
        self, tally: Tally, found: Iterator[Entry | PassedOverError | RefusalError]
    ) -> Iterator[Entry]:
        """Yield the resources that may be read; tell why the others are not."""
        for item in found:
            if isinstance(item, PassedOverError):
                tally.ignore("", "", str(item))
            elif isinstance(item, RefusalError):
                tally.reject("", "", str(item))
            elif item.resource_type in self.maps.passed_over:
                tally.ignore(item.resource_type, item.id, "resources of this type are not read")
            elif item.resource_type not in USED:
                reason = "a type that is not read and may hold what matters; correct or convert it"
                whose = named_patient(item, "subject") or named_patient(item, "patient")
                tally.reject(item.resource_type, item.id, reason, self._iri(whose))
            elif aside := self._aside(item):
                tally.ignore(item.resource_type, item.id, aside)
            elif not item.id:
                tally.reject(item.resource_type, "", "it has no id; add one")
            else:
                yield item

    def _aside(self, entry: Entry) -> str | None:
        reader = READERS.get(entry.resource_type)
        if reader is None or reader.aside is None:
            return None
        return reader.aside(entry.content, self.maps)

    def _once(self, tally: Tally, found: Iterator[Entry]) -> Iterator[Entry]:
        """Yield each resource of a document once; of one that comes with several contents, none."""
        groups: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in found:
            groups[entry.reference].append(entry)
        for first, *others in groups.values():
            if any(other.content != first.content for other in others):
                reason = "it comes more than once with different contents; keep the right one"
                own = self._iri(first.id if first.resource_type == PATIENT else "")
                for twin in (first, *others):
                    tally.reject(twin.resource_type, twin.id, reason, own)
                self._note_patient(first, read=False)
                continue
            yield first
            for _ in others:
                tally.ignore(first.resource_type, first.id, "the document repeats it")

    def _is_new(self, tally: Tally, entry: Entry, patient: str) -> bool:
        """Tell whether no earlier document held this resource of this patient."""
        digest = _digest(entry.content)
        known = self._digests.setdefault((patient, entry.reference), digest)
        if known is digest:
            return True
        if known == digest:
            tally.ignore(entry.resource_type, entry.id, "an earlier document holds it")
        else:
            reason = "an earlier document holds it with other contents; keep the right one"
            tally.reject(entry.resource_type, entry.id, reason, self._iri(patient))
        return False

    def _iri(self, patient: str) -> str:
        return mint(self.maps, PATIENT, patient).value if patient else ""


def _digest(content: JsonObject) -> bytes:
    compared = {name: value for name, value in content.items() if name not in _NOT_COMPARED}
    written = json.dumps(compared, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.blake2b(written.encode(), digest_size=16).digest()


def read_fhir(data: bytes, *, source: str, maps: FhirMaps) -> FhirResult:
    """Read one FHIR R4 JSON file by itself: a Bundle, a single resource, or one a line.

    Args:
        data: The file's content.
        source: Its name, for messages.
        maps: The value maps.

    Returns:
        The patient graph and what was read, ignored, rejected and left out.

    Raises:
        InputError: The file, or a line of it, is not JSON, not FHIR, or a Bundle of a type that is
            not read.
    """
    corpus = FhirCorpus(maps)
    results = []
    for document in documents_of(data, source=source):
        if isinstance(document, InputError):
            raise document
        results.append(corpus.read(document))
    results += [result for _, result in corpus.finish()]
    return FhirResult.sum(results)
