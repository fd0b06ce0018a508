"""Where ontology, shapes, queries and examples are: in the checkout or inside the package."""

from __future__ import annotations

from pathlib import Path

from eligo.errors import UsageError


def root() -> Path:
    """Return the folder that holds `ontology/`, `shapes/`, `queries/` and `examples/`."""
    here = Path(__file__).resolve().parent
    checkout = here.parent.parent
    return checkout if (checkout / "ontology" / "core.ttl").is_file() else here / "data"


def ontology_files() -> list[Path]:
    """Files of the general ontology: vocabulary, concepts, units, scores, measures."""
    folder = root() / "ontology"
    general = [*folder.glob("*.ttl"), *folder.glob("concepts/*.ttl"), *folder.glob("scores/*.ttl")]
    return sorted(general)


def importer_files() -> list[Path]:
    """Value maps of the importers."""
    return sorted((root() / "ontology" / "importers").glob("*.ttl"))


def pattern_files() -> list[Path]:
    """Patterns of criteria."""
    return sorted((root() / "ontology" / "patterns").glob("*.ttl"))


def trial_file(name: str) -> Path:
    """Return the ontology file of a trial, given its registry number or a path to a Turtle file.

    Raises:
        UsageError: There is no such trial; the message lists those there are.
    """
    given = Path(name)
    if given.suffix == ".ttl" and given.is_file():
        return given
    known = trials()
    if name not in known:
        raise UsageError(
            f"unknown trial {name!r}: known trials are {', '.join(sorted(known)) or 'none'}; "
            "or give the path of a trial's Turtle file"
        )
    return known[name]


def trials() -> dict[str, Path]:
    """Return the trials that come with Eligo, by registry number."""
    return {path.stem: path for path in sorted((root() / "ontology" / "trials").glob("*.ttl"))}


def population_files() -> list[Path]:
    """Populations of invented patients, and the templates that serve every trial."""
    return sorted((root() / "populations").glob("*.ttl"))


def shapes(group: str) -> list[Path]:
    """Return the shape files of a group: `record`, `authoring` or `trials`."""
    return sorted((root() / "shapes" / group).glob("*.ttl"))


def shape_selects(group: str) -> list[Path]:
    """Return the SQL that says the same as SPARQL constraints of a group of shapes."""
    return sorted((root() / "shapes" / group / "sql").glob("*.sql"))


def query_text(name: str) -> str:
    """Return the text of a query by its path below `queries/`, without the ending.

    Raises:
        UsageError: There is no such query.
    """
    path = root() / "queries" / f"{name}.rq"
    if not path.is_file():
        raise UsageError(f"no query {name!r} under {root() / 'queries'}")
    return path.read_text(encoding="utf-8")


def importer_statements(standard: str) -> dict[str, str]:
    """Return the SQL by which an importer maps a standard's tables, by the names of its files."""
    folder = root() / "queries" / "importers" / standard
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))}
