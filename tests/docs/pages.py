"""Read the pages of the documentation: what they run, what they show, where they link to.

A comment on the line before a fenced block says what the block is:

- `<!-- run -->`, `<!-- run: exit 1 -->`: shell or Python to run;
- `<!-- output -->`: exactly what the block before it prints;
- `<!-- file: NAME -->`: a file that later blocks use;
- `<!-- quoted: PAGE -->`: lines that another page shows;
- `<!-- needs: PACKAGE ... -->`, anywhere: optional packages without which the page is not run;
- `<!-- generated: NAME -->` until `<!-- end generated -->`: text made from the ontology.

Where a page speaks of `$ENDPOINT`, that is the address of an endpoint with the example patients.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import distributions
from os import environ, pathsep
from pathlib import Path

from remote.endpoint_kit import Server, serving

ROOT = Path(__file__).parents[2]
PAGES = (
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
NEEDED = ("examples", "ontology", "queries", "shapes")
WIDTH = "90"
PLAIN = {"NO_COLOR": "1", "LANG": "C.UTF-8"}
ENDPOINT = "ENDPOINT"

BLOCK = re.compile(
    r"^<!-- (?P<role>run|output|file|quoted)(?:: (?P<detail>[^\n]*?))? -->\n"
    r"```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
GENERATED = re.compile(
    r"(?P<head>^<!-- generated: (?P<name>[\w-]+) -->\n)"
    r"(?P<text>.*?)"
    r"(?P<tail>^<!-- end generated -->$)",
    re.MULTILINE | re.DOTALL,
)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
NEEDS = re.compile(r"^<!-- needs: (?P<packages>[^\n]+) -->$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^()\s]+)\)")
HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block that is run, checked or written."""

    role: str
    detail: str
    language: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Ran:
    """What a block printed, and what the page says it prints (None: it says nothing)."""

    command: str
    printed: str
    errors: str
    code: int
    expected_code: int
    shown: Block | None


def name_of(page: Path) -> str:
    """Name a page by its path in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(text: str) -> list[Block]:
    """Return the marked blocks of a page."""
    return [
        Block(
            m["role"], m["detail"] or "", m["language"], m["text"], m.start("text"), m.end("text")
        )
        for m in BLOCK.finditer(text)
    ]


def missing_packages(text: str) -> list[str]:
    """Return the optional packages that a page needs and that are not installed."""
    needed = {name for match in NEEDS.finditer(text) for name in match["packages"].split()}
    installed = {found.metadata["Name"] for found in distributions()}
    return sorted(needed - installed)


def run_page(text: str, folder: Path) -> Iterator[Ran]:
    """Run the blocks of a page one after the other in a folder with a copy of the data files."""
    for name in NEEDED:
        shutil.copytree(ROOT / name, folder / name)
    found = blocks(text)
    variables = {}
    with ExitStack() as stack:
        if f"${ENDPOINT}" in text:
            patients = sorted((ROOT / "examples" / "patients").glob("*.ttl"))
            variables[ENDPOINT] = stack.enter_context(serving(Server().load(*patients))).url
        for place, block in enumerate(found):
            if block.role == "file":
                (folder / block.detail).write_text(block.text, encoding="utf-8")
            elif block.role == "run":
                after = found[place + 1] if place + 1 < len(found) else None
                shown = after if after and after.role == "output" else None
                yield _run(block, shown, folder, variables)


def _run(block: Block, shown: Block | None, folder: Path, variables: dict[str, str]) -> Ran:
    program = [sys.executable, "-"] if block.language == "python" else ["sh", "-e"]
    path = pathsep.join((str(Path(sys.executable).parent), environ["PATH"]))
    done = subprocess.run(
        program,
        input=block.text,
        cwd=folder,
        env={**environ, **variables, "PATH": path, "COLUMNS": WIDTH, **PLAIN},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    expected = int(block.detail.removeprefix("exit ")) if block.detail else 0
    return Ran(block.text, done.stdout, done.stderr, done.returncode, expected, shown)


def links(text: str) -> list[str]:
    """Return the targets of all links outside fenced blocks, web addresses left out."""
    targets = [m["target"] for m in LINK.finditer(FENCE.sub("", text))]
    return [t for t in targets if not re.match(r"[a-z]+:", t)]


def anchors(text: str) -> set[str]:
    """Return the anchors that forges make of the headings of a page."""
    plain = [m["text"].lower().replace("`", "") for m in HEADING.finditer(FENCE.sub("", text))]
    return {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in plain}
