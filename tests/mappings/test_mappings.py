"""A user's mappings: bad ones are refused with file, term and mend; good ones decide."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import RDF, Graph
from rdflib.namespace import PROV

from cli.command import eligo
from eligo.api import Trial
from eligo.errors import EligoError, UsageError
from eligo.evaluate.truth import Status
from eligo.report.codes import CodeReport, codes_csv, codes_json, write_codes
from eligo.report.page import Page
from eligo.report.rdf import assessment_graph, assessment_iri
from eligo.resources import root
from eligo.services.codes import unmapped_codes
from eligo.vocabulary.mappings import add_mappings
from eligo.vocabulary.ontology import Ontology, load_ontology

HEAD = """@prefix concept: <https://w3id.org/eligo/concept/> .
@prefix elig: <https://w3id.org/eligo/ns/> .
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix system: <https://w3id.org/eligo/system/> .
"""
FILES = ("core", "concepts/systems", "concepts/conditions")
BAD = yaml.safe_load(Path(__file__).with_name("bad.yaml").read_text("utf-8"))
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
LOCAL = "http://hospital.example/codes"


def condition(code: str, display: str) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": code,
        "subject": {"reference": "Patient/p1"},
        "onsetDateTime": "2019-05-01",
        "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
        "code": {"coding": [{"system": LOCAL, "code": code, "display": display}]},
    }


PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "1980-02-01"}
SYSTEM = f'<{LOCAL}> a elig:CodeSystem ; rdfs:label "our codes" .\n'


@pytest.fixture(scope="module")
def shipped() -> Ontology:
    folder = root() / "ontology"
    return load_ontology([folder / f"{name}.ttl" for name in FILES])


def fresh(ontology: Ontology) -> Ontology:
    """Return a copy that mappings may be added to."""
    graph = Graph(bind_namespaces="none")
    graph += ontology.graph
    return Ontology(graph, dict(ontology.origin))


def folder_of(tmp_path: Path, text: str) -> str:
    (tmp_path / "ours").mkdir(exist_ok=True)
    (tmp_path / "ours" / "more.ttl").write_text(HEAD + text, encoding="utf-8")
    return str(tmp_path / "ours")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("codes") / "bundle.json"
    facts = [PATIENT, condition("K7", "Tennis elbow"), condition("K8", "Odd finding")]
    entries = [{"resource": fact} for fact in facts]
    content = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def report(bundle: Path, trial: Trial) -> CodeReport:
    day = date(2026, 3, 2)
    prepared = trial.prepare(trial.read(bundle), screening_date=day, policy="complete-lists")
    codes = unmapped_codes(prepared)
    return CodeReport(trial.identifier, "x", "0", 1, codes, (), trial.model.ontology)


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["id"])
def test_bad_mapping_is_refused_by_name(
    case: dict[str, Any], tmp_path: Path, shipped: Ontology
) -> None:
    with pytest.raises(EligoError) as refused:
        add_mappings(fresh(shipped), [folder_of(tmp_path, case["says"])])
    assert [name for name in ("more.ttl", *case["names"]) if name not in str(refused.value)] == []


def test_a_mapping_may_narrow_what_a_code_stands_for(tmp_path: Path, shipped: Ontology) -> None:
    text = (
        'ex:Nephritis a owl:Class, ex:Nephritis ; rdfs:label "x"@en ; '
        "rdfs:subClassOf concept:LupusNephritis ; "
        'elig:hasCode [ elig:inSystem system:ICD10CM ; elig:notation "M32.14" ] .'
    )
    (used,) = add_mappings(fresh(shipped), [folder_of(tmp_path, text)])
    assert (used.codes, used.unfilled) == (1, 0)


def test_digest_depends_on_the_content(tmp_path: Path, shipped: Ontology) -> None:
    digests = set()
    for code in "12":
        text = (
            f'concept:Asthma elig:hasCode [ elig:inSystem system:DOID ; elig:notation "{code}" ] .'
        )
        (used,) = add_mappings(fresh(shipped), [folder_of(tmp_path, text)])
        digests.add(used.digest)
    assert len(digests) == 2


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_folder_without_mappings_is_refused(name: str, tmp_path: Path, shipped: Ontology) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=name):
        add_mappings(fresh(shipped), [str(tmp_path / name)])


def test_each_code_that_suffices_to_keep_a_criterion_open_blocks_it(report: CodeReport) -> None:
    assert [(str(c.system), c.notation, c.display) for c in report.codes] == [
        (LOCAL, "K7", "Tennis elbow"),
        (LOCAL, "K8", "Odd finding"),
    ]
    for code in report.codes:
        assert (code.patients, code.facts, code.blocked_patients) == (1, 1, 1)
        blocked = {criterion.notation for criterion, _ in code.blocks}
        assert {"E2", "E3", "E4-infection", "E7", "E11"} <= blocked
        assert not {"E1", "E4", "E5", "E8", "E9", "I1"} & blocked


def test_codes_as_text_and_csv_and_json(report: CodeReport) -> None:
    page = Page()
    write_codes(report, page, every=False)
    assert "2 codes mapped to no concept; 2 of them keep criteria unknown" in page.text
    assert "K7  Tennis elbow" in page.text
    rows = codes_csv(report).splitlines()
    assert rows[0].startswith("system,code,display,patients")
    assert f"{LOCAL},K7,Tennis elbow,1,1,1,E2,1" in rows
    (first, _) = json.loads(codes_json(report))["codes"]
    assert (first["systemIri"], first["code"], first["blockedPatients"]) == (LOCAL, "K7", 1)


@pytest.mark.slow  # the page docs/codes.md runs the same steps
def test_stub_is_filled_and_read_back(
    tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("codes", bundle, "--screening-date", "2026-03-02", "-p", "complete-lists")
    (tmp_path / "ours").mkdir()
    stub = tmp_path / "ours" / "stub.ttl"
    assert eligo(*arguments, "-o", stub).code == 0
    entry = 'elig:notation "K7" ;'
    text = stub.read_text("utf-8")
    assert text.count(entry) == 1
    filled = text.replace(entry, f"{entry}\n    elig:standsFor concept:SoftTissueInjury ;")
    stub.write_text(filled, encoding="utf-8")
    monkeypatch.setenv("ELIGO_MAPPINGS", str(tmp_path / "ours"))
    after = json.loads(eligo(*arguments, "-f", "json").out)
    assert [code["code"] for code in after["codes"]] == ["K8"]
    (used,) = after["mappings"]
    assert (used["folder"], used["codes"]) == (str(tmp_path / "ours"), 1)


def test_mapping_to_what_is_asked_for_decides(tmp_path: Path, bundle: Path) -> None:
    text = f"{SYSTEM}concept:BreastCancer elig:hasCode [ elig:inSystem <{LOCAL}> ; "
    folder = folder_of(tmp_path, f'{text}elig:notation "K7" ] .')
    model = Trial.load("NCT06150651", mappings=[folder])
    (assessment,) = model.screen(bundle)
    assert assessment["E2"].status is Status.MET
    assert [used.path for used in assessment.mappings] == [folder]
    graph = assessment_graph(assessment, model.model)
    (used,) = graph.objects(None, PROV.used)
    assert (used, RDF.type, PROV.Entity) in graph
    assert assessment_iri(assessment) != assessment_iri(replace(assessment, mappings=()))


def test_bad_mapping_ends_the_command_with_its_code(tmp_path: Path, bundle: Path) -> None:
    folder = folder_of(tmp_path, "concept:Asthmaa elig:mayBe concept:Gout .")
    for command in ("codes", "validate"):
        ran = eligo(command, bundle, "--mappings", folder)
        assert (ran.code, ran.out) == (3, "")
        assert "more.ttl: concept:Asthmaa is not declared" in ran.err
    assert eligo("codes", bundle, "-m", tmp_path / "nowhere").code == 2


def test_codes_of_nobody_is_nothing_to_do(tmp_path: Path) -> None:
    file = tmp_path / "empty.ttl"
    file.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    assert eligo("codes", file).code == 3
