"""Literals are values of their datatypes in SQL if they are in Python, and no other."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from fractions import Fraction
from random import Random

import pytest
from rdflib import XSD, Literal, URIRef

from eligo.database import Database
from eligo.shapes_sql.compile import SCRIPTS
from eligo.shapes_sql.names import quoted
from eligo.shapes_sql.regex import translated
from eligo.shapes_sql.values import TESTED

FORMS = {
    XSD.boolean: ("true", "TRUE", "1", "yes", "0 "),
    XSD.integer: ("1", "-5", "+007", "1_000", "\u0663", " 12 ", "1__2", "_1", "1_", "", "1.0"),
    XSD.decimal: (
        "1.5",
        ".5",
        "5.",
        "1e5",
        "1_0.5",
        "NaN",
        "-Infinity",
        "sNaN1",
        "1,5",
        "\uff11.5",
    ),
    XSD.double: (
        "1.5",
        "1e5",
        "1_0.5_0",
        "nan",
        "INF",
        "-inf",
        "1._5",
        "1e1_0",
        ".",
        "\u20032\x1c",
    ),
    XSD.date: (
        *("2026-01-01", "2026-02-30", "2024-02-29", "20260101", "2026-W05-1", "2026-W53"),
        *("2020-W53", "2026-01-01Z", "2026-01-01+02:00", "2026-01-01-05:00", "9999-W52-7"),
        *("2026-01-01T10:00:00", "-2026-01-01", "2026-1-1", "0000-01-01", "2026-W01-8", ""),
    ),
    XSD.dateTime: (
        *("2026-01-01T10:00:00", "2026-01-01T10", "2026-01-01T100000.5Z", "2026-W05-1T10:10:10"),
        *("20260101T101010", "2026-01-01T24:00:00", "2026-01-01T10:00:60", "2026-01-01"),
        *("2026-01-01T10:00:00+02:00", "2026-01-01T10:00:00,5", "2026-01-01T10:00:00z"),
    ),
}
SIGNS = "0123456789-+:.TZWze_ ,/"
NUMBERS = (
    *("0", "-0", "+0.0", "24", "24.0", "024.00", "23.999999999999999999999999", "1e2", "100"),
    *("2.4e1", "240e-1", "1e-1", ".1e0"),
    *("24.0000000000000000000000000000000000000001", "-24.00000000000000000000001", "-24"),
    *("0.1", "0.10", "0.1000000000000000055511151231257827021181583404541015625", ".1", "1."),
    *("123456789012345678901234567890", "123456789012345678901234567891", "1e400", "5e-324"),
)
PATTERNS = (r"^\S+$", r"^[0-9]{4}$", "^(18[89][0-9]|20[0-9]{2})", r"a.b$", r"\d\s", r"[^\d-]+x?")
TEXTS = ("2026", "2026\n", "2026\n\n", "1890", "a\nb", "a-b\n", "\u0663\u2003", "", "-", "x\ty")


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    opened = Database()
    opened.execute((SCRIPTS / "macros.sql").read_text(encoding="utf-8"))
    yield opened
    opened.close()


def changed(form: str, random: Random) -> str:
    signs = list(form)
    for _ in range(random.randint(1, 2)):
        place = random.randint(0, len(signs))
        signs[place : place + random.randint(0, 1)] = random.choice(["", random.choice(SIGNS)])
    return "".join(signs)


@pytest.mark.parametrize("datatype", FORMS, ids=lambda name: name.rpartition("#")[2])
def test_validity(datatype: URIRef, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "rdflib")
    random = Random(7)
    forms = {*FORMS[datatype]}
    forms |= {changed(form, random) for form in FORMS[datatype] for _ in range(100)}
    values = ", ".join(f"({quoted(form)})" for form in sorted(forms))
    found = dict(database.query(f"SELECT f, {TESTED[datatype]}(f) FROM (VALUES {values}) t(f)"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        valid = {f: not Literal(f, datatype=datatype, normalize=False).ill_typed for f in forms}
    assert {form for form in forms if found[form] and not valid[form]} == set()
    stricter = {form for form in forms if valid[form] and not found[form]}
    assert stricter == set() or datatype == XSD.dateTime


def test_numbers_are_compared_exactly(database: Database) -> None:
    rows = [
        f"({quoted(a)}, {a_floating}, {quoted(b)}, {b_floating})"
        for a in NUMBERS
        for b in NUMBERS
        for a_floating in (False, True)
        for b_floating in (False, True)
    ]
    order = "shape_order(a, shape_number(a), af, b, shape_number(b), bf)"
    query = f"SELECT *, {order} FROM (VALUES {', '.join(rows)}) t(a, af, b, bf)"
    for a, a_floating, b, b_floating, found in database.query(query):
        if "1e400" in (a, b):
            continue
        x, y = exact(a, floating=a_floating), exact(b, floating=b_floating)
        if found is None:
            assert float(a) == float(b)
            assert "e" in a + b
        else:
            assert found == (x > y) - (x < y), (a, b)


def exact(text: str, *, floating: bool) -> Fraction:
    return Fraction(float(text)) if floating else Fraction(text)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns(pattern: str, database: Database) -> None:
    values = ", ".join(f"({quoted(text)})" for text in TEXTS)
    found = f"regexp_matches(t, {quoted(translated(pattern))})"
    for text, matched in database.query(f"SELECT t, {found} FROM (VALUES {values}) v(t)"):
        assert matched == bool(re.search(pattern, text)), text
