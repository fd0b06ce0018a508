"""The command line starts fast, says what it can do, and refuses what it cannot."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cli.command import eligo, example

COMMANDS = (
    "screen",
    "explain",
    "validate",
    "enrich",
    "report",
    "query",
    "trials",
    "policies",
    "compile",
)
HEAVY = ("rdflib", "pyshacl", "duckdb", "pyoxigraph", "owlready2")


def test_help_documents_commands_and_exit_codes() -> None:
    ran = eligo("--help")
    assert ran.code == 0
    assert all(command in ran.out for command in COMMANDS)
    assert "Exit codes" in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str) -> None:
    ran = eligo(command, "--help")
    assert ran.code == 0
    assert f"eligo {command}" in ran.out


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = f"import sys, eligo.cli.main; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_version() -> None:
    ran = eligo("--version")
    assert ran.code == 0
    assert ran.out.startswith("eligo 0.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("frob",), "No such command 'frob'"),
        (("screen",), "Missing argument"),
        (("screen", "x.ttl", "--nonsense"), "No such option"),
        (("screen", "x.ttl", "--screening-date", "2026-02-30"), "no day of the calendar"),
        (("screen", "x.ttl", "--screening-date", "20260302"), "no day of the calendar"),
        (("screen", "x.ttl", "--trial", "NCT00000000"), "known trials are NCT00494585, NCT0092"),
        (("screen", "x.ttl", "--policy", "hopeful"), "known policies are complete-lists, default"),
        (("explain", "E9"), "name the patient data before the criteria"),
        (("query", "no-such-query"), "eligo query --list"),
        (("query",), "name a query"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    arguments: tuple[str, ...], message: str
) -> None:
    ran = eligo(*arguments)
    assert ran.code == 2
    assert ran.err.startswith("error: ")
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert ran.out == ""


def test_traceback_only_when_debugging() -> None:
    refused = ("screen", "x.ttl", "--trial", "NCT00000000")
    assert "Traceback" not in eligo(*refused).err
    assert "Traceback" in eligo(*refused, "--debug").err
    assert "Traceback" in eligo("--debug", *refused).err


def test_a_reader_that_goes_away_is_no_error() -> None:
    script = (
        "import os, sys\n"
        "from eligo.cli.main import main\n"
        "reading, writing = os.pipe(); os.close(reading); os.dup2(writing, 1)\n"
        f"sys.exit(main(['enrich', '-t', 'NCT06150651', {str(example('elena'))!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 141
    assert done.stderr == ""


def test_trials_and_policies_are_listed() -> None:
    assert "NCT06150651" in eligo("trials").out
    assert "complete-lists" in eligo("policies").out
