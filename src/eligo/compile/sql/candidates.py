"""Facts that may be what is asked for.

Of an observation, a drug or a condition of a kind that nothing asks for, only its code is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import URIRef

from eligo.compile.sql.text import Step, indented, one_of, quoted
from eligo.compile.sql.values import ASKED, KNOWN_VALUES, WIDTH, Question, Questions
from eligo.expression.model import And, Attribute, Expression, Or, Ref
from eligo.expression.rules import Rules

CANDIDATES = "cohort_candidate"

Filler = tuple[URIRef, Expression]
"""A relation, and what its facts must be."""


def candidates(wanted: Iterable[Filler], rules: Rules, questions: Questions) -> Step:
    """Return the table of facts that no classifying value keeps from every filler."""
    return _Candidates(list(wanted), rules, questions).step()


@dataclass(frozen=True)
class _Candidates:
    wanted: list[Filler]
    rules: Rules
    questions: Questions

    def step(self) -> Step:
        """Facts that no classifying value keeps from every filler of their relation."""
        short = self.questions.short
        relations = list(dict.fromkeys(r for r, _ in self.wanted))
        guards = {
            r: guard
            for r in relations
            if (guard := self._guard(r)) is not None and r in self.rules.classifiers
        }
        free = [r for r in relations if r not in guards]
        parts = []
        if free:
            parts.append(
                "SELECT patient, relation, fact FROM seen_link\n"
                f"WHERE relation IN {one_of(map(short, free))}"
            )
        for attribute in dict.fromkeys(self.rules.classifiers[r] for r in guards):
            mine = {r: g for r, g in guards.items() if self.rules.classifiers[r] == attribute}
            parts += self._by(attribute, mine)
        return Step(
            CANDIDATES,
            "\nUNION\n".join(parts),
            "A fact of a relation that may be what is asked for.",
        )

    def _by(self, attribute: URIRef, guards: dict[URIRef, set[Question]]) -> list[str]:
        short = self.questions.short
        name = quoted(short(attribute))
        possible = {r: self._possible(guard) for r, guard in guards.items()}
        some = " OR ".join(dict.fromkeys(possible.values()))
        own = "\n    OR ".join(
            f"(link.relation = {quoted(short(r))} AND {test})" for r, test in possible.items()
        )
        words = ", ".join(f"known.refuted_{w}" for w in self.questions.words(attribute))
        names = one_of(map(short, guards))
        seen = f"SELECT patient, node FROM {ASKED} WHERE attribute = {name}"
        return [
            "SELECT link.patient, link.relation, link.fact\nFROM seen_link AS link\nJOIN (\n"
            f"    SELECT seen.patient, seen.node, {words}\n{indented(KNOWN_VALUES)}\n"
            f"    WHERE seen.attribute = {name} AND ({some})\n"
            ") AS known ON known.patient = link.patient AND known.node = link.fact\n"
            f"WHERE {own}",
            "SELECT link.patient, link.relation, link.fact\nFROM seen_link AS link\n"
            f"LEFT JOIN ({seen}) AS known\n"
            "    ON known.patient = link.patient AND known.node = link.fact\n"
            f"WHERE link.relation IN {names} AND known.node IS NULL",
        ]

    def _possible(self, guard: set[Question]) -> str:
        """Return the test that a value leaves some of the questions open or meets them."""
        masks: dict[int, int] = {}
        for question in guard:
            word, bit = divmod(self.questions.places[question], WIDTH)
            masks[word] = masks.get(word, 0) | 1 << bit
        tests = [f"(known.refuted_{w} & {mask}) <> {mask}" for w, mask in sorted(masks.items())]
        return f"({' OR '.join(tests)})"

    def _guard(self, relation: URIRef) -> set[Question] | None:
        """Return questions about the classifier of which a fact that matters refutes not all."""
        found: set[Question] = set()
        for r, filler in self.wanted:
            if r == relation:
                guard = self._needs(filler, self.rules.classifiers.get(relation))
                if guard is None:
                    return None
                found |= guard
        return found

    def _needs(self, filler: Expression, classifier: URIRef | None) -> set[Question] | None:
        match filler:
            case Attribute(attribute=attribute) if attribute == classifier:
                return {filler}
            case And(parts):
                guards = [g for p in parts if (g := self._needs(p, classifier)) is not None]
                return min(guards, key=len) if guards else None
            case Or(parts):
                options = [self._needs(part, classifier) for part in parts]
                known = [option for option in options if option is not None]
                return set().union(*known) if known and len(known) == len(options) else None
            case Ref(name):
                definition = self.rules.definitions[name]
                if definition.expression is None or definition.refuted_by is not None:
                    return None
                return self._needs(definition.expression, classifier)
            case _:
                return None
