"""How terms are written in the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, XSD
from rdflib.term import Node


def quoted(text: str) -> str:
    """Return a text as a constant of SQL."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Return texts as constants of SQL in brackets."""
    return f"({', '.join(quoted(text) for text in texts)})"


@dataclass(frozen=True)
class Names:
    """Writes IRIs as they stand in the tables.

    Attributes:
        prefixes: Prefixes of short forms.
        short: Whether the tables hold short forms rather than full IRIs.
    """

    prefixes: Mapping[str, str]
    short: bool = False

    def written(self, iri: Node) -> str:
        """Return an IRI as the tables hold it."""
        return self._shortened(str(iri)) if self.short else str(iri)

    def constant(self, iri: Node) -> str:
        """Return an IRI, as the tables hold it, as a constant of SQL."""
        return quoted(self.written(iri))

    def parts(self, term: Node) -> tuple[str, str, str, str]:
        """Return text, kind, datatype and language of a term, as the tables hold them."""
        if isinstance(term, URIRef):
            return self.written(term), "iri", "", ""
        if not isinstance(term, Literal):
            return f"_:{term}", "iri", "", ""
        datatype = RDF.langString if term.language else term.datatype or XSD.string
        return str(term), "literal", self.written(datatype), (term.language or "").lower()

    def key(self, term: Node) -> str:
        """Return the one text that stands for a term, as the macro `shape_key` makes it."""
        text, kind, datatype, language = self.parts(term)
        return text if kind == "iri" else f'"{datatype}"{language}"{text}'

    def full(self, sql: str) -> str:
        """Return SQL that writes an IRI of the tables in full."""
        if not self.short:
            return sql
        cases = "".join(
            f" WHEN starts_with({sql}, {quoted(prefix + ':')})"
            f" THEN {quoted(namespace)} || substr({sql}, {len(prefix) + 2})"
            for prefix, namespace in sorted(self.prefixes.items())
        )
        return f"CASE{cases} ELSE {sql} END"

    def shown(self, sql: str) -> str:
        """Return SQL that writes an IRI of the tables in its short form."""
        if self.short:
            return sql
        cases = "".join(
            f" WHEN starts_with({sql}, {quoted(namespace)})"
            f" THEN {quoted(prefix + ':')} || substr({sql}, {len(namespace) + 1})"
            for prefix, namespace in self._longest_first()
        )
        return f"CASE{cases} ELSE {sql} END"

    def _shortened(self, iri: str) -> str:
        for prefix, namespace in self._longest_first():
            if iri.startswith(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def _longest_first(self) -> list[tuple[str, str]]:
        pairs = self.prefixes.items()
        return sorted(pairs, key=lambda pair: (len(pair[1]), pair[0]), reverse=True)
