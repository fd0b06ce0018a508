"""Every ontology file is in the catalogue under its own IRI, and no import needs a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligo.errors import InputError, ModelError
from eligo.vocabulary import catalog, generate
from ontology.ontology_library import DIRECTORY, FILES, relative

LISTED = catalog.read_catalog(DIRECTORY)
BASE = catalog.read_header(DIRECTORY / catalog.ROOT).iri.removesuffix("core")


def test_catalog_lists_exactly_the_files() -> None:
    assert sorted(LISTED.values()) == list(FILES)


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_file_has_the_iri_that_the_catalog_and_its_place_give_it(path: Path) -> None:
    iri = catalog.read_header(path).iri
    assert LISTED.get(iri) == path
    assert str(iri) == BASE + relative(path).removesuffix(".ttl")


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_imports_are_local(path: Path) -> None:
    assert not [iri for iri in catalog.read_header(path).imports if iri not in LISTED]


def test_committed_files_are_up_to_date() -> None:
    assert catalog.main(["--check"]) == 0


def test_terms_module_is_up_to_date() -> None:
    assert generate.main(["--check"]) == 0


def test_one_import_brings_everything_but_trials_and_alignments() -> None:
    closure = set(catalog.import_closure(DIRECTORY / catalog.WHOLE, LISTED))
    parts = {p for p in FILES if relative(p).split("/")[0] not in catalog.OPTIONAL}
    assert closure == parts


def test_import_outside_the_catalog_is_refused() -> None:
    with pytest.raises(ModelError, match="does not list"):
        catalog.import_closure(DIRECTORY / catalog.WHOLE, {})


def test_missing_catalog_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=catalog.CATALOG):
        catalog.read_catalog(tmp_path)


def test_stale_file_is_reported_and_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "core.ttl").write_bytes((DIRECTORY / "core.ttl").read_bytes())
    assert catalog.main(["--check", "--ontology", str(tmp_path)]) == 1
    assert "out of date" in capsys.readouterr().out
    assert catalog.main(["--ontology", str(tmp_path)]) == 0
    assert catalog.main(["--check", "--ontology", str(tmp_path)]) == 0
    assert set(catalog.read_catalog(tmp_path)) == {
        catalog.read_header(tmp_path / name).iri for name in ("core.ttl", "eligo.ttl")
    }
