"""The same patients as FHIR JSON and as FHIR RDF, of R4 and R5, are the same to every criterion.

Where the JSON importer rejects a resource, the profile leaves a fact that may be anything: an
answer may become unknown, and never another.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import URIRef

from eligo.api import Endpoint, Trial
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Status
from eligo.evaluate.view import GraphView
from eligo.records.profiled import read_data, read_endpoint
from eligo.records.records import Records
from eligo.services.holders import unheld_facts
from records.fhir_kit import CASES, maps
from remote.endpoint_kit import Server, serving
from remote.facts_kit import Fact, facts, is_open, less
from remote.fhir_turtle import BASE, as_rdf, turtle

MINTED = "urn:eligo:fhir:Patient:"
BASES = (f"{BASE}Patient/", MINTED, "urn:uuid:")
RELEASES = (4, 5)
DOCUMENTS = sorted(path for path in CASES.glob("*.json") if not path.stem.endswith(".report"))
REFERENCES = "references"
# Stays in hospital and causes of conditions are read from JSON only.
JSON_ONLY = "stays-and-causes"
LINKED = ("Consent", "Medication", "Patient", "ResearchStudy")
# What JSON rejects and RDF cannot be at fault for: a number written as text.
LENIENT = {("observations", "8")}
# Dosages that JSON works out and the profile does not: the use is the same, its dose unknown.
UNDOSED = {
    "medication-timing": {
        f"MedicationRequest/{name}"
        for name in (
            "at-most",
            "capped",
            "every-six-to-eight-hours",
            "meals",
            "millilitres",
            "morning-and-evening",
            "once-or-twice",
            "one-to-two-tablets",
            "times-of-day",
            "two-days-a-week",
        )
    },
}
DOSE = frozenset({"dose", "dailyDose", "period", "timesPerPeriod"})
# R5 says with other elements how far a patient is in a study.
OPEN_IN_R5 = "ResearchSubject/"


def document(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"), parse_float=Decimal)


def from_json(path: Path) -> Records:
    return read_data(path.read_bytes(), path.name, maps())


def from_rdf(content: Any, release: int) -> Records:
    return read_data(turtle(as_rdf(content, release)), "case.ttl", maps(), "fhir-rdf")


def is_lenient(stem: str, fact: Fact) -> bool:
    return any(case == stem and f'"{number}"^^' in str(fact[2]) for case, number in LENIENT)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(
    "path", [p for p in DOCUMENTS if p.stem not in (REFERENCES, JSON_ONLY)], ids=lambda p: p.stem
)
def test_every_fact_of_json_is_read_and_the_rest_is_open(path: Path, release: int) -> None:
    def read_alike(source: str) -> bool:
        is_open_in_r5 = release == 5 and source.startswith(OPEN_IN_R5)
        return source not in UNDOSED.get(path.stem, ()) and not is_open_in_r5

    expected = facts(from_json(path), *BASES, of=read_alike)
    read = facts(from_rdf(document(path), release), *BASES, of=read_alike)
    surplus = Counter({f: n for f, n in (read - expected).items() if not is_lenient(path.stem, f)})
    lost = expected - read
    assert {fact for fact in surplus if not is_open(fact)} == set()
    assert lost.total() == (read - expected).total() - surplus.total()
    rejected = json.loads(path.with_suffix(".report.json").read_text("utf-8"))["rejected"]
    assert surplus.total() == len(rejected)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("stem", sorted(UNDOSED))
def test_a_dosage_that_is_not_worked_out_leaves_the_rest_of_the_use(
    stem: str, release: int
) -> None:
    path, these = CASES / f"{stem}.json", UNDOSED[stem].__contains__
    expected = facts(from_json(path), *BASES, of=these)
    read = facts(from_rdf(document(path), release), *BASES, of=these)
    assert expected.total() >= len(UNDOSED[stem])
    assert read == Counter(less(fact, DOSE) for fact in expected.elements())
    assert not read & expected, "what is worked out is no exception"


def test_in_r5_participations_are_open() -> None:
    path = CASES / "studies.json"
    expected = facts(from_json(path), *BASES)
    read = facts(from_rdf(document(path), 5), *BASES)
    names = Counter(fact[1] for fact in expected.elements() if fact[1] != "hasAttestation")
    assert Counter(fact[1] for fact in read.elements()) == names
    assert {
        fact for fact in read if fact[1] == "hasTrialParticipation" and not is_open(fact)
    } == set()


@pytest.mark.parametrize("release", RELEASES)
def test_references_find_their_patient_by_link_text_uuid_and_version(release: int) -> None:
    path = CASES / f"{REFERENCES}.json"
    expected = facts(from_json(path), *BASES)
    read = facts(from_rdf(document(path), release), *BASES)
    assert expected - read == Counter()
    known = {fact[0] for fact in expected}
    assert {f[0] for f in read - expected if f[0] not in known} <= {"twins", "broken", "nobody"}


@pytest.mark.parametrize("release", RELEASES)
def test_a_resource_that_names_no_patient_makes_every_record_doubtful(
    release: int, trial: Trial
) -> None:
    content = document(CASES / f"{REFERENCES}.json")
    records = read_data(turtle(as_rdf(content, release)), "case.ttl", trial.maps, "fhir-rdf")
    (problems,) = unheld_facts(records, trial.model.ontology).values()
    named = [problem.node.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for problem in problems]
    assert named == ["of-a-group", "without-subject"], "the group is not named either"


def named(path: Path, prefix: str) -> Any:
    """A document whose patients have names of their own, so that several may share a store."""
    content = document(path)
    for entry in content["entry"]:
        resource = entry.get("resource", {})
        if resource.get("resourceType") == "Patient":
            resource["id"] = f"{prefix}-{path.stem}-{resource['id']}"
        for element in ("subject", "patient", "individual"):
            whose = resource.get(element, {}).get("reference", "").removeprefix("Patient/")
            if whose:
                resource[element] = {"reference": f"Patient/{prefix}-{path.stem}-{whose}"}
    return content


@pytest.fixture(scope="module")
def statuses(trial: Trial) -> dict[str, dict[str, Status]]:
    """Statuses by patient and criterion, with all lists taken as complete."""
    together = Records()
    for path in DOCUMENTS:
        if path.stem == REFERENCES:
            continue
        data = json.dumps(named(path, "json"), default=float).encode()
        together.store.bulk_extend(read_data(data, "f.json", trial.maps).store)
        for release in RELEASES:
            data = turtle(as_rdf(named(path, f"r{release}"), release))
            part = read_data(data, "f.ttl", trial.maps, "fhir-rdf")
            together.store.bulk_extend(part.store)
    prepared = trial.prepare(together, policy="complete-lists")
    every = [criterion for top in trial.criteria for criterion in top.walk()]
    found: dict[str, dict[str, Status]] = {}
    for patient in prepared.patients:
        view = GraphView(prepared.derived.graphs[URIRef(patient)])
        evaluator = Evaluator(view, patient, trial.model.rules)
        name = next(str(patient).removeprefix(b) for b in BASES if str(patient).startswith(b))
        found[name] = {c.notation: evaluator.named(c.name).status for c in every}
    return found


@pytest.mark.parametrize("release", RELEASES)
def test_no_criterion_is_decided_otherwise(
    statuses: dict[str, dict[str, Status]], release: int
) -> None:
    patients = {name.removeprefix("json-") for name in statuses if name.startswith("json-")}
    pairs = [
        (name, criterion, status, statuses[f"r{release}-{name}"][criterion])
        for name in sorted(patients)
        for criterion, status in statuses[f"json-{name}"].items()
    ]
    assert len(patients) >= 10
    assert [p for p in pairs if p[3] not in (p[2], Status.UNKNOWN)] == []
    assert sum(status is not Status.UNKNOWN for _, _, status, _ in pairs) > 50
    assert sum(status is read for _, _, status, read in pairs) >= len(pairs) * 0.95


UNTOLD: tuple[tuple[str, Any], ...] = (
    ("two instructions", lambda i: [i, i]),
    ("two amounts", lambda i: [{**i, "doseAndRate": i["doseAndRate"] * 2}]),
    ("no unit", lambda i: [{**i, "doseAndRate": [{"doseQuantity": {"value": 1000}}]}]),
    ("tablets", lambda i: [{**i, "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "Tabs"}}]}]),
    (
        "pieces in UCUM",
        lambda i: [
            {
                **i,
                "doseAndRate": [
                    {
                        "doseQuantity": {
                            "value": 2,
                            "unit": "one",
                            "system": "http://unitsofmeasure.org",
                            "code": "{tbl}",
                        }
                    }
                ],
            }
        ],
    ),
    (
        "a most without a unit",
        lambda i: [{**i, "maxDosePerPeriod": {"numerator": {"value": 1}, "denominator": {}}}],
    ),
    ("a rate", lambda i: [{**i, "doseAndRate": [{"rateQuantity": {"value": 1, "unit": "mg/h"}}]}]),
    ("no period", lambda i: [{**i, "timing": {"repeat": {"frequency": 2}}}]),
    ("a code only", lambda i: [{**i, "timing": {"code": {"text": "BID"}}}]),
    (
        "certain days",
        lambda i: [{**i, "timing": {"repeat": {**i["timing"]["repeat"], "dayOfWeek": ["mon"]}}}],
    ),
    (
        "a modifier",
        lambda i: [{**i, "modifierExtension": [{"url": "https://a.example/x", "valueCode": "y"}]}],
    ),
    (
        "half a time",
        lambda i: [
            {**i, "timing": {"repeat": {**i["timing"]["repeat"], "frequency": Decimal("1.5")}}}
        ],
    ),
)
DAILY = {
    "doseAndRate": [{"doseQuantity": {"value": 1000, "unit": "mg"}}],
    "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
}


SUBJECT = {"subject": {"reference": "Patient/p"}}
DRUG = {
    "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "68149"}],
}
REPORT = {"resourceType": "DiagnosticReport", **SUBJECT, "code": {"text": "panel"}}
PATIENT = {"resourceType": "Patient", "id": "p"}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def creatinine(name: str, status: str = "final") -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": name,
        "status": status,
        "code": {"coding": [{"system": "http://loinc.org", "code": "2160-0"}]},
    }


@pytest.mark.parametrize("release", RELEASES)
def test_a_status_that_fhir_does_not_have_leaves_an_open_fact(release: int) -> None:
    family = {"patient": SUBJECT["subject"], "condition": [{"code": {"text": "gout"}}]}
    use = {**SUBJECT, "medicationCodeableConcept": DRUG}
    kinds: dict[str, dict[str, Any]] = {
        "DiagnosticReport": {**REPORT, "conclusionCode": [{"text": "x"}, {"text": "y"}]},
        "FamilyMemberHistory": family,
        "MedicationAdministration": use,
        "MedicationDispense": use,
        "MedicationStatement": use,
        "ResearchSubject": {"individual": SUBJECT["subject"]},
    }
    resources = [
        {**content, "resourceType": kind, "id": "x", "status": "no-such"}
        for kind, content in kinds.items()
    ]
    read = facts(from_rdf(bundle(PATIENT, *resources), release), *BASES)
    assert Counter(fact[1] for fact in read.elements()) == {
        "hasObservation": 1,
        "hasFamilyHistory": 1,
        "hasMedicationUse": 3,
        "hasTrialParticipation": 1,
    }
    assert all(map(is_open, read))


@pytest.mark.parametrize("release", RELEASES)
def test_contained_observations_of_one_id_are_those_of_their_report(release: int) -> None:
    reports = [
        {
            **REPORT,
            "id": day,
            "status": "final",
            "effectiveDateTime": day,
            "contained": [creatinine("a")],
        }
        for day in ("2025-01-01", "2025-01-02")
    ]
    content = bundle(PATIENT, *reports)
    expected = facts(read_data(json.dumps(content).encode(), "f.json", maps()), *BASES)
    assert expected.total() == 2
    assert facts(from_rdf(content, release), *BASES) == expected


@pytest.mark.parametrize("release", RELEASES)
def test_a_report_of_which_a_part_cannot_be_read_is_one_open_fact(release: int) -> None:
    held = [creatinine("a"), creatinine("b", status="no-such")]
    report = {**REPORT, "id": "r", "status": "final", "contained": held}
    report["conclusionCode"] = [{"text": "x"}]
    (fact,) = facts(from_rdf(bundle(PATIENT, report), release), *BASES).elements()
    assert fact[1] == "hasObservation"
    assert is_open(fact)


@pytest.mark.parametrize("release", RELEASES)
def test_a_use_is_never_based_on_that_of_another_patient(release: int) -> None:
    order = request([])["entry"][1]["resource"]
    statement = {
        "resourceType": "MedicationStatement",
        "id": "s",
        "status": "active",
        "subject": {"reference": "Patient/q"},
        "medicationCodeableConcept": DRUG,
        "basedOn": [{"reference": "MedicationRequest/m"}],
    }
    content = bundle(PATIENT, {**PATIENT, "id": "q"}, order, statement)
    read = facts(from_rdf(content, release), *BASES)
    assert read.total() == 2
    assert not any(name == "basedOn" for fact in read for name, _ in fact[2])
    own = bundle(PATIENT, order, {**statement, **SUBJECT})
    linked = facts(from_rdf(own, release), *BASES)
    assert any(name == "basedOn" for fact in linked for name, _ in fact[2])


def request(instructions: list[Any]) -> dict[str, Any]:
    order = {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "intent": "order",
        **SUBJECT,
        "medicationCodeableConcept": DRUG,
        "dosageInstruction": instructions,
    }
    return bundle(PATIENT, order)


@pytest.mark.parametrize("release", RELEASES)
def test_a_dose_that_is_understood_is_read(release: int) -> None:
    ((_, _, use),) = facts(from_rdf(request([DAILY]), release), *BASES)
    assert {"dose", "period", "timesPerPeriod"} <= {name for name, _ in use}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(("why", "change"), UNTOLD, ids=[why for why, _ in UNTOLD])
def test_a_dose_that_is_not_understood_is_unknown_and_the_drug_is_not(
    why: str, change: Any, release: int
) -> None:
    records = from_rdf(request(change(DAILY)), release)
    ((_, name, use),) = facts(records, *BASES)
    assert name == "hasMedicationUse"
    assert {"code", "eventStatus"} <= {part for part, _ in use}
    assert not {"dose", "period", "timesPerPeriod"} & {part for part, _ in use}, why
    assert any("was not read" in str(q.object) for q in records.store), "and a note says so"


STATEMENTS: tuple[tuple[str, dict[str, Any], set[str]], ...] = (
    ("active", {}, {"eventStatus", "dose", "period", "timesPerPeriod", "startDate", "endDate"}),
    ("recorded", {}, {"dose", "period", "timesPerPeriod", "startDate", "endDate"}),
    ("not-taken", {}, {"eventStatus", "dose", "period", "timesPerPeriod", "startDate", "endDate"}),
    ("invented", {}, set()),
    ("recorded", {"adherence": {"code": {"text": "not taking"}}}, set()),
)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(("status", "more", "expected"), STATEMENTS)
def test_a_statement_of_a_drug_is_read_or_open(
    status: str, more: dict[str, Any], expected: set[str], release: int
) -> None:
    bundle = request([])
    bundle["entry"][1]["resource"] = {
        **{k: v for k, v in bundle["entry"][1]["resource"].items() if k != "dosageInstruction"},
        "resourceType": "MedicationStatement",
        "status": status,
        "effectivePeriod": {"start": "2025-01", "end": "2025-03-04T10:00:00Z"},
        "dosage": [DAILY],
        **more,
    }
    ((_, relation, use),) = facts(from_rdf(bundle, release), *BASES)
    assert relation == "hasMedicationUse"
    kind = {"recordedAs"} if expected else set()
    assert {name for name, _ in use} == {"code", "type", *kind, *expected}
    if expected:
        written = dict(use)
        assert written["startDate"].startswith('"2025-01"^^')
        assert written["endDate"].startswith('"2025-03-04"^^')


@pytest.mark.parametrize("release", RELEASES)
def test_an_endpoint_gives_the_same_facts_as_its_files(release: int) -> None:
    server = Server()
    for path in DOCUMENTS:
        if path.stem == REFERENCES:
            continue
        content = named(path, "r")
        for entry in content["entry"]:
            if entry.get("resource", {}).get("resourceType") in LINKED:
                kind, name = entry["resource"]["resourceType"], entry["resource"]["id"]
                entry["fullUrl"] = f"{BASE}{kind}/{name}"
        server.store.extend(
            ox.parse(
                turtle(as_rdf(content, release)),
                format=ox.RdfFormat.TURTLE,
                rename_blank_nodes=True,
            )
        )
    everything = server.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    local = read_data(everything or b"", "all.nt", maps(), "fhir-rdf")
    with serving(server):
        remote = read_endpoint(Endpoint(server.url, profile="fhir-rdf", page_size=4))
    assert remote.failures == []
    assert facts(remote, *BASES) == facts(local, *BASES)
