"""Whether a term conforms to a shape, as a condition of SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rdflib import URIRef
from rdflib.namespace import SH

from eligo.shapes_sql.model import Chain, Constraint, Path, Shape, ShapeError
from eligo.shapes_sql.names import quoted
from eligo.shapes_sql.profile import Profile
from eligo.shapes_sql.term import Term
from eligo.shapes_sql.values import TermTests, whole

COUNTS = {SH.minCount: ">=", SH.maxCount: "<=", SH.qualifiedMinCount: ">="}
COUNTS |= {SH.qualifiedMaxCount: "<="}
STATEMENTS, VOCABULARY = "shape_statement", "shape_vocabulary"
OF_SET = frozenset({*COUNTS, SH.hasValue})
"""Constraints of a property shape that speak of its values together."""


@dataclass(frozen=True)
class Conformance:
    """Writes the condition that a term conforms to a shape."""

    profile: Profile
    tests: TermTests

    def conforms(self, shape: Shape, term: Term) -> str:
        """Return the condition that a term conforms to a shape.

        Raises:
            ShapeError: The shape cannot be turned into SQL.
        """
        if shape.selects or shape.allowed is not None:
            what = "sh:sparql" if shape.selects else "sh:closed"
            raise ShapeError(f"{shape.name}: {what} in a nested shape cannot be turned into SQL")
        if shape.path is None:
            return self.fits(shape, term)
        tests = [self._of_set(shape, shape.path, c, term) for c in shape.constraints]
        for source, value in self.values(shape.path, term):
            fits = self.fits(shape, value)
            if fits != "TRUE":
                tests.append(f"NOT EXISTS (SELECT 1 {source} AND NOT {fits})")
        return _all_of([test for test in tests if test])

    def fits(self, shape: Shape, value: Term) -> str:
        """Return the condition that one value meets what a shape demands of each value.

        Raises:
            ShapeError: The shape cannot be turned into SQL.
        """
        tests = [
            self._of_value(shape, constraint, value)
            for constraint in shape.constraints
            if shape.path is None or constraint.parameter not in OF_SET
        ]
        return _all_of([*tests, *(self.conforms(part, value) for part in shape.properties)])

    def values(self, path: Path, start: Term, name: str = "s") -> Iterator[tuple[str, Term]]:
        """Yield where the values of a path stand: what follows SELECT, and the value.

        A path through alternatives, or through the vocabulary, has several places.
        """
        for chain in path:
            for places in self._places(chain):
                yield self._source(chain, places, start, name)

    def _places(self, chain: Chain) -> list[tuple[str, ...]]:
        """Return the tables that the steps of a chain may be taken in."""
        found: list[tuple[str, ...]] = [()]
        for step in chain:
            tables = [STATEMENTS]
            tables += [VOCABULARY] if self.profile.mixed(step.predicate) else []
            found = [(*places, table) for places in found for table in tables]
        return found

    def _source(
        self, chain: Chain, places: tuple[str, ...], start: Term, name: str
    ) -> tuple[str, Term]:
        tables, conditions, term = [], [], start
        for number, (step, table) in enumerate(zip(chain, places, strict=True)):
            alias, vocabulary = f"{name}{number}", table == VOCABULARY
            tables.append(f"{table} {alias}")
            here = Term.subject_of(alias, term.patient, vocabulary=vocabulary)
            there = Term.object_of(alias, term.patient, vocabulary=vocabulary)
            if step.inverse:
                here, there = there, here
            if vocabulary:
                predicate = self.profile.names.constant(step.predicate)
                conditions += [f"{alias}.predicate = {predicate}", f"{here.key} = {term.key}"]
            else:
                property_number = self.profile.number(step.predicate)
                conditions += [f"{alias}.property = {property_number}", f"{here.id} = {term.id}"]
            term = there
        return f"FROM {', '.join(tables)} WHERE {' AND '.join(conditions)}", term

    def has(self, path: Path, term: Term) -> str:
        """Return the condition that a path has a value."""
        found = []
        for chain in path:
            step = chain[0]
            simple = len(chain) == 1 and term.profile is not None
            if simple and step.inverse and self.profile.counted(step.predicate, inverse=True):
                bits = self.profile.held
            elif simple and not step.inverse:
                bits = self.profile.has
            else:
                found += [f"EXISTS (SELECT 1 {s})" for s, _ in self.values((chain,), term)]
                continue
            found.append(bits.any_of(str(term.profile), bits.words([step.predicate])))
        return f"({' OR '.join(found)})"

    def instance(self, term: Term, wanted: URIRef) -> str:
        """Return the condition that a term is an instance of a class."""
        bits = self.profile.classes
        words = bits.words([wanted])
        if term.classes is not None:
            return bits.any_of(term.classes, words)
        return (
            f"(EXISTS (SELECT 1 FROM shape_node m WHERE m.id = {term.id}"
            f" AND {bits.any_of('m', words)})"
            f" OR EXISTS (SELECT 1 FROM shape_vocabulary_node m WHERE m.node = {term.key}"
            f" AND {bits.any_of('m', words)}))"
        )

    def _of_set(self, shape: Shape, path: Path, constraint: Constraint, term: Term) -> str | None:
        if constraint.parameter == SH.hasValue:
            wanted = quoted(self.profile.names.key(constraint.terms[0]))
            found = [
                f"EXISTS (SELECT 1 {source} AND {value.key} = {wanted})"
                for source, value in self.values(path, term)
            ]
            return f"({' OR '.join(found)})"
        if constraint.parameter not in COUNTS:
            return None
        number, sign = whole(shape, constraint), COUNTS[URIRef(constraint.parameter)]
        if not constraint.shapes and (sign, number) in ((">=", 1), ("<=", 0)):
            has = self.has(path, term)
            return has if number else f"NOT {has}"
        places = list(self.values(path, term))
        if len(places) > 1:
            raise ShapeError(
                f"{shape.name}: a count over a path with alternatives in a nested shape cannot be "
                "turned into SQL"
            )
        source, value = places[0]
        fits = "".join(f" AND {self.conforms(part, value)}" for part in constraint.shapes)
        return f"(SELECT count(DISTINCT {value.key}) {source}{fits}) {sign} {number}"

    def _of_value(self, shape: Shape, constraint: Constraint, value: Term) -> str:
        parameter = constraint.parameter
        if parameter == SH["class"]:
            return self.instance(value, URIRef(str(constraint.terms[0])))
        if parameter == SH.hasValue:
            return self._of_value(shape, replace(constraint, parameter=SH["in"]), value)
        test = self.tests.test(shape, constraint, value)
        if test is not None:
            return test
        inner = [self.conforms(part, value) for part in constraint.shapes]
        if parameter in (SH["and"], SH.node):
            return _all_of(inner)
        if parameter == SH["or"]:
            return f"({' OR '.join(inner)})"
        if parameter == SH["not"]:
            return f"NOT {inner[0]}"
        if parameter == SH.xone:
            return f"({' + '.join(f'({test})::INTEGER' for test in inner)} = 1)"
        name = str(parameter).removeprefix(str(SH))
        raise ShapeError(f"{shape.name}: sh:{name} in a nested shape cannot be turned into SQL")


def _all_of(tests: list[str]) -> str:
    kept = [test for test in tests if test != "TRUE"]
    return f"({' AND '.join(kept)})" if kept else "TRUE"
