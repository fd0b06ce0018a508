"""What each class rests on for each patient: the value or fact, the threshold and how far it is.

The tables are made only where somebody asks. `detail` has a row for a patient, a class and a
measure that has a value; and for a statement about facts, one for the fact that decides it or comes
nearest to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import URIRef

from eligo.compile.sql.facts import NamedFacts
from eligo.compile.sql.leaves import leaves
from eligo.compile.sql.needs import NUMBERS, Needs
from eligo.compile.sql.supports import Leaf, Support, supports
from eligo.compile.sql.text import Layers, Pair, Step, indented, one_of, quoted
from eligo.compile.sql.thresholds import Unit, cast, distance, leaf_table, rows_of
from eligo.compile.sql.truth import truth
from eligo.compile.sql.values import KNOWN_VALUES, WIDTH
from eligo.expression.model import Attribute, HasValue, Range, Some

FOUND = "patient, leaf, node, low, high, value, leaf_met, leaf_refuted, distance_low, distance_high"


def detail_steps(needs: Needs, names: Iterable[URIRef], unit: Unit) -> tuple[Step, ...]:
    """Return the steps that make `detail`, to be run after those that decide.

    Args:
        needs: What was compiled.
        names: Classes to give details of.
        unit: Knows units.
    """
    by_class = {name: list(supports(name, needs.rules)) for name in names}
    every = dict.fromkeys(s.leaf for found in by_class.values() for s in found)
    number_of = {leaf: place for place, leaf in enumerate(every)}
    if not number_of:
        return ()
    return _Details(needs, number_of, by_class, unit).steps()


class _Details:
    def __init__(
        self,
        needs: Needs,
        number_of: dict[Leaf, int],
        by_class: dict[URIRef, list[Support]],
        unit: Unit,
    ) -> None:
        self._needs = needs
        self._short = needs.short
        self._numbers = number_of
        self._classes = by_class
        self._unit = unit

    def steps(self) -> tuple[Step, ...]:
        coded = [leaf for leaf in self._numbers if isinstance(leaf.about, Attribute | HasValue)]
        parts = [
            self._measure(leaf, leaf.about)
            for leaf in self._numbers
            if isinstance(leaf.about, Range)
        ]
        if coded:
            parts.append(self._coded(coded))
        steps = [leaf_table(self._numbers, self._needs, self._unit), self._supports()]
        for relation in self._needs.facts.relations:
            mine = [
                leaf
                for leaf in self._numbers
                if isinstance(leaf.about, Some) and leaf.about.relation == relation
            ]
            if mine:
                steps.append(self._facts(relation, mine))
                parts.append(f"SELECT {FOUND} FROM {steps[-1].name}")
        found = Step(
            "detail_found",
            "\nUNION ALL\n".join(parts),
            "A patient and a leaf: the value or fact that decides it or comes nearest.",
            view=True,
        )
        return (*steps, found, _DETAIL)

    def _supports(self) -> Step:
        rows = [
            [
                quoted(self._short(name)),
                str(self._numbers[support.leaf]),
                *(
                    cast(None if side is None else quoted(side), "VARCHAR")
                    for side in (support.when_met, support.when_refuted)
                ),
            ]
            for name, found in self._classes.items()
            for support in found
        ]
        about = "A class and a leaf: which truth of the leaf speaks for the class, which against."
        return Step(
            "detail_support", rows_of(rows, "criterion, leaf, when_met, when_refuted"), about
        )

    def _measure(self, leaf: Leaf, wanted: Range) -> str:
        low, high = self._needs.numbers.bounds(wanted)
        pair = self._needs.numbers.answer(wanted)
        return (
            f"SELECT patient, {self._numbers[leaf]} AS leaf, patient AS node, "
            f"{low} AS low, {high} AS high, CAST(NULL AS VARCHAR) AS value, "
            f"{pair.met.sql} AS leaf_met, {pair.refuted.sql} AS leaf_refuted, "
            f"{distance(wanted, low)} AS distance_low, {distance(wanted, high)} AS distance_high\n"
            f"FROM {NUMBERS} WHERE {low} IS NOT NULL OR {high} IS NOT NULL"
        )

    def _coded(self, coded: list[Leaf]) -> str:
        questions = self._needs.questions
        rows = []
        words: set[int] = set()
        names: set[str] = set()
        for leaf in coded:
            assert isinstance(leaf.about, Attribute | HasValue)
            word, bit = divmod(questions.places[leaf.about], WIDTH)
            words.add(word)
            names.add(self._short(leaf.about.attribute))
            attribute = quoted(self._short(leaf.about.attribute))
            place = str(self._numbers[leaf])
            rows.append([attribute, place, str(word), f"CAST({1 << bit} AS BIGINT)"])
        met, refuted = (
            "(CASE asked.word "
            + " ".join(f"WHEN {w} THEN known.{side}_{w}" for w in sorted(words))
            + " END & asked.bit) <> 0"
            for side in ("met", "refuted")
        )
        asked = indented(rows_of(rows, "attribute, leaf, word, bit"))
        return (
            "SELECT seen.patient, asked.leaf, seen.patient AS node, "
            "CAST(NULL AS DECIMAL(18, 9)) AS low, CAST(NULL AS DECIMAL(18, 9)) AS high, "
            f"seen.value, {met} AS leaf_met, {refuted} AS leaf_refuted, "
            "CAST(NULL AS DECIMAL(38, 9)) AS distance_low, "
            "CAST(NULL AS DECIMAL(38, 9)) AS distance_high\n"
            f"{KNOWN_VALUES}\nJOIN (\n{asked}\n) AS asked ON asked.attribute = seen.attribute\n"
            f"WHERE seen.node = seen.patient AND seen.attribute IN {one_of(names)}"
        )

    def _facts(self, relation: URIRef, mine: list[Leaf]) -> Step:
        facts = self._needs.facts
        fillers = [leaf.about.filler for leaf in mine if isinstance(leaf.about, Some)]
        coded, ranged = leaves(fillers, self._needs.rules)
        layers = Layers()
        pairs = facts.decided(relation, layers)
        chosen = []
        for leaf in mine:
            assert isinstance(leaf.about, Some)
            name = facts.count(leaf.about)[0].removesuffix("_met")
            chosen.append((leaf, f"{name}_{self._numbers[leaf]}", pairs[name]))
        selects = []
        for leaf, name, pair in chosen:
            assert isinstance(leaf.about, Some)
            met = layers.column(f"{name}_met", pair.met)
            refuted = layers.column(f"{name}_refuted", pair.refuted)
            near = ~refuted
            if leaf.within is not None:
                named = NamedFacts(facts, layers, f"{name}_", leaf.within)
                near = ~truth(leaf.about.filler, named.leaf).refuted
            layers.column(f"{name}_near", near)
            selects.append(self._best(leaf, name, Pair(met, refuted)))
        said = self._needs.rules.classifiers.get(relation)
        classifier = "" if said is None else self._short(said)
        described = layers.over(facts.described(relation, coded, ranged))
        best = "\nUNION ALL\n".join(selects)
        select = (
            f"WITH described AS (\n{indented(described)}\n)\n"
            f"SELECT best.patient, best.leaf, best.node, best.low, best.high, "
            "MIN(seen.value) AS value, "
            "best.leaf_met, best.leaf_refuted, best.distance_low, best.distance_high\n"
            f"FROM (\n{indented(best)}\n) AS best\n"
            "LEFT JOIN seen_value AS seen ON seen.patient = best.patient\n"
            f"    AND seen.node = best.node AND seen.attribute = {quoted(classifier)}\n"
            "WHERE best.place = 1\n"
            "GROUP BY best.patient, best.leaf, best.node, best.low, best.high,\n"
            "    best.leaf_met, best.leaf_refuted, best.distance_low, best.distance_high"
        )
        about = f"The fact that decides or comes nearest ({self._short(relation)})."
        return Step(f"detail_{facts.table(relation)}", select, about)

    def _best(self, leaf: Leaf, name: str, pair: Pair) -> str:
        low = high = "CAST(NULL AS DECIMAL(18, 9))"
        near = far = "CAST(NULL AS DECIMAL(38, 9))"
        order = ""
        if leaf.within is not None:
            low, high = self._needs.numbers.bounds(leaf.within)
            near, far = distance(leaf.within, low), distance(leaf.within, high)
            nearest = f"CASE WHEN {far} < {near} THEN {far} ELSE COALESCE({near}, {far}) END"
            order = f"{nearest} {'DESC' if leaf.inside else 'ASC'} NULLS LAST, "
        return (
            f"SELECT patient, {self._numbers[leaf]} AS leaf, fact AS node, {low} AS low, "
            f"{high} AS high, {pair.met.sql} AS leaf_met, {pair.refuted.sql} AS leaf_refuted, "
            f"{near} AS distance_low, {far} AS distance_high,\n"
            f"    ROW_NUMBER() OVER (PARTITION BY patient ORDER BY CASE WHEN {pair.met.sql} THEN 0 "
            f"WHEN {pair.refuted.sql} THEN 2 ELSE 1 END, {order}fact) AS place\n"
            f"FROM described WHERE {name}_near"
        )


_DETAIL = Step(
    "detail",
    """SELECT answer.patient, answer.criterion, answer.met, answer.refuted,
    CASE WHEN answer.met AND answer.refuted THEN 'conflict' WHEN answer.met THEN 'met'
         WHEN answer.refuted THEN 'not met' ELSE 'unknown' END AS status,
    leaf.leaf, leaf.relation, leaf.attribute, found.node, found.low, found.high, found.value,
    leaf.minimum, leaf.minimum_inclusive, leaf.maximum, leaf.maximum_inclusive, leaf.wanted,
    leaf.unit, found.leaf_met, found.leaf_refuted, found.distance_low, found.distance_high,
    COALESCE((answer.met AND ((support.when_met = 'met' AND found.leaf_met)
            OR (support.when_met = 'refuted' AND found.leaf_refuted)))
        OR (answer.refuted AND ((support.when_refuted = 'met' AND found.leaf_met)
            OR (support.when_refuted = 'refuted' AND found.leaf_refuted))), FALSE) AS supports
FROM detail_found AS found
JOIN detail_leaf AS leaf ON leaf.leaf = found.leaf
JOIN detail_support AS support ON support.leaf = found.leaf
JOIN answer ON answer.patient = found.patient AND answer.criterion = support.criterion""",
    "A patient, a class and what it rests on: value or fact, threshold and distance.",
    view=True,
)
