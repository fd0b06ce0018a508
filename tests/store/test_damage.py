"""Bad input and bad luck: clear errors, nothing half done, nothing lost."""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import zstandard

from case_loader import EXAMPLES
from cli.command import eligo
from eligo.errors import EligoError, InputError, UsageError
from eligo.store import Store
from eligo.store.manifest import Manifest
from eligo.vocabulary.terms import ELIG
from store.store_kit import contents, imported, ontology

ANNA = EXAMPLES / "anna.ttl"
TEXT = ANNA.read_bytes()
SOURCES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.ttl", b"", "is empty"),
    "only a comment": ("a.ttl", b"# nothing\n", "has no statement"),
    "no RDF": ("a.ttl", b"PK\x03\x04 zip", "not valid"),
    "Turtle in N-Triples": ("a.nt", TEXT, "not valid N"),
    "not UTF-8": ("a.nt", b'<urn:a> <urn:b> "\xff" .\n', "not valid"),
    "cut gzip": ("a.ttl.gz", gzip.compress(TEXT)[:-200], "is a damaged gzip file"),
    "cut zstd": ("a.ttl.zst", zstandard.compress(TEXT)[:-200], "is a damaged zstd file"),
    "cut XML": ("a.rdf", b'<?xml version="1.0"?><rdf:RDF', "not well-formed XML"),
    "no FHIR": ("a.json", b'{"resourceType": 3}', "not a FHIR resource"),
    "nested statement": (
        "a.nt",
        b"<urn:a> <urn:b> <<( <urn:c> <urn:d> <urn:e> )>> .\n",
        "statements",
    ),
    "circle": (
        "a.nt",
        b"_:a <urn:b> _:c .\n_:c <urn:b> _:a .\n",
        "blank nodes refer to each other in a circle",
    ),
}


Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def anna(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """What a store of one patient holds."""
    store = tmp_path_factory.mktemp("anna") / "store"
    imported(store, ANNA)
    return contents(store)


@pytest.mark.parametrize(("name", "data", "reason"), SOURCES.values(), ids=list(SOURCES))
def test_a_source_that_cannot_be_read_is_named(
    name: str, data: bytes, reason: str, tmp_path: Path, anna: Rows
) -> None:
    """It is named, the others are read, and nothing of it is in the store."""
    bad = tmp_path / name
    bad.write_bytes(data)
    ran = eligo("import", bad, ANNA, "--to", tmp_path / "store", "--jobs", "1")
    assert ran.code == 3
    assert f"error: {bad}:" in ran.err
    assert reason in ran.err
    assert "Traceback" not in ran.err
    assert contents(tmp_path / "store") == anna


def test_the_line_of_a_fault_is_counted_from_the_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.nt"
    lines = [f"<urn:p{n}> <urn:b> <urn:c> ." for n in range(200)]
    lines[150] = "oops"
    file.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr("eligo.store.sources.PIECE", 1000)
    (failure,) = imported(tmp_path / "store", file).failures
    assert failure.startswith(f"{file}:151:")


@pytest.mark.parametrize("there", ["file", "folder"])
def test_a_target_that_is_something_else_is_left_alone(there: str, tmp_path: Path) -> None:
    target = tmp_path / "store"
    if there == "file":
        target.write_text("mine", encoding="utf-8")
    else:
        target.mkdir()
        (target / "mine.txt").write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match=r"a file|other things"):
        imported(target, ANNA)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="Permission denied"):
        imported(tmp_path / "store", ANNA)


def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    from eligo.store.journal import Journal

    (tmp_path / "store").mkdir()
    held = Journal(tmp_path / "store")
    with pytest.raises(UsageError, match="another import is under way"):
        imported(tmp_path / "store", ANNA)
    held.close()


def edit(store: Path, **changes: object) -> None:
    """Change the manifest of a store."""
    path = store / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}), encoding="utf-8")


def truncate(store: Path) -> None:
    """Cut a file short."""
    file = next((store / "fact").glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-100])


def swap(store: Path) -> None:
    """Put a file in the place of another with other rows."""
    file = next((store / "fact").glob("*.parquet"))
    (store / "patient" / file.name).write_bytes(file.read_bytes())


DAMAGE = {
    "a cut file": (truncate, "fact/00000.parquet: is damaged"),
    "a missing file": (
        lambda s: next((s / "coding").glob("*")).unlink(),
        "00000.parquet: is missing",
    ),
    "a file of other rows": (
        swap,
        "patient/00000.parquet: has 231 rows, where manifest.json has 8",
    ),
    "another version": (lambda s: edit(s, schema=99), "has schema version 99, and this version"),
    "no manifest": (lambda s: (s / "manifest.json").unlink(), "is no store: it has no manifest"),
    "a cut manifest": (
        lambda s: (s / "manifest.json").write_text("{", encoding="utf-8"),
        "manifest.json: is damaged",
    ),
    "a strange manifest": (lambda s: edit(s, parts=[{"x": 1}]), "manifest.json: is damaged"),
    "an unfinished import": (
        lambda s: ((s / "manifest.json").unlink(), (s / "importing").mkdir()),
        "is an unfinished import; give the same",
    ),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the example patients."""
    store = tmp_path_factory.mktemp("whole") / "store"
    imported(store, EXAMPLES)
    return store


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_store_is_refused(name: str, whole: Path, tmp_path: Path) -> None:
    import shutil

    store = tmp_path / "store"
    shutil.copytree(whole, store)
    damage, reason = DAMAGE[name]
    damage(store)
    with pytest.raises(InputError, match=reason.replace(".", r"\.")) as told:
        Store.open(store)
    assert str(store) in str(told.value)


def test_what_is_no_store_is_refused(tmp_path: Path, whole: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        Store.open(tmp_path / "none")
    with pytest.raises(UsageError, match="no patient <urn:x>"):
        Store.open(whole).find(["urn:x"], ontology())


@pytest.mark.parametrize("limit", [pytest.param(2_000, marks=pytest.mark.slow), 20_000])
def test_a_full_disk_leaves_the_old_store(limit: int, whole: Path, tmp_path: Path) -> None:
    """Files cannot grow beyond a limit: a clear error; later the same command ends it."""
    import shutil

    store = tmp_path / "store"
    shutil.copytree(whole, store)
    before = contents(store)
    more = tmp_path / "more.nt"
    more.write_text(
        "".join(
            f"<urn:p{n}> <{ELIG.hasFinding}> <urn:{random.Random(n).random()}> .\n"
            for n in range(3000)
        ),
        encoding="utf-8",
    )
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, old[1]))
    try:
        with pytest.raises(EligoError) as told:
            imported(store, more)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert "what is done is kept" in str(told.value)
    assert contents(store) == before
    imported(store, more)
    imported(tmp_path / "other", EXAMPLES, more)
    assert contents(store) == contents(tmp_path / "other")


def test_an_import_of_other_data_is_not_taken_up(tmp_path: Path) -> None:
    store = tmp_path / "store"
    die_at("resolve", store, ANNA)
    with pytest.raises(InputError, match="unfinished import"):
        Manifest.load(store)
    with pytest.raises(UsageError, match="--restart"):
        imported(store, EXAMPLES / "bella.ttl")
    imported(store, EXAMPLES / "bella.ttl", restart=True)
    imported(tmp_path / "other", EXAMPLES / "bella.ttl")
    assert contents(store) == contents(tmp_path / "other")


def die_at(step: str, store: Path, *sources: Path) -> None:
    """Begin an import and stop it dead at a step."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"eligo.store.importing._Import.{step}", interrupt)
        with pytest.raises(KeyboardInterrupt):
            imported(store, *sources)


def interrupt(*_: object, **__: object) -> None:
    """Die."""
    raise KeyboardInterrupt


def test_an_import_that_is_killed_goes_on(tmp_path: Path) -> None:
    """Killed at random moments, then ended: the same store as one that nobody disturbed."""
    files = []
    for place, file in enumerate(sorted(EXAMPLES.glob("*.ttl"))):
        copy = tmp_path / f"{place}.ttl"
        copy.write_bytes(file.read_bytes())
        files.append(str(copy))
    store = tmp_path / "store"
    program = (
        "import sys; from eligo.store import sources; sources.MOST_FILES = 1\n"
        "from eligo.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "import", *files, "--to", str(store), "--jobs", "1"]
    rng = random.Random(7)
    for _ in range(3):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + rng.uniform(0.5, 2.0)
        while time.monotonic() < deadline and running.poll() is None:
            time.sleep(0.01)
        running.kill()
        running.wait()
        if (store / "manifest.json").exists():
            Store.open(store)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    imported(tmp_path / "other", *files)
    assert contents(store) == contents(tmp_path / "other")
    assert not (store / "importing").exists()


@pytest.mark.parametrize(
    "step", ["resolve", "build", pytest.param("finish", marks=pytest.mark.slow)]
)
def test_an_import_that_dies_at_a_step_goes_on(step: str, tmp_path: Path) -> None:
    store = tmp_path / "store"
    imported(store, ANNA)
    before = contents(store)
    die_at(step, store, EXAMPLES / "bella.ttl")
    assert contents(store) == before
    again = imported(store, EXAMPLES / "bella.ttl")
    assert again.resumed
    imported(tmp_path / "other", ANNA, EXAMPLES / "bella.ttl")
    assert contents(store) == contents(tmp_path / "other")


def test_an_import_that_dies_when_all_is_written_leaves_a_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it could not tidy up keeps no later import from working."""
    store = tmp_path / "store"
    monkeypatch.setattr("eligo.store.importing.sweep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        imported(store, ANNA)
    monkeypatch.undo()
    assert Store.open(store).patients == 1
    assert imported(store, ANNA).read == 0
    assert not (store / "importing").exists()
    imported(store, EXAMPLES / "bella.ttl")
    assert Store.open(store).patients == 2
