"""Damaged OMOP databases: what is wrong is named, and nothing is read that cannot be trusted."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph as ox
import pytest
import yaml

from eligo.database import Database
from eligo.errors import InputError
from eligo.records.records import ANYBODY, Records
from eligo.resources import importer_statements
from eligo.services.check import read_records
from records.omop_kit import CLINIC, as_database, as_parquet, read

CASES = yaml.safe_load(Path(__file__).with_name("omop-bad.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "cdm"
    shutil.copytree(CLINIC, folder)
    for name in case.get("remove", ()):
        (folder / name).unlink()
    for name, text in case.get("write", {}).items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, (old, new) in case.get("replace", {}).items():
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    if "says" in case:
        with pytest.raises(InputError) as caught:
            read(folder)
        message = str(caught.value).replace(f"{folder}/", "").removeprefix(f"{folder}: ")
        assert message.startswith(case["says"])
        return
    reading = read(folder)
    assert [note for note in case["notes"] if note not in reading.notes] == []
    persons = {t.subject for t in reading.triples if str(t.object).endswith("ns/Patient>")}
    names = {str(person).rpartition(":")[2].rstrip(">") for person in persons}
    assert sorted(map(int, names)) == case["patients"]
    tables = {tally.table: tally.rows for tally in reading.result.tallies}
    assert tables["condition_occurrence"] == 15


@pytest.mark.parametrize("form", ["gzip", "parquet", "duckdb", "no database"])
def test_truncated_file(form: str, tmp_path: Path) -> None:
    location = tmp_path
    if form == "gzip":
        shutil.copytree(CLINIC, tmp_path, dirs_exist_ok=True)
        damaged = tmp_path / "measurement.csv.gz"
        data = (tmp_path / "measurement.csv").read_bytes() * 200
        (tmp_path / "measurement.csv").unlink()
        damaged.write_bytes(gzip.compress(data)[:-40])
    elif form == "parquet":
        as_parquet(tmp_path)
        damaged = tmp_path / "measurement.parquet"
        damaged.write_bytes(damaged.read_bytes()[:-40])
    else:
        location = damaged = tmp_path / "cdm.duckdb"
        if form == "duckdb":
            as_database(damaged)
            damaged.write_bytes(damaged.read_bytes()[:5000])
        else:
            damaged.write_text("no database")
    with pytest.raises(InputError) as caught:
        read(location)
    assert str(caught.value).startswith(f"{damaged}: ")
    assert "fetch it again" in str(caught.value)


def test_other_sources_go_on_and_the_damaged_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "person.csv").write_text("")
    good = tmp_path / "good.ttl"
    good.write_text("<urn:p> a <https://w3id.org/eligo/ns/Patient> .")
    records = read_records([str(tmp_path)])
    assert [str(f).partition(":")[0] for f in records.failures] == [str(tmp_path / "person.csv")]
    assert records.sources == [str(good)]


def test_persons_of_two_databases_are_not_mixed(tmp_path: Path) -> None:
    shutil.copytree(CLINIC, tmp_path / "one")
    shutil.copytree(CLINIC, tmp_path / "two")
    records = read_records([str(tmp_path)])
    assert [f.source for f in records.failures] == [str(tmp_path / "two")]
    assert "second OMOP database" in str(records.failures[0])


def test_whoever_may_be_short_of_a_row_is_not_trusted() -> None:
    """One row names no person: it may be anybody's, also where few patients are asked for."""
    for patients in ((), ("urn:eligo:omop:person:4",)):
        records = Records()
        records.add_omop(CLINIC, patients)
        (doubt,) = records.doubts_of("urn:eligo:omop:person:4")
        assert "1 row without person_id may be anybody's" in doubt.text


def test_an_explicit_choice_is_taken_at_its_word(tmp_path: Path) -> None:
    records = read_records([f"omop:{tmp_path}"])
    assert "is no OMOP database" in str(records.failures[0])
    assert "check the path" in str(read_records([f"omop:{tmp_path}/none"]).failures[0])
    assert "give its folder" in str(read_records([str(CLINIC / "person.csv")]).failures[0])


def test_a_schema_is_chosen_by_its_persons_and_two_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "cdm.duckdb"
    as_database(file, schema="clinic")
    with duckdb.connect(str(file)) as database:
        database.execute("CREATE TABLE main.notes (x INT)")
    assert read(file).result.version == "v5.4.0"
    with duckdb.connect(str(file)) as database:
        database.execute("CREATE TABLE main.person (person_id INT)")
    with pytest.raises(InputError, match="several schemas"):
        read(file)


def test_nothing_of_a_damaged_database_reaches_the_store(tmp_path: Path) -> None:
    shutil.copytree(CLINIC, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "observation.csv").open("a") as file:
        file.write("9,1\n")
    records = Records()
    records.add_omop(tmp_path)
    assert len(records.failures) == 1
    assert not list(records.store)
    assert ANYBODY in records.doubts


@pytest.fixture(scope="module")
def macros() -> Database:
    database = Database()
    database.execute("CREATE MACRO xsd(local) AS '<' || local || '>'")
    database.execute("CREATE MACRO minted_name(local) AS local")
    database.execute("CREATE MACRO minted(local) AS local")
    database.execute(importer_statements("omop")["macros"])
    return database


@pytest.mark.parametrize(
    ("macro", "written", "read_as"),
    [
        ("cdm_number", "0.80", "0.8"),
        ("cdm_number", "1.000", "1"),
        ("cdm_number", "-0.0", "0"),
        ("cdm_number", "+007.50", "7.5"),
        ("cdm_number", ".5", "0.5"),
        ("cdm_number", "-.5", "-0.5"),
        ("cdm_number", "5.", "5"),
        ("cdm_number", "100", "100"),
        ("cdm_number", "7.10e1", "71"),
        ("cdm_number", "1e-3", "0.001"),
        ("cdm_number", "1e99", "1e99"),
        ("cdm_number", "nan", None),
        ("cdm_number", "1,5", "1,5"),
        ("cdm_identifier", "10204.0", "10204"),
        ("cdm_identifier", "10204.7", "10204.7"),
        ("cdm_identifier", "0012", "12"),
        ("cdm_identifier", " 12 ", "12"),
        ("cdm_identifier", "0.0", "0"),
        ("cdm_identifier", "NULL", None),
        ("cdm_identifier", "\\N", None),
        ("cdm_date", "2020-01-02", "2020-01-02"),
        ("cdm_date", "2020-01-02 23:59:59+02", "2020-01-02"),
        ("cdm_date", "20200102", "2020-01-02"),
        ("cdm_date", "2020/01/02", "2020/01/02"),
        ("cdm_date", "02.01.2020", "02.01.2020"),
        ("cdm_date", "2020-02-30", "2020-02-30"),
        ("cdm_date", "", None),
        ("cdm_text", " a ", "a"),
    ],
)
def test_values_are_read_in_one_form(
    macros: Database, macro: str, written: str, read_as: str | None
) -> None:
    assert macros.query(f"SELECT {macro}('{written}')") == [(read_as,)]


@pytest.mark.parametrize("text", ['a "quoted" \\ word', "two\nlines\r\n", "tab\tand µ≥", "'"])
def test_literals_survive(macros: Database, text: str) -> None:
    escaped = text.replace("'", "''")
    ((literal,),) = macros.query(f"SELECT literal('{escaped}')")
    (quad,) = ox.parse(f"<urn:s> <urn:p> {literal} .", format=ox.RdfFormat.N_TRIPLES)
    assert quad.object == ox.Literal(text)
