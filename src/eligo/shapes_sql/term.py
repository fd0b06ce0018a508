"""A term in a statement of SQL."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Term:
    """A term in a statement of SQL: the expressions of its parts.

    Attributes:
        patient: Whose record it stands in.
        text: Its text, or its IRI as the tables hold it.
        kind: 'iri' or 'literal'.
        datatype: Its datatype; empty for an IRI.
        language: Its language tag in small letters; empty if it has none.
        key: The one text that stands for it.
        id: Its number among the nodes of all records.
        profile: The alias of a row that holds what is known of the node; None if there is none.
        classes: The alias of a row that holds its classes; None if there is none.
        tested: The alias of a row that says whether it is a value of its datatype, and which number
            it is; None if there is none.
    """

    patient: str
    text: str
    kind: str
    datatype: str
    language: str
    key: str
    id: str
    profile: str | None = None
    classes: str | None = None
    tested: str | None = None

    @staticmethod
    def keyed(alias: str, column: str = "node") -> Term:
        """Return the term of a row that has only its key and its number."""
        key = f"{alias}.{column}"
        parts = [f"shape_key_{part}({key})" for part in ("text", "kind", "datatype", "language")]
        text, kind, datatype, language = parts
        return Term(f"{alias}.patient", text, kind, datatype, language, key, f"{alias}.id")

    @staticmethod
    def object_of(alias: str, patient: str, *, vocabulary: bool = False) -> Term:
        """Return the object of a statement."""
        parts = [f"{alias}.{part}" for part in ("object", "kind", "datatype", "language")]
        text, kind, datatype, language = parts
        key = f"{alias}.key" if vocabulary else f"shape_key({', '.join(parts)})"
        number = f"hash({patient}, {key})" if vocabulary else f"{alias}.object_id"
        return Term(patient, text, kind, datatype, language, key, number)

    @staticmethod
    def subject_of(alias: str, patient: str, *, vocabulary: bool = False) -> Term:
        """Return the subject of a statement."""
        name = f"{alias}.subject"
        number = f"hash({patient}, {name})" if vocabulary else f"{alias}.subject_id"
        return Term(patient, name, "'iri'", "''", "''", name, number)

    def known(self, alias: str) -> Term:
        """Return the term with the row that holds what is known of it."""
        return replace(self, profile=alias, classes=alias)
