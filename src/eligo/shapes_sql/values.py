"""Tests of one term, such as its datatype or its length, as conditions of SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, SH, XSD

from eligo.shapes_sql.model import Constraint, Shape, ShapeError
from eligo.shapes_sql.names import Names, listed, quoted
from eligo.shapes_sql.regex import PatternError, translated
from eligo.shapes_sql.term import Term

TESTED = {
    XSD.boolean: "shape_is_boolean",
    XSD.integer: "shape_is_integer",
    XSD.decimal: "shape_is_decimal",
    XSD.double: "shape_is_double",
    XSD.float: "shape_is_double",
    XSD.date: "shape_is_date",
    XSD.dateTime: "shape_is_datetime",
}
UNTESTED = frozenset(
    {XSD.string, XSD.anyURI, XSD.language, XSD.gYear, XSD.gYearMonth, XSD.gMonth, XSD.gDay}
    | {XSD.gMonthDay, RDF.langString}
)
RANGES = {
    XSD.nonNegativeInteger: (0, None),
    XSD.positiveInteger: (1, None),
    XSD.nonPositiveInteger: (None, 0),
    XSD.negativeInteger: (None, -1),
    XSD.int: (-(2**31), 2**31 - 1),
    XSD.short: (-(2**15), 2**15 - 1),
    XSD.byte: (-128, 127),
    XSD.long: (None, None),
    XSD.unsignedLong: (0, None),
    XSD.unsignedInt: (0, 2**32 - 1),
    XSD.unsignedShort: (0, 2**16 - 1),
    XSD.unsignedByte: (0, 255),
}
EXACT = (XSD.integer, XSD.decimal)
FLOATING = (XSD.double, XSD.float)
NODE_KINDS = {
    SH.IRI: "'iri'",
    SH.BlankNodeOrIRI: "'iri'",
    SH.Literal: "'literal'",
    SH.BlankNodeOrLiteral: "'literal'",
}
BOUNDS = {
    SH.minInclusive: ">= 0",
    SH.minExclusive: "> 0",
    SH.maxInclusive: "<= 0",
    SH.maxExclusive: "< 0",
}


@dataclass(frozen=True)
class TermTests:
    """Writes the tests of one term."""

    names: Names

    def test(self, shape: Shape, constraint: Constraint, term: Term) -> str | None:
        """Return the condition that a term meets a constraint; None if it is of another kind.

        Raises:
            ShapeError: The constraint cannot be turned into SQL.
        """
        writers: dict[URIRef, Callable[[Shape, Constraint, Term], str]] = {
            SH.datatype: self._datatype,
            SH.nodeKind: self._node_kind,
            SH["in"]: self._in,
            SH.pattern: self._pattern,
            SH.minLength: self._length,
            SH.maxLength: self._length,
            SH.languageIn: self._language,
            **dict.fromkeys(BOUNDS, self._bound),
        }
        writer = writers.get(constraint.parameter)
        return None if writer is None else writer(shape, constraint, term)

    def valid(self, datatype: URIRef, text: str) -> str | None:
        """Return the condition that a text is a value of a datatype; None if it is not known."""
        if datatype in TESTED:
            return f"{TESTED[datatype]}({text})"
        if datatype in RANGES:
            low, high = RANGES[datatype]
            number = f"TRY_CAST({text} AS HUGEINT)"
            ends = [f"regexp_full_match({text}, '[-+]?[0-9]+')", f"{number} IS NOT NULL"]
            ends += [] if low is None else [f"{number} >= {low}"]
            ends += [] if high is None else [f"{number} <= {high}"]
            return f"coalesce({' AND '.join(ends)}, FALSE)"
        if datatype in UNTESTED or not datatype.startswith(str(XSD)):
            return "TRUE"
        return None

    def any_valid(self, term: Term) -> str:
        """Return the condition that a term is a value of its datatype, where that is tested."""
        return self._by_datatype(term, (*TESTED, *RANGES), "TRUE")

    def number(self, term: Term) -> str:
        """Return the floating-point number of a term; NULL if it is no number."""
        if term.tested is not None:
            return f"{term.tested}.number"
        valid = self._by_datatype(term, (*EXACT, *FLOATING, *RANGES), "FALSE")
        return f"CASE WHEN {valid} THEN shape_number({term.text}) END"

    def floating(self, term: Term) -> str:
        """Return the condition that a number is a floating-point number."""
        return f"{term.datatype} IN {listed(self.names.written(d) for d in FLOATING)}"

    def _by_datatype(self, term: Term, datatypes: Iterable[URIRef], otherwise: str) -> str:
        cases = " ".join(
            f"WHEN {self.names.constant(datatype)} THEN {self.valid(datatype, term.text)}"
            for datatype in datatypes
        )
        return f"CASE {term.datatype} {cases} ELSE {otherwise} END"

    def _datatype(self, shape: Shape, constraint: Constraint, term: Term) -> str:
        datatype = URIRef(str(constraint.terms[0]))
        valid = self.valid(datatype, term.text)
        if valid is None:
            raise ShapeError(f"{shape.name}: sh:datatype {datatype} cannot be turned into SQL")
        same = f"{term.datatype} = {self.names.constant(datatype)}"
        if term.tested is not None or valid == "TRUE":
            return same if valid == "TRUE" else f"({same} AND {term.tested}.valid)"
        return f"CASE WHEN {same} THEN {valid} ELSE FALSE END"

    def _node_kind(self, shape: Shape, constraint: Constraint, term: Term) -> str:
        kind = constraint.terms[0]
        if kind == SH.IRIOrLiteral:
            return "TRUE"
        if kind == SH.BlankNode:
            return "FALSE"
        if kind not in NODE_KINDS:
            raise ShapeError(f"{shape.name}: sh:nodeKind {kind} cannot be turned into SQL")
        return f"{term.kind} = {NODE_KINDS[URIRef(str(kind))]}"

    def _in(self, _shape: Shape, constraint: Constraint, term: Term) -> str:
        if not constraint.terms:
            return "FALSE"
        return f"{term.key} IN {listed(self.names.key(t) for t in constraint.terms)}"

    def _written(self, term: Term) -> str:
        """Return the text of a literal or the full IRI."""
        full = self.names.full(term.text)
        if full == term.text:
            return term.text
        return f"CASE WHEN {term.kind} = 'iri' THEN {full} ELSE {term.text} END"

    def _pattern(self, shape: Shape, constraint: Constraint, term: Term) -> str:
        pattern, *flags = map(str, constraint.terms)
        try:
            found = translated(pattern, "".join(flags))
        except PatternError as error:
            raise ShapeError(
                f"{shape.name}: {error} in sh:pattern cannot be turned into SQL"
            ) from error
        return f"regexp_matches({self._written(term)}, {quoted(found)})"

    def _length(self, shape: Shape, constraint: Constraint, term: Term) -> str:
        sign = ">=" if constraint.parameter == SH.minLength else "<="
        return f"length({self._written(term)}) {sign} {whole(shape, constraint)}"

    def _language(self, _shape: Shape, constraint: Constraint, term: Term) -> str:
        wanted = [str(t).lower() for t in constraint.terms]
        if "*" in wanted:
            return f"{term.language} <> ''"
        if not wanted:
            return "FALSE"
        ranges = listed(wanted)
        return f"({term.language} IN {ranges} OR split_part({term.language}, '-', 1) IN {ranges})"

    def _bound(self, shape: Shape, constraint: Constraint, term: Term) -> str:
        bound = constraint.terms[0]
        exact = isinstance(bound, Literal) and bound.datatype in EXACT and not bound.ill_typed
        if not exact:
            name = str(constraint.parameter).removeprefix(str(SH))
            raise ShapeError(
                f"{shape.name}: sh:{name} of {bound!r} cannot be turned into SQL; only integers "
                "and decimals can"
            )
        order = (
            f"shape_order({term.text}, {self.number(term)}, {self.floating(term)}, "
            f"{quoted(str(bound))}, {quoted(str(bound))}::DOUBLE, FALSE)"
        )
        return f"coalesce({order} {BOUNDS[constraint.parameter]}, FALSE)"


def whole(shape: Shape, constraint: Constraint) -> int:
    """Return the whole number that a constraint names.

    Raises:
        ShapeError: It names something else.
    """
    term = constraint.terms[0]
    if not isinstance(term, Literal) or not isinstance(term.value, int) or term.value < 0:
        name = str(constraint.parameter).removeprefix(str(SH))
        raise ShapeError(f"{shape.name}: sh:{name} needs a whole number, not {term!r}")
    return int(term.value)
