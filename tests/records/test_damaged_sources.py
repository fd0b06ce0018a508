"""Damaged or hostile sources are refused with their name, and facts without a holder are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligo.api import Trial
from eligo.assess.model import Verdict
from eligo.errors import InputError
from eligo.records.parse import parse_rdf
from eligo.resources import root

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
    + "a" * 1000
    + '"><!ENTITY b "'
    + "&a;" * 1000
    + '"><!ENTITY c "'
    + "&b;" * 1000
    + f'">]>{RDF}<rdf:Description rdf:about="urn:x" rdf:type="&c;"/></rdf:RDF>'
)
ORPHAN = """
<https://example.org/stray> a <https://w3id.org/eligo/ns/Condition> ;
    <https://w3id.org/eligo/ns/code> <https://w3id.org/eligo/concept/BreastCancer> .
"""


@pytest.mark.parametrize(
    "text", [f'{RDF}<rdf:Description rdf:about="urn:x"/>', BOMB], ids=["cut-short", "entities"]
)
def test_xml_that_is_cut_short_or_blows_up_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"patients\.rdf:1.*not well-formed XML"):
        parse_rdf(text.encode(), "patients.rdf")


def test_a_fact_that_hangs_on_no_patient_bars_eligibility(trial: Trial, tmp_path: Path) -> None:
    text = (root() / "examples" / "patients" / "anna.ttl").read_text(encoding="utf-8")
    path = tmp_path / "anna.ttl"
    path.write_text(text + ORPHAN, encoding="utf-8")
    assessment = trial.screen(path)[0]
    assert assessment.verdict is Verdict.UNDETERMINED
    assert [problem.node for problem in assessment.problems] == ["https://example.org/stray"]
