"""The queries for readers: their headers and parameters, and the catalogue that is made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from case_loader import PREFIXES
from eligo.services.query import set_parameters
from eligo.vocabulary import ontology

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "docs" / "queries.md"
FOLDERS = {
    "explore": "Look around: trials, criteria, concepts, patients, verdicts",
    "explain": "Ask why: what a verdict or a status rests on",
}
PARTS = ("ontology", "enriched", "assessment")
SHORT = {**ontology.PREFIXES, **PREFIXES, "patient": "https://example.org/patient/"}
HEADER = re.compile(r"^#\+ (\w+): (.+)$")
HEAD = """# Queries

The queries that come with Eligo, by name. `eligo query NAME PATIENTS…` runs one; without patients
it sees the ontology and the trials only. *Asks* says what a query needs: the ontology, the
patients' enriched graphs, their assessments. `--set NAME=VALUE` sets a parameter; `UNDEF` is any
value.
"""


@dataclass(frozen=True)
class Query:
    """A query with its header.

    Attributes:
        path: Its file.
        text: The whole text.
        header: Header lines in order, as pairs of key and value.
    """

    path: Path
    text: str
    header: tuple[tuple[str, str], ...]

    @staticmethod
    def read(path: Path) -> Query:
        text = path.read_text(encoding="utf-8")
        lines = (HEADER.match(line) for line in text.splitlines() if line.startswith("#"))
        return Query(path, text, tuple((m[1], m[2]) for m in lines if m))

    def value(self, key: str) -> str:
        """Return the one value of a header key."""
        (value,) = (value for name, value in self.header if name == key)
        return value

    @property
    def needs(self) -> frozenset[str]:
        """What the query must see to answer."""
        return frozenset(self.value("over").split(", "))

    @property
    def parameters(self) -> dict[str, str]:
        """What each parameter means, by name."""
        given = (value.partition(" - ") for key, value in self.header if key == "parameter")
        return {name: meaning for name, _, meaning in given}

    @property
    def prefixes(self) -> set[str]:
        """Prefixes that the query declares."""
        return set(re.findall(r"^PREFIX (\w+):", self.text, re.MULTILINE))

    @property
    def body(self) -> str:
        """The query without header, prefixes and strings."""
        lines = (line for line in self.text.splitlines() if not line.startswith(("#", "PREFIX")))
        return re.sub(r'"[^"]*"', '""', "\n".join(lines))

    def defaults(self, parameter: str) -> list[str]:
        """Return what the lines that hold a parameter set it to; there should be one."""
        return re.findall(rf"VALUES \?{parameter} \{{ ([^}}]*) \}}", self.text)

    def given(self, values: Mapping[str, str]) -> str:
        """Return the text with parameters set as the command sets them; short names do too."""
        return set_parameters(self.text, {k: full(v) for k, v in values.items()}, self.path.name)


@cache
def queries() -> dict[str, Query]:
    """Return all queries for readers, by name."""
    found = (
        Query.read(path)
        for folder in FOLDERS
        for path in sorted((ROOT / "queries" / folder).glob("*.rq"))
    )
    return {query.path.stem: query for query in found}


def full(value: str) -> str:
    """Write a short name in full, also one with a prefix of the tests; anything else as it is."""
    prefix, colon, local = value.partition(":")
    return SHORT[prefix] + local if colon and prefix in SHORT else value


def catalogue() -> str:
    """Write the catalogue: one line a query, from the headers."""
    lines = [HEAD]
    for folder, title in FOLDERS.items():
        lines += [f"## {title}\n", "| Query | Answer | Asks | Parameters |", "|---|---|---|---|"]
        for name, query in queries().items():
            if query.path.parent.name == folder:
                link = f"[{name}](../queries/{folder}/{name}.rq)"
                parameters = "; ".join(f"`{p}`: {text}" for p, text in query.parameters.items())
                summary, over = query.value("summary"), query.value("over")
                lines.append(f"| {link} | {summary} | {over} | {parameters} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    CATALOGUE.write_text(catalogue(), encoding="utf-8")
