"""Fill the templates of a pattern: sandboxed, strict, and never with text that could be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import combinations, islice
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from eligo.errors import ModelError
from eligo.patterns.values import Named, Words
from eligo.patterns.window import Duration

LONGEST = 200_000
MOST_SUBSETS = 2000


class Shown(str):
    """Text that a template may show as it is, with what it stands for.

    Args:
        text: The text.
        **about: Attributes for templates: local name, label, length in days.
    """

    __slots__ = ("__dict__",)

    def __new__(cls, text: str, **about: object) -> Shown:
        """Make it."""
        shown = super().__new__(cls, text)
        shown.__dict__.update(about)
        return shown


Short = Callable[[str], str]


def in_turtle(value: Any, short: Short) -> Any:
    """Return a value as templates of Turtle show it."""
    match value:
        case list():
            return [in_turtle(item, short) for item in value]
        case Named():
            text = quoted(value.code) if value.code else short(value.iri)
            histories = [short(iri) for iri in value.histories]
            label = quoted_inside(value.label)
            return Shown(text, local=value.local, label=label, histories=histories)
        case Words():
            return Shown(quoted(value.text))
        case Duration():
            return _duration(value, quoted(value.words))
        case _:
            return value


def in_words(value: Any) -> Any:
    """Return a value as templates of words show it."""
    match value:
        case list():
            return [in_words(item) for item in value]
        case Named():
            return Shown(value.label, local=value.local)
        case Words():
            return Shown(" ".join(value.text.split()))
        case Duration():
            return _duration(value, value.words)
        case _:
            return value


def _duration(value: Duration, text: str) -> Shown:
    return Shown(
        text,
        iso=value.iso,
        days=value.same.count,
        months=value.same.count,
        exact=value.exact,
        least=value.least,
        greatest=value.greatest,
        words=value.words,
        same=value.same.words,
    )


def quoted(text: str) -> str:
    """Return text as a literal of Turtle."""
    return f'"{quoted_inside(text)}"'


def quoted_inside(text: str) -> str:
    """Return text as it stands between the quotation marks of a literal."""
    marked = text.replace("\\", "\\\\").replace('"', '\\"')
    return marked.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def number(value: Decimal | int) -> str:
    """Return a number as a decimal of Turtle."""
    text = f"{Decimal(value):f}"
    return text if "." in text else f"{text}.0"


def plain_number(value: Decimal | int) -> str:
    """Return a number as people write it."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def subsets(items: Sequence[Any], size: int) -> list[list[Any]]:
    """Return every choice of so many items.

    Raises:
        ModelError: There are too many.
    """
    found = [list(c) for c in islice(combinations(items, size), MOST_SUBSETS + 1)]
    if len(found) > MOST_SUBSETS:
        raise ModelError(f"{size} of {len(items)} are more than {MOST_SUBSETS} combinations")
    return found


def fail(text: str) -> None:
    """Let a template say that values do not fit together.

    Raises:
        ModelError: Always.
    """
    raise ModelError(text)


def listed(items: Sequence[str], word: str) -> str:
    """Return items in words, such as "a, b or c"."""
    texts = [str(item) for item in items]
    return f" {word} ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


class Renderer:
    """Fills templates.

    Args:
        macros: Macros that every template may use.
    """

    def __init__(self, macros: str) -> None:
        self._compiled: dict[tuple[bool, str], Template] = {}
        self._turtle = _environment(number)
        self._words = _environment(plain_number)
        try:
            module = self._turtle.from_string(macros).module
        except TemplateError as error:
            raise ModelError(f"the macros of the patterns are not well formed: {error}") from error
        self._turtle.globals.update(
            {name: value for name, value in vars(module).items() if not name.startswith("_")}
        )

    def turtle(self, text: str, values: Mapping[str, Any]) -> str:
        """Return a template of Turtle, filled.

        Raises:
            ModelError: The template is not well formed, or asks for what it may not.
        """
        return self._filled(self._turtle, text, values)

    def words(self, text: str, values: Mapping[str, Any]) -> str:
        """Return a template of words, filled, with single spaces.

        Raises:
            ModelError: The template is not well formed, or asks for what it may not.
        """
        return " ".join(self._filled(self._words, text, values).split())

    def _filled(
        self, environment: SandboxedEnvironment, text: str, values: Mapping[str, Any]
    ) -> str:
        key = (environment is self._words, text)
        try:
            if key not in self._compiled:
                self._compiled[key] = environment.from_string(text)
            return "".join(_bounded(self._compiled[key], values))
        except ModelError:
            raise
        except Exception as error:  # a template may raise anything
            kind = type(error).__name__
            raise ModelError(f"its template cannot be filled ({kind}: {error})") from error


@cache
def renderer(macros: str) -> Renderer:
    """Return the renderer of templates that share macros.

    Raises:
        ModelError: The macros are not well formed.
    """
    return Renderer(macros)


def _environment(numbers: Callable[[Decimal | int], str]) -> SandboxedEnvironment:
    def finalize(value: Any) -> Any:
        if isinstance(value, bool):
            return "true" if value else "false"
        return numbers(value) if isinstance(value, Decimal) else value

    environment = SandboxedEnvironment(
        undefined=StrictUndefined, finalize=finalize, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        suffixed=lambda text: f"-{text}",
        decimal=number,
        any_of=lambda i: listed(i, "or"),
        all_of=lambda i: listed(i, "and"),
    )
    environment.globals.update(subsets=subsets, fail=fail)
    return environment


def _bounded(template: Template, values: Mapping[str, Any]) -> Iterator[str]:
    length = 0
    for piece in template.generate(**values):
        length += len(piece)
        if length > LONGEST:
            raise ModelError(f"its template makes more than {LONGEST} characters")
        yield piece
