"""A match says of each trial what screening for it says, in the order that was promised."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from eligo.assess.match import ORDER, Item, MatchRun, PatientMatch
from eligo.assess.model import Verdict
from eligo.derive.inputs import Run
from eligo.match.candidates import gather
from eligo.match.cohort import CohortJudge
from eligo.match.library import Library
from eligo.records.fhir import FhirMaps
from eligo.records.model import RecordFinding
from eligo.records.profiled import read_files
from eligo.records.records import Records
from eligo.report.match_rdf import match_turtle
from eligo.report.rdf import VERDICTS, assessment_name
from eligo.services.importing import import_patients
from eligo.services.record import RecordChecker
from eligo.store.store import Store
from eligo.trial.model import Polarity
from eligo.trial.read import read_policies
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG
from match.match_kit import (
    APART,
    DAY,
    PEOPLE,
    RECORDS,
    WHOLE,
    match_people,
    of_assessment,
    of_standing,
    screened,
    write_trials,
)

COMPARED = ("NCT90000001", WHOLE)
"""Fields, of a trial that a record names; terms of its own."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trials")
    write_trials(folder)
    return folder


@pytest.fixture(scope="module")
def library(folder: Path) -> Library:
    library, _, failures = gather([str(folder), WHOLE])
    assert not failures
    return library


@pytest.fixture(scope="module")
def records(library: Library) -> Records:
    return read_files([str(PEOPLE)], FhirMaps.of(library.ontology))


@pytest.fixture(scope="module")
def checked(library: Library, records: Records) -> dict[URIRef, tuple[RecordFinding, ...]]:
    checker = RecordChecker(library.ontology)
    people = ("ada", "ben", "cleo", "dan")
    iris = [URIRef(f"https://example.org/people/{name}") for name in people]
    return {iri: checker.check(records, iri) for iri in iris}


@pytest.fixture(scope="module")
def matches(
    library: Library, records: Records, checked: dict[URIRef, tuple[RecordFinding, ...]]
) -> dict[str, PatientMatch]:
    return match_people(library, records, checked)


def test_imported_and_handwritten_trials_share_what_they_can(library: Library) -> None:
    assert [len(group.candidates) for group in library.groups] == [6, 1]
    assert library.groups[1].candidates[0].identifier == APART


def test_match_says_what_screening_says(
    folder: Path,
    records: Records,
    checked: dict[URIRef, tuple[RecordFinding, ...]],
    matches: dict[str, PatientMatch],
) -> None:
    for number in COMPARED:
        name = number if number == WHOLE else str(folder / f"{number}.ttl")
        for assessment in screened(name, records, checked):
            (standing,) = (
                s for s in matches[assessment.patient].standings if s.candidate.identifier == number
            )
            assert of_standing(standing) == of_assessment(assessment), number


def test_verdicts_tell_the_people_apart(matches: dict[str, PatientMatch]) -> None:
    found = {
        iri.rpartition("/")[2]: {s.candidate.identifier: s.verdict.value for s in match.standings}
        for iri, match in matches.items()
    }
    assert found["ada"][APART] == "eligible"
    # On the day that her record states for this trial, and for no other, Ada is too old for it.
    assert found["ada"]["NCT90000001"] == "not eligible"
    assert found["ada"]["NCT90000005"] == "undetermined"
    assert found["ben"]["NCT90000001"] == "not eligible"
    # Two days old: more than 36 hours at any time of the day.
    assert found["ben"]["NCT90000004"] == "undetermined"
    # Two dates of birth: nobody may trust that record, whatever it says.
    assert found["cleo"][APART] == "undetermined"
    assert found["dan"]["NCT90000003"] == "undetermined"


def test_order_is_verdict_then_how_little_is_open(matches: dict[str, PatientMatch]) -> None:
    for match in matches.values():
        places = [
            (
                ORDER.index(s.verdict),
                len(s.against),
                len(s.lacking) + sum(reason.item.weight for reason in s.unread),
            )
            for s in match.standings
        ]
        assert places == sorted(places)
        assert sum(match.verdicts.values()) == len(match.standings) == 7


@pytest.mark.parametrize(("length", "weight"), [(1, 1), (80, 1), (81, 2), (800, 10), (0, 1000)])
def test_words_to_read_count_by_their_length(length: int, weight: int) -> None:
    item = Item(URIRef("urn:x"), "I1", "", Polarity.INCLUSION, None, False, None, True, length)
    assert item.weight == weight


def test_turtle_gives_the_assessments_of_screening(
    library: Library, matches: dict[str, PatientMatch]
) -> None:
    policy = read_policies(library.ontology)["default"]
    told = MatchRun(
        version("eligo"),
        policy.notation,
        policy.name,
        policy.definition,
        (),
        None,
        library.candidates,
        tuple(matches.values()),
        (),
    )
    graph = Graph().parse(data=match_turtle(told), format="turtle")
    assert len(set(graph.subjects(RDF.type, ELIG.Assessment))) == 4 * 7
    for match in matches.values():
        for standing in match.standings:
            number, dates = standing.candidate.identifier, standing.dates
            name = assessment_name(match.patient, number, dates, "default", told.version)
            assert graph.value(name, ELIG.verdict) == VERDICTS[standing.verdict]
            asked = {reason.item.name for reason in (*standing.against, *standing.unread)}
            results = graph.objects(name, ELIG.hasResult / ELIG.ofCriterion)
            assert asked <= set(results)


def test_a_store_gives_the_counts_of_its_patients(
    matches: dict[str, PatientMatch], tmp_path: Path
) -> None:
    library, _, failures = gather([str(RECORDS)])
    assert not failures
    checker = RecordChecker(library.ontology)
    import_patients([str(PEOPLE)], tmp_path / "store", checker, jobs=1)
    pairs = tmp_path / "pairs"
    pairs.mkdir()
    judge = CohortJudge(library, Run(DAY), read_policies(library.ontology)["default"])
    counts = judge.match(Store.open(tmp_path / "store"), pairs, lambda _: None)
    standings = [s for match in matches.values() for s in match.standings]
    assert len(counts) == 5
    for candidate, found in counts.items():
        ours = [s for s in standings if s.candidate.identifier == candidate.identifier]
        assert ours[0].candidate.items == candidate.items
        expected = [sum(s.verdict is v for s in ours) for v in Verdict]
        assert [found.eligible, found.not_eligible, found.undetermined] == expected, candidate
        assert found.near_miss == sum(s.near_miss for s in ours)
        only = [
            s for s in ours if s.trusted and not (s.against or s.lacking or s.attested) and s.unread
        ]
        assert found.unread_only == len(only)
    told = {
        (s.candidate.identifier, iri): (
            s.verdict.value,
            *(len(r) for r in (s.against, s.lacking, s.attested, s.unread)),
            s.favourable,
        )
        for iri, match in matches.items()
        for s in match.standings
        if s.candidate.identifier in {c.identifier for c in counts}
    }
    assert _pairs(pairs, library.ontology) == told


def _pairs(folder: Path, ontology: Ontology) -> dict[tuple[str, str], tuple[object, ...]]:
    import polars

    table = polars.read_parquet(folder / "*.parquet")
    columns = ("verdict", "against", "lacking", "attested", "unread", "favourable")
    return {
        (row["trial"], str(ontology.expand(row["patient"]))): tuple(row[c] for c in columns)
        for row in table.iter_rows(named=True)
    }
