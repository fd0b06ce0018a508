"""`eligo synth` on the command line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest
import zstandard

from cli.command import TRIAL, eligo

SYNTH = ("synth", "12", "--trial", TRIAL, "--seed", "4")


def test_formats_say_the_same(tmp_path: Path) -> None:
    plain = eligo(*SYNTH)
    assert (plain.code, plain.err) == (0, "")
    for name in ("a.nt", "a.ttl", "a.nt.gz", "a.ttl.zst"):
        assert eligo(*SYNTH, "--out", tmp_path / name).code == 0
    assert (tmp_path / "a.nt").read_text("utf-8") == plain.out
    assert gzip.decompress((tmp_path / "a.nt.gz").read_bytes()).decode() == plain.out
    turtle = (tmp_path / "a.ttl").read_bytes()
    with zstandard.ZstdDecompressor().stream_reader((tmp_path / "a.ttl.zst").read_bytes()) as rest:
        assert rest.read() == turtle
    texts = ((plain.out.encode(), ox.RdfFormat.N_TRIPLES), (turtle, ox.RdfFormat.TURTLE))
    one, other = (list(ox.parse(text, format=kind)) for text, kind in texts)
    assert set(one) == set(other)
    assert len(one) == len(set(one))


def test_ranges_add_up(tmp_path: Path) -> None:
    whole = eligo(*SYNTH).out
    first = eligo("synth", "5", "--trial", TRIAL, "--seed", "4").out
    rest = eligo("synth", "7", "--trial", TRIAL, "--seed", "4", "--start", "5").out
    assert first + rest == whole
    assert eligo(*SYNTH, "--out", tmp_path / "packed.nt.gz").code == 0
    packed = (tmp_path / "packed.nt.gz").read_bytes()
    assert eligo(*SYNTH, "--out", tmp_path / "packed.nt.gz").code == 0
    assert (tmp_path / "packed.nt.gz").read_bytes() == packed


def test_own_population_is_added(tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(OWN, encoding="utf-8")
    ran = eligo(*SYNTH, "--population", own)
    assert ran.code == 0
    assert ran.out.count("concept/Gout>") == ran.out.count("/gout> <http") / 3 == 12
    own.write_text(OWN.replace("( 1 2 )", "( 1 )"), encoding="utf-8")
    broken = eligo(*SYNTH, "--population", own)
    assert broken.code == 3
    assert "own.ttl" in broken.err
    assert "elig:uniform takes two numbers" in broken.err


OWN = """
@prefix concept: <https://w3id.org/eligo/concept/> .
@prefix elig: <https://w3id.org/eligo/ns/> .
@prefix own: <https://example.org/own/> .
own:population a elig:Population .
own:gout a elig:RecordItem ; elig:inPopulation own:population ;
    elig:hasVariants ( [ elig:typical true ; elig:records ( [ a elig:Condition ;
        elig:code concept:Gout ;
        elig:startDate [ elig:before elig:ScreeningDate ; elig:uniform ( 1 2 ) ] ] ) ] ) .
"""


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("synth", "0"), 2, "0"),
        (("synth", "many"), 2, "many"),
        (("synth", "1", "--awkward", "2"), 2, "2"),
        (("synth", "1", "--trial", "NCT99999999"), 2, "NCT06150651"),
        (("synth", "1", "--population", "nowhere.ttl"), 3, "nowhere.ttl"),
        (("synth", "1", "--out", "nowhere/a.nt"), 2, "nowhere"),
    ],
)
def test_errors_say_what_is_wrong(arguments: tuple[str, ...], code: int, words: str) -> None:
    ran = eligo(*arguments)
    assert ran.code == code
    assert words in ran.err
    assert "Traceback" not in ran.err
