"""Check imported trials: do the fields contradict each other, the text, or the source record?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rdflib import RDF, URIRef
from rdflib.term import Node

from eligo.registry.ages import Age, days, is_unlimited, read_age
from eligo.registry.knowledge import Knowledge
from eligo.registry.load import Loaded
from eligo.registry.split import split
from eligo.registry.statements import Statement, statements
from eligo.vocabulary.terms import ELIG

NEARLY = Fraction(1, 100)
SHOWN = 60


@dataclass(frozen=True)
class Finding:
    """Something that does not fit together.

    Attributes:
        place: The file.
        trial: Registry number.
        text: What was found, and how to mend it.
        term: Local name of the criterion that it is about; None: the record.
    """

    place: str
    trial: str
    text: str
    term: str | None = None


def check(trials: Sequence[Loaded], knowledge: Knowledge) -> Iterator[Finding]:
    """Yield what does not fit together in trials, one after the other, and between them.

    Args:
        trials: The files of trials.
        knowledge: How fields are read.
    """
    for trial in trials:
        for text in _findings(trial, knowledge):
            yield Finding(str(trial.path), trial.identifier, text)
        for local, text in _quotes(trial):
            yield Finding(str(trial.path), trial.identifier, f"{local} {text}", local)
    yield from _doubles(trials)


def _findings(trial: Loaded, knowledge: Knowledge) -> Iterator[str]:
    yield from _limits(trial, knowledge)
    yield from _text_against_fields(trial, knowledge)
    yield from _source(trial, knowledge)
    if not trial.criteria_text.strip():
        yield "has no text of criteria; nobody can be called eligible, add elig:criteriaText"


def _age(trial: Loaded, field: URIRef, knowledge: Knowledge) -> Age | None:
    text = trial.text(trial.module, field)
    if text is None or is_unlimited(text, knowledge):
        return None
    return read_age(text, knowledge)


def _limits(trial: Loaded, knowledge: Knowledge) -> Iterator[str]:
    least, most = (_age(trial, f, knowledge) for f in (ELIG.minimumAge, ELIG.maximumAge))
    if least is not None and most is not None and days(least) > days(most):
        yield (
            f"the minimum age ({trial.text(trial.module, ELIG.minimumAge)}) is above the maximum "
            f"({trial.text(trial.module, ELIG.maximumAge)}): nobody can join; correct one"
        )
    for field in (ELIG.minimumAge, ELIG.maximumAge, ELIG.sexEligibility):
        known = trial.graph.value(trial.module, field)
        published = trial.published(field) or str(known or "")
        name = knowledge.field(field).name
        limited = field == ELIG.sexEligibility or not is_unlimited(published, knowledge)
        read = known if field == ELIG.sexEligibility else _age(trial, field, knowledge)
        if published and limited and read is None:
            yield f"{name} ({published:.40}) is not understood; a person must read it"


def _text_against_fields(trial: Loaded, knowledge: Knowledge) -> Iterator[str]:
    text = trial.criteria_text
    said = list(statements(text, split(text)))
    for field, name in ((ELIG.minimumAge, "minimum age"), (ELIG.maximumAge, "maximum age")):
        stated = [s for s in said if s.field == field and s.unit in knowledge.age_units]
        limit = _age(trial, field, knowledge)
        if stated and not any(_agrees(s, limit, knowledge) for s in stated):
            found = trial.text(trial.module, field) or "not stated"
            yield (
                f"the text says {_words(text, stated[0])!r} at {stated[0].start}, the field "
                f"{name} is {found}; ask the sponsor which is right"
            )
    sexes = [s for s in said if s.field == ELIG.sexEligibility]
    known = trial.graph.value(trial.module, ELIG.sexEligibility)
    if sexes and known is not None and all(s.meaning != known for s in sexes):
        field_ = knowledge.field(ELIG.sexEligibility)
        yield (
            f"the text says {_words(text, sexes[0])!r} at {sexes[0].start}, the field sex is "
            f"{field_.words.get(known, known)}; ask the sponsor which is right"
        )


def _agrees(statement: Statement, limit: Age | None, knowledge: Knowledge) -> bool:
    if limit is None:
        return False
    unit = knowledge.age_units[statement.unit.lower()]
    least = statement.field == ELIG.minimumAge
    numbers = [statement.number]
    if statement.strict:
        numbers.append(statement.number + (1 if least else -1))
    found = days(limit)
    near = NEARLY * (found or Fraction(1))
    return any(abs(days(Age(n, unit)) - found) <= near for n in numbers)


def _words(text: str, statement: Statement) -> str:
    words = " ".join(text[statement.start : statement.end].split())
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"


def _quotes(trial: Loaded) -> Iterator[tuple[str, str]]:
    graph = trial.graph
    for name in sorted(graph.subjects(RDF.type, ELIG.Criterion), key=str):
        quote, start, end = (
            trial.text(name, p) for p in (ELIG.quotes, ELIG.quoteStart, ELIG.quoteEnd)
        )
        if quote is None or start is None or end is None:
            continue
        field = graph.value(name, ELIG.quotesField)
        if _quoted(trial, field)[int(start) : int(end)] != quote:
            local = str(name).rpartition("/")[2]
            yield (
                local,
                f"quotes words that do not stand at {start} to {end}; copy them again or "
                "correct the offsets",
            )


def _quoted(trial: Loaded, field: Node | None) -> str:
    if field is None:
        return trial.criteria_text
    return trial.published(field) or trial.text(trial.module, URIRef(str(field))) or ""


def _source(trial: Loaded, knowledge: Knowledge) -> Iterator[str]:
    """Compare the fields with those of the source record that the file keeps."""
    source = trial.source
    if source is None:
        return
    for field in knowledge.eligibility:
        published = source.fields.get(field.name)
        value = trial.value(field)
        read = published
        if field.values:
            words = published if isinstance(published, list) else [published]
            known = [field.words[m] for w in words if (m := field.meaning(w)) is not None]
            read = _as_api(field.form, known)
            if isinstance(read, list):
                read = sorted(read, key=list(field.words.values()).index)
        if value != read and (value is not None or read is not None):
            yield f"{field.name} differs from the source record that the file keeps; correct one"


def _as_api(form: str, words: list[str]) -> object:
    if not words:
        return None
    if form == "boolean":
        return words[0] == "true"
    return words if form == "codes" else words[0]


def _doubles(trials: Sequence[Loaded]) -> Iterator[Finding]:
    first: dict[str, Loaded] = {}
    for trial in trials:
        known = first.setdefault(trial.identifier, trial)
        if known is trial:
            continue
        if known.criteria_text != trial.criteria_text:
            text = f"has another text of criteria than {known.path}; keep one of the two"
            yield Finding(str(trial.path), trial.identifier, text)
