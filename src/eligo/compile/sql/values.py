"""What values of attributes establish and refute: decided once for each distinct value.

The answers to all questions about an attribute are the bits of a few integers, so that the values
of a node are combined at once: a question is met if it is for any, refuted if it is for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, XSD

from eligo.compile.sql.text import Condition, Names, Pair, Step, listed, one_of, quoted
from eligo.compile.sql.truth import truth
from eligo.errors import ExpressionError
from eligo.expression.model import Attribute, Expression, HasValue, Kind, kinds

WIDTH = 60
"""Questions in one integer; an integer has 63 bits that are no sign."""

ASKED, VALUES, IS_KIND, CAN_BE = (
    "cohort_asked",
    "cohort_value",
    "cohort_is_kind",
    "cohort_can_be",
)

KNOWN_VALUES = (
    f"FROM {ASKED} AS seen\nJOIN {VALUES} AS known ON known.attribute = seen.attribute\n"
    "    AND known.value = seen.value AND known.datatype = seen.datatype"
)
"""Values of the attributes that are asked for, with what they answer."""

Question = Attribute | HasValue
Short = Callable[[URIRef], str]


@dataclass(frozen=True)
class Questions:
    """All questions about attributes, each with its place.

    Attributes:
        places: The number of each question among those about its attribute.
        columns: The identifier of each attribute.
        short: Writes an IRI as tables do.
    """

    places: dict[Question, int]
    columns: dict[URIRef, str]
    short: Short

    @staticmethod
    def of(questions: Iterable[Question], short: Short) -> Questions:
        """Number questions by attribute."""
        places: dict[Question, int] = {}
        counts: dict[URIRef, int] = {}
        columns: dict[URIRef, str] = {}
        names = Names()
        for question in questions:
            attribute = question.attribute
            if attribute not in columns:
                columns[attribute] = f"asked_{names.of(short(attribute))}"
            if question not in places:
                places[question] = counts.get(attribute, 0)
                counts[attribute] = places[question] + 1
        return Questions(places, columns, short)

    def answer(self, question: Question) -> Pair:
        """Return the conditions that a node answers a question."""
        word, bit = divmod(self.places[question], WIDTH)
        column = self.columns[question.attribute]
        met, refuted = (
            Condition(f"({column}_{side}_{word} & {1 << bit}) <> 0") for side in ("met", "refuted")
        )
        return Pair(met, refuted)

    def words(self, attribute: URIRef) -> range:
        """Return the numbers of the integers that hold the answers about an attribute."""
        last = max(place for q, place in self.places.items() if q.attribute == attribute)
        return range(last // WIDTH + 1)

    def attributes(self, wanted: Iterable[Question]) -> list[URIRef]:
        """Return the attributes of questions, each once."""
        return list(dict.fromkeys(question.attribute for question in wanted))

    def combined(self, attributes: Iterable[URIRef]) -> list[str]:
        """Return the columns that combine the values of a node: rows of `KNOWN_VALUES`."""
        return [
            f"{how}(CASE WHEN seen.attribute = {quoted(self.short(a))} THEN {side}_{word} END)"
            f" AS {self.columns[a]}_{side}_{word}"
            for a in attributes
            for word in self.words(a)
            for side, how in (("met", "BIT_OR"), ("refuted", "BIT_AND"))
        ]

    def read(self, attributes: Iterable[URIRef], table: str) -> list[str]:
        """Return the columns of a joined table; where it has no row, nothing is answered."""
        names = [
            f"{self.columns[a]}_{side}_{word}"
            for a in attributes
            for word in self.words(a)
            for side in ("met", "refuted")
        ]
        return [f"COALESCE({table}.{name}, CAST(0 AS BIGINT)) AS {name}" for name in names]

    def steps(self) -> list[Step]:
        """Return the tables of distinct values with their answers."""
        if not self.places:
            return []
        asked = sorted({k for q in self.places for k in _kinds(q)})
        number = {kind: n for n, kind in enumerate(asked)}
        names = [quoted(self.short(kind)) for kind in asked]
        steps = [
            Step(
                table,
                f"SELECT concept, {listed(_pivot(names, prefix))}\nFROM {source}\n"
                f"WHERE kind = concept OR kind IN ({', '.join(names)})\nGROUP BY concept",
                about,
            )
            for table, prefix, source, about in (
                (IS_KIND, "is", "v_below", "The kinds that a concept is of."),
                (CAN_BE, "can", "v_can_be", "The kinds that a concept can be of."),
            )
            if names
        ]
        joins = "".join(
            f"\nLEFT JOIN {table} ON {table}.concept = given.value AND given.datatype = 'iri'"
            for table in (IS_KIND, CAN_BE)
            if names
        )
        width = max(len(self.words(a)) for a in self.columns)
        columns = [
            f"{self._bits(word, side, number)} AS {side}_{word}"
            for word in range(width)
            for side in ("met", "refuted")
        ]
        select = (
            f"SELECT given.attribute, given.value, given.datatype,\n    {listed(columns)}\n"
            f"FROM (SELECT DISTINCT attribute, value, datatype FROM {ASKED}) AS given{joins}"
        )
        about = "A value of an attribute: the questions that it meets and those that it refutes."
        return [*steps, self._asked(), Step(VALUES, select, about)]

    def _asked(self) -> Step:
        select = (
            "SELECT patient, node, attribute, value, datatype\nFROM seen_value\n"
            f"WHERE attribute IN {one_of(map(self.short, self.columns))}"
        )
        return Step(ASKED, select, "A value of an attribute that is asked for.")

    def _bits(self, word: int, side: str, number: dict[URIRef, int]) -> str:
        cases = []
        for attribute in self.columns:
            terms = []
            for question, place in self.places.items():
                if question.attribute == attribute and place // WIDTH == word:
                    pair = self._decide(question, number)
                    condition = pair.met if side == "met" else pair.refuted
                    bit = 1 << place % WIDTH
                    terms.append(f"CASE WHEN {condition.sql} THEN {bit} ELSE 0 END")
            if terms:
                total = "\n        + ".join(["CAST(0 AS BIGINT)", *terms])
                cases.append(f"WHEN {quoted(self.short(attribute))} THEN {total}")
        body = "\n        ".join(cases)
        return f"CASE given.attribute\n        {body}\n        ELSE CAST(0 AS BIGINT) END"

    def _decide(self, question: Question, number: dict[URIRef, int]) -> Pair:
        """Return the conditions that one value answers a question."""
        if isinstance(question, HasValue):
            same = Condition(self._is(question.value))
            return Pair(same, Condition(f"NOT {same.sql}"))

        def kind(leaf: Expression) -> Pair:
            if not isinstance(leaf, Kind):
                raise ExpressionError(
                    f"{self.short(question.attribute)}: a value can only be asked for its kind"
                )
            n = number[leaf.concept]
            return Pair(
                Condition(f"COALESCE({IS_KIND}.is_{n}, FALSE)"),
                Condition(f"COALESCE(NOT {CAN_BE}.can_{n}, FALSE)"),
            )

        return truth(question.filler, kind)

    def _is(self, value: URIRef | Literal) -> str:
        if isinstance(value, URIRef):
            return f"(given.value = {quoted(self.short(value))} AND given.datatype = 'iri')"
        datatype = RDF.langString if value.datatype is None else value.datatype
        if value.language or datatype not in (XSD.boolean, XSD.string, RDF.langString):
            raise ExpressionError(
                f"the value {value.n3()} cannot be compiled to SQL; ask for a named value, a "
                "boolean or a text, or for a range of numbers"
            )
        name = quoted(self.short(datatype))
        return f"(given.value = {quoted(str(value))} AND given.datatype = {name})"


def _pivot(names: list[str], prefix: str) -> list[str]:
    return [f"BOOL_OR(kind = {name}) AS {prefix}_{n}" for n, name in enumerate(names)]


def _kinds(question: Question) -> frozenset[URIRef]:
    return kinds(question.filler) if isinstance(question, Attribute) else frozenset()
