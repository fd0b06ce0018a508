"""The reference of patterns, made from their data, each with an example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from rdflib import URIRef

from eligo.patterns.library import installed
from eligo.patterns.model import Pattern
from eligo.patterns.text import TrialText
from eligo.resources import pattern_files
from eligo.vocabulary.ontology import PREFIXES, load_ontology
from eligo.vocabulary.terms import ELIG
from patterns.pattern_kit import NAMES, expanded

EXAMPLE = "I1"
JOINED = ("X1", "X2", "X3")
SKELETON = (
    ELIG.byPattern,
    ELIG.expandedTo,
    ELIG.kind,
    ELIG.ordinal,
    ELIG.ofTrial,
    ELIG.quotes,
    ELIG.quoteStart,
    ELIG.quoteEnd,
)


def reference() -> str:
    """Return a section for each pattern, by the files that hold them."""
    ontology = load_ontology(pattern_files())

    def file_of(pattern: Pattern) -> str:
        return ontology.origin[pattern.name].stem

    patterns = sorted(installed().patterns.values(), key=lambda p: (file_of(p), p.local))
    parts = []
    for file, group in groupby(patterns, file_of):
        parts.append(f"\n## {file.capitalize()}")
        parts.extend("\n".join(_section(pattern)) for pattern in group)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).rstrip() + "\n\n"


def _section(pattern: Pattern) -> Iterator[str]:
    yield f"\n### {pattern.local}\n"
    yield f"{pattern.definition}\n"
    if pattern.note:
        yield f"{pattern.note}\n"
    yield from _parameters(pattern)
    for example in pattern.examples:
        yield from _example(pattern, example)


def _parameters(pattern: Pattern) -> Iterator[str]:
    if not pattern.parameters:
        return
    yield "| parameter | takes | |"
    yield "| --- | --- | --- |"
    for parameter in pattern.parameters.values():
        takes = ", ".join(f"`{c}`" for c in parameter.choices) or _form(parameter.form)
        below = " or ".join(f"`{b.rpartition('/')[2]}`" for b in parameter.below)
        words = [takes + (f" at or below {below}" if below else "")]
        if parameter.several:
            words.append("several")
        if parameter.required:
            words.append("**required**")
        elif parameter.local in pattern.one_of:
            words.append("one of these is needed")
        if parameter.default is not None:
            words.append(f"default `{parameter.default}`")
        yield f"| `{parameter.local}` | {'; '.join(words)} | {parameter.meaning} |"
    yield ""


def _form(form: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", form.removesuffix("Form")).lower()
    return {"boolean": "`true` or `false`"}.get(words, words)


def _example(pattern: Pattern, example: str) -> Iterator[str]:
    row = dict(line.split(": ", 1) for line in example.splitlines())
    quote = row.pop("quote")
    columns = {"criterion": EXAMPLE, "pattern": pattern.local, **row}
    yield f"> {quote}\n"
    yield f"| {' | '.join(columns)} |"
    yield f"|{' --- |' * len(columns)}"
    cells = (cell.replace("|", "\\|") for cell in columns.values())
    yield f"| {' | '.join(cells)} |\n"
    source = _made({**columns, "quote": quote})
    name = NAMES.of(EXAMPLE)
    block = source.part(name, ELIG.byPattern)
    assert block is not None
    yield "```turtle"
    yield f"nct:{EXAMPLE} {source.text[block.start : block.end]} ."
    yield "```\n"
    yield "<details><summary>what it becomes</summary>\n"
    yield "```turtle"
    yield "\n\n".join(_blocks(source, name))
    yield "```\n"
    yield "</details>\n"


def _made(row: dict[str, str]) -> TrialText:
    joined = [
        {"criterion": n, "pattern": "Sex", "sex": "female", "quote": f"part {n}"} for n in JOINED
    ]
    _, made = expanded([*(joined if "X1" in row.get("parts", "") else []), row])
    assert made.faults == (), made.faults
    return TrialText(made.text, Path("example.ttl"))


def _blocks(source: TrialText, name: URIRef) -> Iterator[str]:
    whole = source.statements[name]
    parts = [
        source.text[part.start : part.end]
        for part in whole.parts
        if source.resolve(part.predicate) not in SKELETON
    ]
    body = " ;\n    ".join(parts)
    yield f"nct:{EXAMPLE} {body} ."
    for subject, statement in source.statements.items():
        if str(subject).startswith((f"{name}-", PREFIXES["measure"])):
            yield source.text[statement.start : statement.end]
