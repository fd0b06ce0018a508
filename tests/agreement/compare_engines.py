"""Compare engines on what is compiled: the answers for every patient and named class.

SHACL engines judge with compiled shapes; the engine `sql` runs compiled SQL on DuckDB, and has no
plain report.

Without PATIENTS, the patients are all cases of the trial. An engine that is not installed is left
out and named. Ends with 1 if engines differ, 3 if one of them failed.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rdflib import Graph, URIRef

from agreement.engine_answers import (
    Answers,
    Tally,
    differences,
    direct_answers,
    implied_reader_results,
    judged,
    tally,
    with_probes,
)
from agreement.seen_tables import sql_answers
from agreement.shacl_engines import ENGINES, Engine, EngineFailure, Report, Shapes
from case_loader import CASES, load_cases
from eligo.api import Trial
from eligo.resources import trials
from trials.cohort import derive_cases, read_cases

DIFFER, FAILED = 1, 3


def _no_shapes(_data: str, _shapes: Shapes) -> Report:
    raise EngineFailure("compiled SQL knows no shapes")


SQL = Engine("sql", ("duckdb",), _no_shapes)
KNOWN = {SQL.name: SQL}


@dataclass(frozen=True)
class Compared:
    """What came out for one trial.

    Attributes:
        trial: The trial.
        graphs: The enriched graph of each patient.
        direct: What the direct evaluator says.
        tallies: What each engine says, the first being what others are compared with.
    """

    trial: Trial
    graphs: Mapping[str, Graph]
    direct: Answers
    tallies: tuple[Tally, ...]

    @property
    def differs(self) -> bool:
        """Whether any engine differs from the direct evaluator, and so from another."""
        return any(differences(self.direct, t.answers) or self.astray(t) for t in self.tallies)

    @property
    def failed(self) -> bool:
        """Whether any engine gave no report for some patient."""
        return any(t.failures for t in self.tallies)

    def astray(self, found: Tally) -> int:
        """Count the reader-facing results that are missing or should not be there."""
        answered = [patient for patient in self.graphs if patient not in found.failures]
        return len(implied_reader_results(self.trial.model, answered, self.direct) ^ found.reader)


def graphs_of_cases(trial: Trial, step: int = 1, limit: int | None = None) -> dict[str, Graph]:
    """Return the enriched graph of each case of a trial, or of every STEP-th."""
    cases = load_cases(trial.identifier)[::step][:limit]
    found: dict[str, Graph] = {}
    for policy in sorted({case.policy or "default" for case in cases}):
        same = [case for case in cases if (case.policy or "default") == policy]
        derived = derive_cases(trial, read_cases(same), policy)
        found |= {str(patient): graph for patient, graph in derived.graphs.items()}
    return found


def graphs_of_files(
    trial: Trial, paths: Iterable[Path], day: date | None, limit: int | None
) -> dict[str, Graph]:
    """Return the enriched graph of each patient in files of RDF or FHIR."""
    records = trial.read(list(paths))
    for failure in records.failures:
        print(failure, file=sys.stderr)
    prepared = trial.prepare(records, screening_date=day)
    return {str(p): prepared.derived.graphs[p] for p in prepared.patients[:limit]}


def compare(
    trial: Trial, graphs: Mapping[str, Graph], engines: Iterable[Engine], size: int
) -> Compared:
    """Ask every engine about every patient and named class of a trial."""
    names = judged(trial.model)
    shapes = with_probes(trial.shapes, names)
    direct = direct_answers(trial.model, graphs, names)
    tallies = []
    for engine in engines:
        if engine is SQL:
            tallies.append(sql_tally(trial, graphs, names))
        else:
            tallies.append(tally(engine, graphs, shapes, names, size))
        print(f"{engine.name}: {tallies[-1].seconds:.1f} s", file=sys.stderr)
    return Compared(trial, graphs, direct, tuple(tallies))


def sql_tally(trial: Trial, graphs: Mapping[str, Graph], names: Sequence[URIRef]) -> Tally:
    """Ask compiled SQL about all patients; its plain report is what its answers imply."""
    found = Tally(SQL)
    start = time.perf_counter()
    ontology = trial.model.ontology
    named = {URIRef(patient): graph for patient, graph in graphs.items()}
    answers = sql_answers(named, trial.model.rules, names, ontology.short, ontology.expand)
    found.answers |= {(str(patient), name): truth for (patient, name), truth in answers.items()}
    found.reader |= implied_reader_results(trial.model, graphs, found.answers)
    found.seconds = time.perf_counter() - start
    return found


def table(compared: Compared) -> str:
    """Say what came out, one line an engine."""
    rows: list[tuple[str, ...]] = [
        ("engine", "version", "answers", "same", "differ", "plain report", "failed", "seconds")
    ]
    for found in compared.tallies:
        differ = len(differences(compared.direct, found.answers))
        same = len(found.answers) - differ
        astray = compared.astray(found)
        counts = (len(found.answers), same, differ)
        rows.append(
            (
                found.engine.name,
                found.engine.version,
                *(f"{count:,}" for count in counts),
                "same" if not astray else f"{astray:,} differ",
                f"{len(found.failures):,}",
                f"{found.seconds:.1f}",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows)
    names = len(judged(compared.trial.model))
    head = f"{compared.trial.identifier}: {len(compared.graphs):,} patients x {names} named classes"
    return "\n".join([head, *(line.rstrip() for line in lines)])


def write_answers(every: Iterable[Compared], path: Path) -> None:
    """Write every answer that differs from direct evaluation, and every failure, as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("trial", "patient", "class", "engine", "direct evaluation", "engine says"))
        for one in every:
            short = one.trial.model.ontology.short
            for found in one.tallies:
                for d in differences(one.direct, found.answers):
                    expected, said = d.expected.status, d.found.status
                    name = short(d.name)
                    trial = one.trial.identifier
                    rows.writerow((trial, d.patient, name, found.engine.name, expected, said))
                for patient, words in found.failures.items():
                    rows.writerow((one.trial.identifier, patient, "", found.engine.name, "", words))


def chosen_engines(names: list[str] | None) -> list[Engine]:
    """Return the engines to use that are installed, and say which are not."""
    known = KNOWN | ENGINES
    wanted = [known[name] for name in names or known]
    for engine in wanted:
        if engine.missing:
            print(f"left out: {engine.missing}", file=sys.stderr)
    return [engine for engine in wanted if engine.missing is None]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    found = argparse.ArgumentParser(prog="compare-engines", description=__doc__)
    add = found.add_argument
    add("patients", nargs="*", type=Path, metavar="PATIENTS", help="files or folders, RDF or FHIR")
    add("--trial", action="append", choices=sorted(trials()), help="default: every trial")
    add("--engine", action="append", choices=[*KNOWN, *ENGINES], help="default: every engine")
    add("--limit", type=int, metavar="N", help="use the first N patients only")
    add("--step", type=int, default=1, metavar="N", help="use every N-th case only")
    add("--chunk", type=int, default=50, metavar="N", help="patients in one validation (50)")
    add("--screening-date", type=date.fromisoformat, metavar="DATE", help="where records have none")
    add("--differences", type=Path, metavar="FILE", help="write what differs as CSV")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison and return the exit code."""
    options = parser().parse_args(arguments)
    engines = chosen_engines(options.engine)
    every = []
    for name in options.trial or sorted(trials()):
        if not options.patients and not (CASES / name).is_dir():
            print(f"left out: {name} has no cases", file=sys.stderr)
            continue
        trial = Trial.load(name)
        graphs = (
            graphs_of_files(trial, options.patients, options.screening_date, options.limit)
            if options.patients
            else graphs_of_cases(trial, options.step, options.limit)
        )
        every.append(compare(trial, graphs, engines, options.chunk))
        print(table(every[-1]), flush=True)
    if options.differences:
        write_answers(every, options.differences)
    if any(one.failed for one in every):
        return FAILED
    return DIFFER if any(one.differs for one in every) else 0


if __name__ == "__main__":
    sys.exit(main())
