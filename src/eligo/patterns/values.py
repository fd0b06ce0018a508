"""Check the values of a use and turn them into what templates show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from rdflib import URIRef
from rdflib.namespace import SKOS

from eligo.patterns.model import Fault, Form, Parameter, Pattern, Use, local_name
from eligo.patterns.vocabulary import Vocabulary
from eligo.patterns.window import read_duration
from eligo.vocabulary.ontology import PREFIXES
from eligo.vocabulary.terms import ELIG

TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
PLACES = 9
DIGITS = 9


@dataclass(frozen=True)
class Named:
    """A term that a value names: a concept, unit, measure or criterion.

    Attributes:
        iri: The term.
        label: Its label; of a unit its symbol.
        local: Its local name.
        code: Of a unit, its UCUM code.
        histories: Of a condition, concepts that say there once was, or may have been, such a one.
    """

    iri: URIRef
    label: str
    local: str
    code: str = ""
    histories: tuple[URIRef, ...] = ()


@dataclass(frozen=True)
class Words:
    """Text of the user, which is shown and never read."""

    text: str


@dataclass
class Checker:
    """Checks the values of uses against their patterns.

    Attributes:
        vocabulary: What values may name.
        criteria: The criteria of the trial.
        faults: What is wrong, so far.
    """

    vocabulary: Vocabulary
    criteria: frozenset[URIRef]
    faults: list[Fault] = field(default_factory=list)

    def check(self, use: Use, pattern: Pattern) -> dict[str, Any] | None:
        """Return the values of a use by the name of their column; None where one is wrong.

        Args:
            use: The use.
            pattern: Its pattern.
        """
        before = len(self.faults)
        self._names(use, pattern)
        found: dict[str, Any] = {}
        for parameter in pattern.parameters.values():
            found[parameter.local] = self._values(use, parameter)
        given = [name for name in pattern.one_of if pattern.parameters[name].name in use.values]
        if pattern.one_of and not given:
            self._fault(use.place(), f"{pattern.local} needs one of {', '.join(pattern.one_of)}")
        self._bounds(use, found)
        for parameter in pattern.parameters.values():
            if parameter.unit_of is not None:
                self._unit(use, parameter, found[parameter.local], found[parameter.unit_of])
        return found if len(self.faults) == before else None

    def _fault(self, place: str, text: str) -> None:
        self.faults.append(Fault(place, text))

    def _names(self, use: Use, pattern: Pattern) -> None:
        known = {p.name for p in pattern.parameters.values()}
        for name in use.values:
            if name not in known:
                taken = ", ".join(pattern.parameters) or "none"
                text = f"{pattern.local} has no parameter {local_name(name)}; it has: {taken}"
                self._fault(use.place(name), text)

    def _values(self, use: Use, parameter: Parameter) -> Any:
        texts = use.values.get(parameter.name, ())
        if not texts and parameter.default is not None:
            texts = (parameter.default,)
        place = use.place(parameter.name)
        if not texts:
            if parameter.required:
                text = f"{local_name(use.pattern)} needs {parameter.local}: {parameter.meaning}"
                self._fault(place, text)
            return [] if parameter.several else None
        if len(texts) > 1 and not parameter.several:
            self._fault(place, f"{parameter.local} takes one value, found {len(texts)}; keep one")
            return None
        values = [self._value(text, parameter, place) for text in texts]
        if len(set(texts)) < len(texts):
            self._fault(place, f"{parameter.local} has a value twice; keep one")
        return values if parameter.several else values[0]

    def _value(self, text: str, parameter: Parameter, place: str) -> Any:
        readers: Mapping[Form, Callable[[str, Parameter], Any]] = {
            Form.CONCEPT: self._concept,
            Form.NUMBER: _number,
            Form.WHOLE: _whole,
            Form.UNIT: self._known_unit,
            Form.DURATION: _duration,
            Form.BOOLEAN: _boolean,
            Form.TEXT: lambda words, _: Words(words),
            Form.CHOICE: _choice,
            Form.CRITERION: self._criterion,
            Form.MEASURE: self._measure,
        }
        try:
            return readers[parameter.form](text, parameter)
        except ValueError as wrong:
            self._fault(place, f"{parameter.local} is {text!r}, {wrong}")
            return None

    def _concept(self, text: str, parameter: Parameter) -> Named:
        iri = self.vocabulary.expand(text, PREFIXES["concept"])
        if not self.vocabulary.is_concept(iri):
            hint = self.vocabulary.like(iri, self.vocabulary.concepts)
            raise ValueError(f"which is no known concept; correct or declare it{hint}")
        if parameter.below and not self.vocabulary.lies_below(iri, parameter.below):
            wanted = " or ".join(local_name(kind) for kind in parameter.below)
            raise ValueError(f"which does not lie below {wanted}; name another concept")
        histories = self.vocabulary.histories(iri)
        return Named(iri, self.vocabulary.label(iri), local_name(iri), histories=histories)

    def _measure(self, text: str, _: Parameter) -> Named:
        iri = self.vocabulary.expand(text, PREFIXES["measure"])
        if not self.vocabulary.has_type(iri, ELIG.Measure):
            hint = self.vocabulary.like(iri, self.vocabulary.measures)
            raise ValueError(f"which is no declared measure; correct or declare it{hint}")
        return Named(iri, self.vocabulary.label(iri), local_name(iri))

    def _criterion(self, text: str, _: Parameter) -> Named:
        iri = self.vocabulary.expand(text, f"{self.vocabulary.trial}/")
        if iri not in self.criteria:
            hint = self.vocabulary.like(iri, self.criteria)
            raise ValueError(f"which is no criterion of the trial; correct it{hint}")
        return Named(iri, self.vocabulary.label(iri), local_name(iri))

    def _known_unit(self, text: str, _: Parameter) -> Named:
        unit = self.vocabulary.units.get(text.strip())
        if unit is None:
            raise ValueError("which is no known unit; write a UCUM code that units.ttl has")
        code = str(self.vocabulary.value(unit, SKOS.notation))
        symbol = str(self.vocabulary.value(unit, ELIG.symbol) or code)
        return Named(unit, symbol, local_name(unit), code)

    def _bounds(self, use: Use, found: Mapping[str, Any]) -> None:
        low = [found[n] for n in ("minimum", "above") if found.get(n) is not None]
        high = [found[n] for n in ("maximum", "below") if found.get(n) is not None]
        if len(low) > 1 or len(high) > 1:
            text = "two bounds on one side; keep minimum or above, maximum or below"
            self._fault(use.place(), text)
        elif low and high and (low[0] > high[0] or (low[0] == high[0] and _open(found))):
            text = f"no number lies between {low[0]} and {high[0]}; correct the bounds"
            self._fault(use.place(), text)

    def _unit(self, use: Use, parameter: Parameter, unit: Any, test: Any) -> None:
        if not isinstance(unit, Named) or not isinstance(test, Named):
            return
        preferred = self.vocabulary.value(test.iri, ELIG.preferredUnit)
        if preferred is None:
            return
        own = self.vocabulary.value(unit.iri, ELIG.canonical)
        known = [preferred, *self.vocabulary.converted_from(test.iri)]
        if own not in {self.vocabulary.value(u, ELIG.canonical) for u in known}:
            code = self.vocabulary.value(preferred, SKOS.notation)
            text = f"{parameter.local} {unit.code!r} does not convert into {code}, in which "
            self._fault(use.place(parameter.name), f"{text}{test.local} is compared; use that")


def _open(found: Mapping[str, Any]) -> bool:
    return any(found.get(name) is not None for name in ("above", "below"))


def _number(text: str, _: Parameter) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError("which is no number; write it with a decimal point") from None
    if not number.is_finite() or abs(number) >= 10**DIGITS or number != round(number, PLACES):
        raise ValueError(f"which has more than {PLACES} decimal places or is out of all bounds")
    return number


def _whole(text: str, _: Parameter) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > DIGITS:
        raise ValueError("which is no whole number; write digits only")
    return int(digits)


def _duration(text: str, _: Parameter) -> object:
    duration = read_duration(text)
    if duration is None:
        raise ValueError("which is no duration; write 28 days, 4 weeks, 3 months, 5 years or P3M")
    return duration


def _boolean(text: str, _: Parameter) -> bool:
    if text.strip().lower() not in TRUTH:
        raise ValueError("which is neither true nor false")
    return TRUTH[text.strip().lower()]


def _choice(text: str, parameter: Parameter) -> str:
    if text.strip() not in parameter.choices:
        raise ValueError(f"which is none of: {', '.join(parameter.choices)}")
    return text.strip()
