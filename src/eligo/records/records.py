"""What patient data say, with where it came from and what was lost on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox

from eligo.errors import InputError
from eligo.records.fhir import Document, FhirResult, is_bundle
from eligo.records.model import DataProblem
from eligo.records.omop import OmopResult, read_omop
from eligo.records.parse import in_graph, parse_rdf
from eligo.records.skolem import skolemise

STDIN = "-"
ANYBODY = "*"


@dataclass
class Records:
    """Patient data of one run.

    Attributes:
        store: All statements, those of each source in a graph of its own.
        sources: Names of the sources that were read.
        failures: Sources, or parts of them, that could not be read, with the reason.
        summaries: How much was read, ignored and rejected.
        remarks: What was ignored, rejected or left out → the places.
        counts: How many resources of each type were read, ignored and rejected.
        doubts: What records are short of: by the IRI of a patient, by the name of a graph for all
            whom it speaks of, or by `ANYBODY` for all patients.
        databases: OMOP databases among the sources.
    """

    store: ox.Store = field(default_factory=ox.Store)
    sources: list[str] = field(default_factory=list)
    failures: list[InputError] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    doubts: dict[str, list[DataProblem]] = field(default_factory=dict)
    patients: frozenset[str] | None = None
    databases: list[Path] = field(default_factory=list)

    def add_rdf(self, data: bytes, source: str) -> None:
        """Read one source of RDF.

        Raises:
            InputError: It is not RDF, or says nothing.
        """
        self.put(skolemise(parse_rdf(data, source), source), source)

    def put(self, quads: Iterable[ox.Quad], source: str) -> None:
        """Store what a source says."""
        graph = ox.NamedNode(graph_name(source))
        self.store.bulk_extend(in_graph(quads, graph))
        if source not in self.sources:
            self.sources.append(source)

    def put_fhir(self, result: FhirResult, document: Document) -> None:
        """Store what reading FHIR gave, count its resources, and doubt what is short of some."""
        source = document.source
        quads = [ox.Quad(t.subject, t.predicate, t.object) for t in result.triples]
        self.put(skolemise(quads, source), source)
        self.counts += result.counts
        for passed in result.ignored:
            what = f"{passed.resource_type or 'entry'} ignored: {passed.reason}"
            self.remark(what, f"{document.place}: {passed.resource_type}/{passed.id}")
        for item in result.rejected:
            self.remark(f"{item.resource_type or 'entry'} rejected", item.reason)
            everyone = graph_name(source) if is_bundle(document) else ANYBODY
            self.doubt(item.patient or everyone, item.reason, source)
        for left in result.left_out:
            why = left.reason.rpartition(f"{left.element}: ")[2]
            what = f"{left.resource_type} read without {left.element}: {why}"
            self.remark(what, f"{document.place}: {left.resource_type}/{left.id}")

    def add_omop(self, location: Path, patients: Collection[str] = ()) -> None:
        """Read an OMOP database, all of it or the given patients; put on record what is wrong."""

        def take(source: str, data: bytes) -> None:
            graph = ox.NamedNode(graph_name(source))
            self.store.bulk_load(input=data, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)

        try:
            if self.databases:
                raise InputError(
                    f"is a second OMOP database beside {self.databases[0]}, whose persons may have "
                    "the same identifiers; screen one at a time",
                    source=str(location),
                )
            self.databases.append(location)
            self._put_omop(read_omop(location, take, patients=patients))
        except InputError as error:
            self.failures.append(error)
            self.doubt(ANYBODY, str(error), str(location))

    def _put_omop(self, result: OmopResult) -> None:
        """Count the rows of a database, and doubt its patients where it is short of something."""
        self.sources += result.sources
        for what, where in result.remarks():
            self.remark(what, where)
        for tally in result.tallies:
            self.counts.update({("read", tally.table): tally.read})
            for outcome in ("ignored", "rejected"):
                rows = getattr(tally, outcome).values()
                self.counts.update({(outcome, tally.table): sum(r.number for r in rows)})
        for reason, source in result.doubts:
            self.doubt(graph_name(result.sources[0]), reason, source)

    def remark(self, what: str, where: str) -> None:
        """Note something about what was read; the same thing at many places is one note."""
        self.remarks.setdefault(what, []).append(where)

    @property
    def notes(self) -> list[str]:
        """Remarks about what was read, ignored or rejected, with a place or how many there are."""
        return [*self.summaries] + [
            f"{what} ({places[0]}{f' and {len(places) - 1} more' if len(places) > 1 else ''})"
            for what, places in self.remarks.items()
        ]

    def doubt(self, about: str, reason: str, source: str | None) -> None:
        """Note that the records of a patient, of a graph or of all are short of something."""
        self.doubts.setdefault(about, []).append(DataProblem(reason, about, source))

    def doubts_of(self, patient: str) -> tuple[DataProblem, ...]:
        """Return what a patient's record is short of, or may be."""
        quads = self.store.quads_for_pattern(ox.NamedNode(patient), None, None, None)
        about = (
            ANYBODY,
            patient,
            *sorted(
                {
                    quad.graph_name.value
                    for quad in quads
                    if isinstance(quad.graph_name, ox.NamedNode)
                }
            ),
        )
        return tuple(
            replace(doubt, node=patient) for key in about for doubt in self.doubts.get(key, ())
        )

    @property
    def all_doubts(self) -> tuple[DataProblem, ...]:
        """What records are short of, whosever they are."""
        return tuple(doubt for doubts in self.doubts.values() for doubt in doubts)

    def sources_of(self, node: str) -> list[str]:
        """Return the sources that say something about a node."""
        graphs = {
            quad.graph_name for quad in self.store.quads_for_pattern(ox.NamedNode(node), None, None)
        }
        return sorted(s for s in self.sources if ox.NamedNode(graph_name(s)) in graphs)


def graph_name(source: str) -> str:
    """Return the name of the graph that holds what a source says."""
    if source.startswith(("http://", "https://")):
        return source
    return "urn:eligo:stdin" if source == STDIN else Path(source).resolve().as_uri()
