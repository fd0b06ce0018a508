"""Read patient data through a profile: from files, or from an endpoint page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox

from eligo.errors import InputError
from eligo.records.fhir import FhirCorpus, FhirMaps
from eligo.records.load import Loader, load_records
from eligo.records.parse import in_graph, parse_rdf
from eligo.records.profile import OWN, Profile, load_profile
from eligo.records.records import Records
from eligo.records.remote import Endpoint, read_pages
from eligo.records.skolem import skolemise
from eligo.resources import importer_files, ontology_files

MAPPED = "urn:eligo:profile:"


@cache
def knowledge() -> tuple[ox.Quad, ...]:
    """Return the ontology and the value maps, which the queries of a profile may look up."""
    return tuple(
        quad
        for path in (*ontology_files(), *importer_files())
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )


@dataclass
class ProfiledLoader(Loader):
    """Reads sources of which RDF is in the vocabulary of a profile; the others are read as ever.

    Attributes:
        profile: Reads the vocabulary.
        raw: What the RDF sources say, all together, as one may speak of what is in another.
    """

    profile: Profile = field(kw_only=True)
    raw: list[ox.Quad] = field(default_factory=list)

    def add_rdf(self, data: bytes, source: str) -> None:
        """Read one source of RDF, which waits for `finish`.

        Raises:
            InputError: It is not RDF, or says nothing.
        """
        self.raw += _with_own_nodes(parse_rdf(data, source))
        self.records.sources.append(source)

    def finish(self) -> Records:
        """Turn what the RDF sources say into patient records, and return everything."""
        name = MAPPED + self.profile.name
        quads = skolemise(self.profile.records(self.raw, knowledge()), name)
        self.records.store.bulk_extend(in_graph(quads, ox.NamedNode(name)))
        self.raw.clear()
        return super().finish()


def read_files(
    paths: Iterable[str], maps: FhirMaps, profile: str = OWN, patients: Collection[str] = ()
) -> Records:
    """Read files, folders and `-` through a profile.

    Raises:
        UsageError: There is no such profile, or it reads endpoints only.
        EligoError: No path was given.
    """
    return load_records(paths, maps, patients, _loader(profile, maps))


def read_data(data: bytes, name: str, maps: FhirMaps, profile: str = OWN) -> Records:
    """Read one document through a profile.

    Raises:
        UsageError: There is no such profile, or it reads endpoints only.
    """
    loader = _loader(profile, maps)
    loader.add(data, name)
    return loader.finish()


def _loader(profile: str, maps: FhirMaps) -> Loader:
    chosen = load_profile(profile)
    corpus = FhirCorpus(maps)
    return ProfiledLoader(corpus, profile=chosen) if chosen.map else Loader(corpus)


def endpoint_pages(endpoint: Endpoint) -> Iterator[Records]:
    """Read an endpoint page by page; what went wrong is in the failures of a page.

    Yields:
        The records of at most `endpoint.page_size` patients.
    """
    profile = load_profile(endpoint.profile)
    graph = ox.NamedNode(endpoint.url)
    try:
        for page in read_pages(endpoint, profile):
            records = Records(sources=[endpoint.url], patients=frozenset(page.patients))
            records.failures += page.failures
            quads = profile.records(page.quads, knowledge() if profile.map else ())
            records.store.bulk_extend(in_graph(skolemise(quads, endpoint.url), graph))
            records.failures += _nameless(records, page.patients, endpoint)
            yield records
    except InputError as error:
        yield Records(sources=[endpoint.url], patients=frozenset(), failures=[error])


def read_endpoint(endpoint: Endpoint) -> Records:
    """Read all pages of an endpoint into one store."""
    whole = Records(sources=[endpoint.url])
    patients: set[str] = set()
    for page in endpoint_pages(endpoint):
        whole.store.bulk_extend(page.store)
        whole.failures += page.failures
        patients |= page.patients or set()
    whole.patients = frozenset(patients)
    return whole


def _nameless(records: Records, patients: Iterable[str], endpoint: Endpoint) -> list[InputError]:
    return [
        InputError(
            f"nothing is said of patient <{patient}>; was it removed, or misspelt?",
            source=endpoint.url,
        )
        for patient in patients
        if not any(records.store.quads_for_pattern(ox.NamedNode(patient), None, None))
    ]


def _with_own_nodes(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Give blank nodes labels that no other source has."""
    names: dict[str, ox.BlankNode] = {}

    def own(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.BlankNode:
        if isinstance(term, ox.BlankNode):
            return names.setdefault(term.value, ox.BlankNode())
        return term  # type: ignore[return-value]

    for quad in quads:
        yield ox.Quad(own(quad.subject), quad.predicate, own(quad.object))
