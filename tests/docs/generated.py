"""Text of the documentation that is made from the ontology."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.query import ResultRow

from docs.pages import GENERATED, ROOT
from eligo.api import Trial
from eligo.compile.trial import plain
from eligo.trial.model import Criterion, Polarity
from eligo.vocabulary.terms import ELIG

QUERIES = Path(__file__).parent
TRIAL = "NCT06150651"

Row = tuple[str, ...]


def fill(text: str) -> str:
    """Return a page with its generated parts made anew.

    Raises:
        KeyError: A part has a name that nothing makes.
    """
    return GENERATED.sub(lambda m: f"{m['head']}{MAKERS[m['name']]()}{m['tail']}", text)


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


def decisions() -> str:
    """Return a table of the decisions of the trial."""
    rows = select("select-decisions", f"trials/{TRIAL}.ttl")
    return table(("no.", "adopted reading", "why", "reading set aside"), rows)


def rulings() -> str:
    """Return a table of the rulings of the trial."""
    return table(("no.", "ruling"), select("select-rulings", f"trials/{TRIAL}.ttl"))


def advisories() -> str:
    """Return a table of the advisories of the trial."""
    rows = [
        (", ".join(a.advises), a.label, a.message)
        for a in sorted(trial().model.advisories, key=lambda a: (a.advises, a.label))
    ]
    return table(("on", "when", "what it says"), rows)


def inclusions() -> str:
    """Return the inclusion criteria with their parts."""
    return "".join(_criteria(Polarity.INCLUSION))


def exclusions() -> str:
    """Return the exclusion criteria with their parts."""
    return "".join(_criteria(Polarity.EXCLUSION))


@cache
def trial() -> Trial:
    """Return the trial that the documentation describes."""
    return Trial.load(TRIAL)


def _criteria(polarity: Polarity) -> Iterator[str]:
    for top in trial().criteria:
        if top.polarity is polarity:
            for criterion in top.walk():
                yield _criterion(criterion, "###" if criterion is top else "####")


def _criterion(criterion: Criterion, level: str) -> str:
    lines = [f"\n{level} {criterion.notation} {criterion.label}\n"]
    if criterion.quote:
        start, end = criterion.span or (0, 0)
        lines.append(
            f"> {plain(criterion.quote)}\n>\n> characters {start} to {end} of the record\n"
        )
    lines.append(f"- read as: {criterion.definition}")
    if criterion.decisions:
        lines.append(f"- adopts: {', '.join(d.notation for d in criterion.decisions)}")
    if refuting := _refuting(criterion.name):
        lines.append(f"- not met by a rule of its own: {refuting}")
    if criterion.attested:
        lines.append("- only a person can answer it")
    if criterion.ask:
        lines.append(f"- when unknown, ask for: {criterion.ask}")
    return "\n".join(lines) + "\n"


def _refuting(name: URIRef) -> str | None:
    ontology = trial().model.ontology
    refuting = ontology.iri(name, ELIG.refutedBy)
    return ontology.definition(refuting) if refuting else None


def policies() -> str:
    """Return a table of the evidence policies."""
    rows = [(f"`{name}`", p.definition) for name, p in sorted(trial().policies.items())]
    return table(("policy", "what it assumes"), rows)


def windows() -> str:
    """Return a table of the windowed relations with their parameters."""
    ontology = trial().model.ontology
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
    "decisions": decisions,
    "rulings": rulings,
    "advisories": advisories,
    "inclusions": inclusions,
    "exclusions": exclusions,
    "policies": policies,
    "windows": windows,
}
