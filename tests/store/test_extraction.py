"""What a store holds is what the queries extract in memory, row by row."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from case_loader import EXAMPLES, FILES, TRIALS, load_cases
from eligo.resources import query_text
from eligo.store.lexicon import Lexicon
from records.omop_kit import CLINIC
from store.store_kit import difference, extracted, imported, in_memory, ontology, stored
from trials.cohort import read_cases


def test_the_example_patients(tmp_path: Path) -> None:
    imported(tmp_path / "store", EXAMPLES)
    assert difference(stored(tmp_path / "store"), in_memory(EXAMPLES)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("trial", TRIALS)
def test_all_cases(trial: str, tmp_path: Path) -> None:
    cases = load_cases(trial)
    if not os.environ.get("ELIGO_ALL_CASES"):
        cases = cases[::12]
    folder = tmp_path / "cases"
    folder.mkdir()
    for case in cases:
        case.graph().serialize(folder / f"{case.id}.nt", format="nt", encoding="utf-8")
    assert imported(tmp_path / "store", folder).failures == ()
    assert difference(stored(tmp_path / "store"), extracted(read_cases(cases))) == {}


def test_fhir(tmp_path: Path) -> None:
    folder = FILES / "fhir"
    imported(tmp_path / "store", folder)
    assert difference(stored(tmp_path / "store"), in_memory(folder)) == {}


def test_omop(tmp_path: Path) -> None:
    imported(tmp_path / "store", CLINIC)
    assert difference(stored(tmp_path / "store"), in_memory(CLINIC)) == {}


@pytest.mark.parametrize("query", ["links", "patients", "attributes", "codings", "quantities"])
def test_relations_are_those_of_the_queries(query: str) -> None:
    listed = set(re.findall(r"elig:has\w+", query_text(f"extract/{query}")))
    assert set(Lexicon.of(ontology()).relations) == listed
