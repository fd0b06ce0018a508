"""What cannot be right is told, all of it at once; nothing hostile is ever read as Turtle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import URIRef
from rdflib.namespace import OWL, RDFS

from eligo.errors import InputError, ModelError
from eligo.patterns.library import installed, library, read_library
from eligo.patterns.rows import read_rows
from eligo.patterns.text import TrialText
from eligo.resources import pattern_files
from eligo.vocabulary.terms import ELIG
from patterns.pattern_kit import NAMES, expanded

BAD: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "bad-rows.yaml").read_text(encoding="utf-8")
)
HEAD = """@prefix elig: <https://w3id.org/eligo/ns/> .
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

ex:Own a owl:Class, owl:NamedIndividual, elig:CriterionPattern ;
    rdfs:label "own"@en ;
    skos:definition "A pattern of one's own."@en ;
"""
GOOD = "    elig:classTemplate \"{{ has('elig:sexAtBirth', 'elig:Female') }}\" .\n"


def rows_of(entry: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"criterion": f"I{n}", "pattern": row["pattern"], "quote": f"row {n}."}
        | {key: str(value) for key, value in row.items()}
        for n, row in enumerate(entry["rows"], 1)
    ]


@pytest.mark.parametrize("entry", BAD, ids=lambda entry: entry["faults"][0][:40])
def test_every_fault_is_told(entry: dict[str, Any]) -> None:
    text, made = expanded([{k: v for k, v in r.items() if v} for r in rows_of(entry)])
    told = [str(fault) for fault in made.faults]
    assert len(told) == len(entry["faults"]), told
    for wanted in entry["faults"]:
        assert any(wanted in fault for fault in told), told
    assert TrialText(made.text, Path("x.ttl")).criteria >= TrialText(text, Path("x.ttl")).criteria


HOSTILE = [
    'a " b',
    "two\nlines",
    '" . nct:I1 owl:equivalentClass elig:Patient . nct:I1 rdfs:label "',
    "\\",
    '\\" ; elig:notFormalised "',
    "{{ 7 * 7 }} {% for i in range(10) %}x{% endfor %}",
    "] ; owl:equivalentClass elig:Patient ; elig:x [",
    "'''\"\"\"",
    "\u202eright to left",
]


def test_text_of_a_cell_stays_text() -> None:
    row = {"pattern": "NotFormalised"}
    rows = [
        {**row, "criterion": f"I{n}", "quote": f"row {n}.", "reason": text, "label": text}
        for n, text in enumerate(HOSTILE, 1)
    ]
    _, made = expanded(rows)
    assert made.faults == ()
    graph = TrialText(made.text, Path("x.ttl")).graph
    for n, text in enumerate(HOSTILE, 1):
        name = NAMES.of(f"I{n}")
        assert str(graph.value(name, ELIG.notFormalised)) == " ".join(text.split())
        assert str(graph.value(name, RDFS.label)) == text
        assert graph.value(name, OWL.equivalentClass) is None


@pytest.mark.parametrize("column", ["condition", "status", "except"])
def test_values_that_are_no_names_make_faults(column: str) -> None:
    row = {"pattern": "Diagnosis", "condition": "Malignancy", "status": "ever"}
    rows = [
        {**row, "criterion": f"I{n}", "quote": f"row {n}.", column: text}
        for n, text in enumerate(HOSTILE, 1)
    ]
    before, made = expanded(rows)
    places = {str(fault).split(":")[1] for fault in made.faults}
    assert places == {str(line) for line in range(2, len(HOSTILE) + 2)}
    graph = TrialText(made.text, Path("x.ttl")).graph
    assert not list(graph.subjects(ELIG.refutedBy))
    for n in range(1, len(HOSTILE) + 1):
        assert graph.value(NAMES.of(f"I{n}"), OWL.equivalentClass) is None
    assert len(TrialText(made.text, Path("x.ttl")).criteria) == len(HOSTILE)
    assert len(TrialText(before, Path("x.ttl")).criteria) == len(HOSTILE)


TEMPLATES = {
    "{{ ''.__class__.__mro__ }}": "cannot be filled",
    "{{ cycler.__init__.__globals__ }}": "cannot be filled",
    "{% for i in range(10**9) %}x{% endfor %}": "cannot be filled",
    "{{ 'x' * 10**6 }}": "more than",
    "{{ nothing }}": "'nothing' is undefined",
    "{{ fail('no way') }}": "no way",
    "{% endfor %}": "cannot be filled",
    "elig:Patient . elig:Patient a elig:Criterion": "one class expression",
    "elig:Patient ; elig:refutedBy elig:Patient": "one class expression",
    "[ a owl:Class": "makes no Turtle",
    "": "makes no Turtle",
    "'text'": "one class expression",
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_hostile_templates_make_faults(template: str, tmp_path: Path) -> None:
    quoted = template.replace("\\", "\\\\").replace('"', '\\"')
    (tmp_path / "own.ttl").write_text(f'{HEAD}    elig:classTemplate "{quoted}" .\n')
    row = {"criterion": "I1", "pattern": "Own", "quote": "q"}
    _, made = expanded([row], library([str(tmp_path)]))
    assert len(made.faults) == 1
    assert TEMPLATES[template] in str(made.faults[0])


@pytest.mark.parametrize("subject", ["elig:Patient", "ex:other", f"<{NAMES.trial}/I2>"])
def test_templates_speak_of_their_own_things_only(subject: str, tmp_path: Path) -> None:
    beside = f"    elig:besideTemplate \"{subject} rdfs:label 'x' .\" ;\n"
    beside = beside.replace("ex:other", "<https://example.org/other>")
    (tmp_path / "own.ttl").write_text(HEAD + beside + GOOD)
    _, made = expanded(
        [{"criterion": "I1", "pattern": "Own", "quote": "q"}], library([str(tmp_path)])
    )
    assert "helpers of the criterion only" in str(made.faults)


def test_a_pattern_of_ones_own_works(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(HEAD + GOOD)
    _, made = expanded(
        [{"criterion": "I1", "pattern": "Own", "quote": "q"}], library([str(tmp_path)])
    )
    assert made.faults == ()
    assert "elig:sexAtBirth" in made.text


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("    elig:attestationOnly true .\n", "either elig:classTemplate or"),
        ("    elig:hasParameter [ elig:takes elig:TextForm ] ;\n" + GOOD, "without"),
        (
            "    elig:hasParameter [ elig:patternParameter ex:p ; elig:takes ex:q ] ;\n" + GOOD,
            "no value form",
        ),
        (
            "    elig:hasParameter [ elig:patternParameter ex:quote ; elig:takes elig:TextForm ] ;"
            + GOOD,
            "rename the parameter",
        ),
        ("    elig:needsOneOf ex:p ;\n" + GOOD, "which is no parameter of it"),
    ],
)
def test_patterns_that_are_not_well_formed_are_told(more: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(HEAD + more)
    with pytest.raises(ModelError, match=told):
        read_library([*pattern_files(), path])


ENCODINGS = {
    "bom": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "semicolons": lambda text: text.replace("\t", ";").encode(),
    "commas": lambda text: text.replace("\t", ",").encode(),
}
TABLE = 'criterion\tpattern\tcondition\tlabel\nI1\tDiagnosis\tMalignancy|Fever\t"a\nb"\n\nI2\tSex\n'


@pytest.mark.parametrize("name", ENCODINGS)
def test_tables_are_read_as_programs_write_them(name: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_bytes(ENCODINGS[name](TABLE))
    rows, faults = read_rows(path, installed().columns)
    assert faults == []
    assert [row.line for row in rows] == [2, 5]
    assert rows[0].several("condition") == ("Malignancy", "Fever")
    assert rows[0].cells["label"].split() == ["a", "b"]
    assert rows[1].cells == {"criterion": "I2", "pattern": "Sex"}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff\xfe\x00", "UTF-16"),
        (b"criterion\tpattern\n\xe4\n", "rows.tsv:2: is not UTF-8"),
        (b"", "needs a first line"),
        (b"name\tpattern\n", "needs a first line"),
        (b'criterion\tpattern\nI1\t"open\n', "close the quotation marks"),
    ],
)
def test_tables_that_cannot_be_read_are_named(data: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=told):
        read_rows(path, installed().columns)


def test_columns_and_cells_that_do_not_fit_are_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("criterion\tpattern\tpattern\tcolour\nI1\tSex\tSex\tred\tmore\n")
    _, faults = read_rows(path, installed().columns)
    told = "\n".join(str(fault) for fault in faults)
    assert "rows.tsv:1: column 3: 'pattern' is there twice" in told
    assert "rows.tsv:1: column 4: 'colour' is no parameter of any pattern" in told
    assert "rows.tsv:2: has 5 cells under 4 columns" in told


def test_a_second_row_for_a_criterion_is_told() -> None:
    row = {"criterion": "I1", "pattern": "Sex", "sex": "female", "quote": "q"}
    other = {**row, "criterion": "I1"}
    _, made = expanded([row, other])
    assert "I1 has a row at rows.tsv:2 already" in str(made.faults[0])


def test_a_ring_of_parts_is_told() -> None:
    row = {"criterion": "I1", "pattern": "AnyOf", "quote": "one two"}
    _, made = expanded([row, {**row, "criterion": "I1.a", "pattern": "Sex", "sex": "female"}])
    ring = made.text.replace("nct:I1 a owl:Class", "nct:I1 elig:partOf nct:I1.a ; a owl:Class")
    source = TrialText(ring, Path("x.ttl"))
    assert URIRef(f"{NAMES.trial}/I1") in source.criteria
    with pytest.raises(ModelError, match="part of itself"):
        list(source.ancestors(NAMES.of("I1")))
