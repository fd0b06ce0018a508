"""Expanding a file: what was written by hand stays, and a second time changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import RDF
from rdflib.namespace import OWL, RDFS, SKOS

from cli.command import eligo
from eligo.api import Trial
from eligo.cli.exits import Exit
from eligo.patterns.expand import expand_text
from eligo.patterns.library import installed
from eligo.patterns.text import TrialText
from eligo.vocabulary.terms import ELIG
from patterns.pattern_kit import NAMES, expanded, general

WINDOW = {
    "criterion": "E1",
    "pattern": "DrugInWindow",
    "drug": "Rituximab",
    "window": "6 months",
    "quote": "Rituximab",
}
PLATELETS = {
    "criterion": "I1",
    "pattern": "LabThreshold",
    "test": "PlateletCount",
    "minimum": "100",
    "unit": "10*9/L",
    "window": "28 days",
    "quote": "Platelets",
}


def again(text: str) -> tuple[str, list[str]]:
    made = expand_text(TrialText(text, Path("x.ttl")), general(), installed())
    return made.text, [str(fault) for fault in made.faults]


def test_a_second_time_changes_nothing() -> None:
    _, made = expanded([PLATELETS, WINDOW])
    assert again(made.text) == (made.text, [])


def test_a_term_of_the_library_is_used_where_it_says_the_same() -> None:
    _, made = expanded([PLATELETS, {**PLATELETS, "criterion": "I2", "window": "4 weeks"}])
    assert "measure:plateletCount" in made.text
    assert "measure:latest" not in made.text


def test_equal_windows_are_one_relation() -> None:
    rows = [WINDOW, {**WINDOW, "criterion": "E2", "window": "P6M"}]
    _, made = expanded(rows)
    assert made.text.count("\nmeasure:hasMedicationUse-P6M a ") == 1
    assert again(made.text) == (made.text, [])
    _, other = expanded([WINDOW, {**WINDOW, "criterion": "E2", "window": "184 days"}])
    assert "\nmeasure:hasMedicationUse-P184D a " in other.text


BY_HAND = """
# a remark
nct:Mine   a owl:Class, owl:NamedIndividual ,elig:SupportingClass;   # odd layout
    skos:definition 'mine'@en ; skos:notation \"""Mine\""" ;
    owl:equivalentClass [ a owl:Class ; owl:complementOf elig:Patient ] ;.
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_was_written_by_hand_stays_byte_for_byte(newline: str) -> None:
    text, _ = expanded([WINDOW])
    head, separator, rest = text.partition("nct:EligiblePopulation a")
    mine = (head + BY_HAND + separator + rest).replace("\n", newline)
    block = ' ;\n    elig:byPattern [ a pattern:Sex ; pattern:sex "female" ] # why\n .'
    use = mine.replace('"not yet put in logic"@en .', '"x"@en' + block.replace("\n", newline))
    prefix = f"@prefix pattern: <https://w3id.org/eligo/pattern/> .{newline}"
    made, faults = again(prefix + use)
    assert faults == []
    assert BY_HAND.replace("\n", newline) in made
    assert made.endswith(rest.replace("\n", newline))
    assert "# why" in made
    assert newline == "\n" or "\n" not in made.replace("\r\n", "")
    assert again(made) == (made, [])


def test_a_block_may_stand_by_itself() -> None:
    text, _ = expanded([WINDOW])
    head = "@prefix pattern: <https://w3id.org/eligo/pattern/> .\n"
    block = 'elig:byPattern [ a pattern:Sex ; pattern:sex "female" ]'
    own = f'\nnct:E1 {block} ; elig:askFor "?"@en .\n'
    made, faults = again(f"{head}{text}{own}")
    graph = TrialText(made, Path("x.ttl")).graph
    assert faults == []
    assert graph.value(NAMES.of("E1"), ELIG.notFormalised) is None
    assert [str(o) for o in graph.objects(NAMES.of("E1"), ELIG.askFor)] == ["?"]
    assert again(made) == (made, [])


def test_words_written_by_hand_stay_and_others_follow_the_row() -> None:
    _, made = expanded([WINDOW])
    label = "Rituximab within 6 months"
    assert f'rdfs:label "{label}"@en' in made.text
    edited = made.text.replace(f'rdfs:label "{label}"', 'rdfs:label "My words"')
    changed = edited.replace('pattern:window "6 months"', 'pattern:window "3 months"')
    text, faults = again(changed)
    graph = TrialText(text, Path("x.ttl")).graph
    assert faults == []
    assert str(graph.value(NAMES.of("E1"), RDFS.label)) == "My words"
    assert "in the 3 months" in str(graph.value(NAMES.of("E1"), SKOS.definition))
    assert "hasMedicationUse-P3M" in text
    assert "hasMedicationUse-P6M" not in text


EDITS: dict[str, Callable[[str], str]] = {
    "definition": lambda text: text.replace("xsd:maxInclusive 181.0", "xsd:maxInclusive 180.0"),
    "beside": lambda text: text.replace("elig:daysBefore 184", "elig:daysBefore 185"),
}


@pytest.mark.parametrize("name", EDITS)
def test_logic_written_by_hand_is_never_replaced(name: str) -> None:
    _, made = expanded([WINDOW])
    edited = EDITS[name](made.text)
    assert edited != made.text
    text, faults = again(edited)
    assert text == edited
    assert "written or edited by hand" in faults[0]


def test_a_definition_written_by_hand_is_not_replaced_by_a_row() -> None:
    _, made = expanded([{"criterion": "I1", "quote": "q", "pattern": "Sex", "sex": "female"}])
    block = TrialText(made.text, Path("x.ttl")).part(NAMES.of("I1"), ELIG.byPattern)
    assert block is not None
    handwritten = made.text[: block.start] + made.text[block.end :].lstrip(" ;\n")
    assert "owl:equivalentClass" in handwritten
    assert again(handwritten) == (handwritten, [])


def test_parts_are_added_where_rows_name_them() -> None:
    whole = {"criterion": "E1", "pattern": "AnyOf", "quote": "Rituximab or\n  malignancy"}
    parts = [
        {**WINDOW, "criterion": "E1.a"},
        {
            "criterion": "E1.b",
            "pattern": "Attestation",
            "question": "HighBleedingRisk",
            "quote": "or malignancy",
        },
    ]
    _, made = expanded([whole, *parts])
    assert made.faults == ()
    source = TrialText(made.text, Path("x.ttl"))
    graph = source.graph
    assert source.parts(NAMES.of("E1")) == [NAMES.of("E1.a"), NAMES.of("E1.b")]
    text = str(graph.value(NAMES.of("EligibilityModule"), ELIG.criteriaText))
    for name in ("E1.a", "E1.b"):
        part = NAMES.of(name)
        start, end = (int(str(graph.value(part, p))) for p in (ELIG.quoteStart, ELIG.quoteEnd))
        assert text[start:end] == str(graph.value(part, ELIG.quotes))
    assert graph.value(NAMES.of("E1.b"), ELIG.favourable) == ELIG.NotMet
    assert again(made.text) == (made.text, [])


def test_a_trial_with_blocks_only_is_loaded_like_an_expanded_one(tmp_path: Path) -> None:
    _, made = expanded([PLATELETS, WINDOW])
    bare = made.text
    source = TrialText(bare, Path("x.ttl"))
    for name in ("I1", "E1"):
        part = source.part(NAMES.of(name), OWL.equivalentClass)
        assert part is not None
        objects = bare[part.start : part.end]
        made_bare = bare.replace(objects, 'elig:notFormalised "not yet"@en', 1)
        source, bare = TrialText(made_bare, Path("x.ttl")), made_bare
    paths = [tmp_path / "whole.ttl", tmp_path / "bare.ttl"]
    paths[0].write_text(made.text)
    paths[1].write_text(bare)
    whole, loaded = (Trial.load(str(path)) for path in paths)
    assert whole.model.shapes_text == loaded.model.shapes_text
    assert (NAMES.of("I1"), RDF.type, ELIG.Criterion) in loaded.model.ontology.graph


def test_commands_take_a_trial_from_its_record_to_shapes(tmp_path: Path) -> None:
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT90000004"},
            "eligibilityModule": {"eligibilityCriteria": "Exclusion Criteria:\n\n* Rituximab"},
        }
    }
    record = tmp_path / "record.json"
    record.write_text(json.dumps(study))
    assert eligo("trial", "new", record, "--to", tmp_path).code == Exit.FINE
    trial, table = tmp_path / "NCT90000004.ttl", tmp_path / "NCT90000004.tsv"
    rows = table.read_text().splitlines()
    header = rows[0].split("\t")
    table.write_text(
        "\n".join(
            [
                "\t".join([*header, "drug", "window"]),
                "\t".join(
                    ["E1", "DrugInWindow", *[""] * (len(header) - 2), "Rituximab", "3 months"]
                ),
            ]
        )
    )
    assert eligo("trial", "expand", trial, table, "--in-place").code == Exit.FINE
    table.write_text(table.read_text().replace("Rituximab", "Rituximabb"))
    ran = eligo("trial", "expand", trial, table, "--check")
    assert ran.code == Exit.UNREADABLE
    assert "NCT90000004.tsv:2: column 7 (drug)" in ran.err
    shapes = tmp_path / "shapes.ttl"
    assert eligo("trial", "compile", trial, "--to", shapes).code == Exit.FINE
    assert "E1.met" in shapes.read_text()
