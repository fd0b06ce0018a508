"""The documentation tells the truth: its commands run, its outputs, tables and links are right."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from docs.generated import fill, select
from docs.pages import PAGES, ROOT, anchors, blocks, links, missing_packages, name_of, run_page
from eligo.cli.exits import Exit
from eligo.cli.main import cli

TEXTS = {name_of(page): page.read_text(encoding="utf-8") for page in PAGES}
RUNNING = sorted(name for name, text in TEXTS.items() if any(b.role == "run" for b in blocks(text)))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("name", RUNNING)
def test_commands_print_what_the_page_shows(name: str, tmp_path: Path) -> None:
    if missing := missing_packages(TEXTS[name]):
        pytest.skip(f"needs {', '.join(missing)}: pip install 'eligo[engines]'")
    for ran in run_page(TEXTS[name], tmp_path):
        assert ran.code == ran.expected_code, f"{ran.command}\n{ran.printed}\n{ran.errors}"
        if ran.shown is not None:
            assert ran.printed == ran.shown.text, f"{ran.command}\nsee tests/docs/refresh.py"


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_quoted_lines_are_in_the_other_page(name: str) -> None:
    for block in blocks(TEXTS[name]):
        if block.role == "quoted":
            assert block.text in TEXTS[block.detail], block.text


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_generated_parts_match_the_ontology(name: str) -> None:
    assert fill(TEXTS[name]) == TEXTS[name], "see tests/docs/refresh.py"


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for link in links(TEXTS[name]):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def test_every_record_term_is_explained() -> None:
    """Not only in the generated list: the text itself shows how each property is used."""
    page = TEXTS["docs/patient-vocabulary.md"].partition("<!-- generated: terms -->")[0]
    rows = select("select-record-terms", "clinical.ttl")
    unexplained = ("Values", "Classes")
    missing = [name for sort, name, _ in rows if sort not in unexplained and name not in page]
    assert missing == []


def test_decisions_are_numbered_and_listed() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers == [f"{place:04}" for place in range(1, len(DECISIONS) + 1)]
    index = TEXTS["docs/index.md"]
    assert [path.name for path in DECISIONS if f"decisions/{path.name}" not in index] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_decisions_have_three_parts(path: Path) -> None:
    text = TEXTS[name_of(path)]
    assert text.startswith(f"# {path.name[:4]} ")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Context",
        "## Decision",
        "## Consequences",
    ]


def test_every_page_is_on_the_map() -> None:
    index = TEXTS["docs/index.md"]
    pages = [p for p in sorted((ROOT / "docs").glob("*.md")) if p.name != "index.md"]
    assert [page.name for page in pages if f"({page.name})" not in index] == []


def test_every_command_and_exit_code_is_listed() -> None:
    page = TEXTS["docs/command-line.md"]
    assert [name for name in cli.commands if f"| `eligo {name}" not in page] == []
    assert [code for code in Exit if f"| {int(code)} |" not in page] == []


def test_the_citation_is_complete() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "version", "license"} <= citation.keys()
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == version("eligo")


def test_the_change_log_has_the_current_version() -> None:
    assert f"## [{version('eligo')}]" in TEXTS["CHANGELOG.md"]
