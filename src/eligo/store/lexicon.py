"""What the import asks the ontology: relations, kinds of facts, prefixes and listed codes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from rdflib.namespace import RDF, RDFS

from eligo.database import Database
from eligo.resources import query_text
from eligo.vocabulary.ontology import PREFIXES, Ontology
from eligo.vocabulary.tables import Row, Table
from eligo.vocabulary.terms import ELIG

RELATION = re.compile(r"\belig:has\w+")
"""A relation, as the query that extracts links lists it."""
SCRIPTS = Path(__file__).with_name("sql")


@cache
def script(name: str) -> Template:
    """Return a script of the store whose names are to be filled in."""
    return Template((SCRIPTS / f"{name}.sql").read_text(encoding="utf-8"))


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def files_list(paths: list[Path]) -> str:
    """Return files as SQL lists them."""
    return "[" + ", ".join(quoted(str(path)) for path in paths) + "]"


@dataclass(frozen=True)
class Lexicon:
    """What the import needs of the ontology.

    Attributes:
        relations: Relations that lead from a patient to a fact, in their short form.
        holding: Those of them that make a patient the holder of a fact.
        kinds: Kinds of facts with their labels.
        prefixes: Prefixes that IRIs are shortened with.
    """

    relations: tuple[str, ...]
    holding: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]
    prefixes: tuple[tuple[str, str], ...]

    @staticmethod
    def of(ontology: Ontology) -> Lexicon:
        """Return what an ontology says."""
        graph, short = ontology.graph, ontology.short
        holding = {short(p) for p in graph.subjects(RDF.type, ELIG.FactRelation)}
        read = set(RELATION.findall(query_text("extract/links")))
        kinds = {(short(k), ontology.label(k)) for k in graph.subjects(RDFS.subClassOf, ELIG.Fact)}
        return Lexicon(
            tuple(sorted(read)),
            tuple(sorted(holding)),
            tuple(sorted(kinds)),
            tuple(sorted(PREFIXES.items())),
        )

    @property
    def digest(self) -> str:
        """A hash of everything that the tables of a store depend on, beside the data."""
        texts = [repr((self.relations, self.holding, self.kinds, self.prefixes))]
        texts += [path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("*.sql"))]
        return hashlib.sha256("\n".join(texts).encode()).hexdigest()

    def short(self, iri: str) -> str:
        """Write an IRI as the tables of a store do."""
        fitting = [(len(n), p) for p, n in self.prefixes if iri.startswith(n)]
        if fitting:
            length, prefix = max(fitting)
            return f"{prefix}:{iri[length:]}"
        clashing = any(iri.startswith(f"{prefix}:") for prefix, _ in self.prefixes)
        return f"<{iri}>" if clashing else iri

    def prepare(self, database: Database) -> None:
        """Load the lexicon into a database, with the macros that write IRIs."""
        for name, rows in (("relation", self.relations), ("holding", self.holding)):
            table: tuple[Row, ...] = tuple((row,) for row in rows)
            database.load(Table(f"v_{name}", {"relation": "VARCHAR"}, table))
        database.load(Table("v_kind", {"kind": "VARCHAR", "label": "VARCHAR"}, self.kinds))
        hosts = {"/".join(namespace.split("/")[:3]) + "/" for _, namespace in self.prefixes}
        longest = sorted(self.prefixes, key=lambda item: (-len(item[1]), item[0]))
        database.execute(
            script("macros").substitute(
                hosted=" OR ".join(f"starts_with(term, {quoted('<' + h)})" for h in sorted(hosts)),
                relations=", ".join(quoted(r) for r in self.relations),
                shortened="\n".join(
                    f"WHEN starts_with(term, {quoted('<' + namespace)}) "
                    f"THEN {quoted(prefix + ':')} "
                    f"|| substr(term, {len(namespace) + 2}, length(term) - {len(namespace) + 2})"
                    for prefix, namespace in longest
                ),
                expanded="\n".join(
                    f"WHEN starts_with(name, {quoted(prefix + ':')}) "
                    f"THEN {quoted(namespace)} || substr(name, {len(prefix) + 2})"
                    for prefix, namespace in self.prefixes
                ),
                clashing=" OR ".join(
                    f"starts_with(term, {quoted('<' + prefix + ':')})"
                    for prefix, _ in self.prefixes
                ),
            )
        )
