"""Text of the documentation that is made from the ontology."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.query import ResultRow

from docs.pages import GENERATED, ROOT
from docs.pattern_pages import reference
from eligo.api import Trial
from eligo.compile.trial import plain
from eligo.trial.model import Criterion, Polarity
from eligo.vocabulary.ontology import Ontology
from eligo.vocabulary.terms import ELIG

QUERIES = Path(__file__).parent
FIRST = "NCT06150651"
OF_TRIAL = re.compile(r"(?P<part>[\w-]+)-(?P<trial>NCT\d{8})")
"""A part that names its trial; without a name it is of the first one."""

Row = tuple[str, ...]


def fill(text: str) -> str:
    """Return a page with its generated parts made anew.

    Raises:
        KeyError: A part has a name that nothing makes.
    """
    return GENERATED.sub(lambda m: f"{m['head']}{make(m['name'])}{m['tail']}", text)


def make(name: str) -> str:
    """Return the generated part of a name."""
    found = OF_TRIAL.fullmatch(name)
    part, trial = (found["part"], found["trial"]) if found else (name, FIRST)
    return MAKERS[part]() if part in MAKERS else TRIAL_MAKERS[part](trial)


def table(header: Row, rows: Sequence[Row]) -> str:
    """Return a Markdown table."""
    lines = [header, tuple("---" for _ in header), *rows]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in cells) + "\n"


@cache
def select(query: str, *files: str) -> list[Row]:
    """Return the rows of a query beside this module over files of the ontology."""
    graph = Graph(bind_namespaces="none")
    for file in files:
        graph.parse(ROOT / "ontology" / file)
    found = graph.query((QUERIES / f"{query}.rq").read_text(encoding="utf-8"))
    rows = [row for row in found if isinstance(row, ResultRow)]
    return [tuple("" if cell is None else str(cell) for cell in row) for row in rows]


def terms() -> str:
    """Return a table of every term of the record vocabulary."""
    rows = select("select-record-terms", "clinical.ttl")
    parts = []
    for kind, group in groupby(rows, key=lambda row: row[0]):
        body = [(f"`elig:{name}`", meaning) for _, name, meaning in group]
        parts.append(f"\n### {kind}\n{table(('term', 'meaning'), body)}")
    return "".join(parts)


def decisions(trial: str) -> str:
    """Return a table of the decisions of a trial."""
    rows = select("select-decisions", f"trials/{trial}.ttl")
    return table(("no.", "adopted reading", "why", "reading set aside"), rows)


def rulings(trial: str) -> str:
    """Return a table of the rulings of a trial."""
    return table(("no.", "ruling"), select("select-rulings", f"trials/{trial}.ttl"))


def advisories(trial: str) -> str:
    """Return a table of the advisories of a trial."""
    rows = [
        (", ".join(a.advises), a.label, a.message)
        for a in sorted(load(trial).model.advisories, key=lambda a: (a.advises, a.label))
    ]
    return table(("on", "when", "what it says"), rows)


def inclusions(trial: str) -> str:
    """Return the inclusion criteria of a trial with their parts."""
    return "".join(_criteria(load(trial), Polarity.INCLUSION))


def exclusions(trial: str) -> str:
    """Return the exclusion criteria of a trial with their parts."""
    return "".join(_criteria(load(trial), Polarity.EXCLUSION))


@cache
def load(trial: str) -> Trial:
    """Return a trial that the documentation describes."""
    return Trial.load(trial)


def _criteria(trial: Trial, polarity: Polarity) -> Iterator[str]:
    for top in trial.criteria:
        if top.polarity is polarity:
            for criterion in top.walk():
                yield _criterion(
                    trial.model.ontology, criterion, "###" if criterion is top else "####"
                )


def _criterion(ontology: Ontology, criterion: Criterion, level: str) -> str:
    lines = [f"\n{level} {criterion.notation} {criterion.label}\n"]
    if criterion.quote:
        start, end = criterion.span or (0, 0)
        quoted = ontology.iri(criterion.name, ELIG.quotesField)
        place = f"field {ontology.label(quoted)}" if quoted else "record"
        words = " ".join(criterion.quote.split())
        lines.append(f"> {plain(words)}\n>\n> characters {start} to {end} of the {place}\n")
    lines.append(f"- read as: {criterion.definition}")
    if criterion.decisions:
        lines.append(f"- adopts: {', '.join(d.notation for d in criterion.decisions)}")
    if refuting := _refuting(ontology, criterion.name):
        lines.append(f"- not met by a rule of its own: {refuting}")
    if criterion.attested:
        lines.append("- only a person can answer it")
    if criterion.ask:
        lines.append(f"- when unknown, ask for: {criterion.ask}")
    return "\n".join(lines) + "\n"


def _refuting(ontology: Ontology, name: URIRef) -> str | None:
    refuting = ontology.iri(name, ELIG.refutedBy)
    return ontology.definition(refuting) if refuting else None


def policies() -> str:
    """Return a table of the evidence policies."""
    rows = [(f"`{name}`", p.definition) for name, p in sorted(load(FIRST).policies.items())]
    return table(("policy", "what it assumes"), rows)


def windows(trial: str) -> str:
    """Return a table of the general windowed relations and those of a trial."""
    ontology = load(trial).model.ontology
    graph = ontology.graph
    rows = []
    found = graph.subjects(RDF.type, ELIG.WindowedRelation)
    for relation in sorted(r for r in found if isinstance(r, URIRef)):
        values = {
            name: graph.value(relation, term)
            for name, term in (
                ("days before", ELIG.daysBefore),
                ("months before", ELIG.monthsBefore),
                ("days after", ELIG.daysAfter),
            )
        }
        span = ", ".join(f"{v} {n}" for n, v in values.items() if isinstance(v, Literal))
        anchor, base = (ontology.iri(relation, t) for t in (ELIG.anchor, ELIG.baseRelation))
        shown = [f"`{ontology.short(term)}`" for term in (relation, base, anchor) if term]
        rows.append((shown[0], shown[1], shown[2] if anchor else "", span))
    return table(("relation", "of", "anchor", "window"), rows)


MAKERS: dict[str, Callable[[], str]] = {
    "terms": terms,
    "policies": policies,
    "patterns": reference,
}
TRIAL_MAKERS: dict[str, Callable[[str], str]] = {
    "decisions": decisions,
    "rulings": rulings,
    "advisories": advisories,
    "inclusions": inclusions,
    "exclusions": exclusions,
    "windows": windows,
}
