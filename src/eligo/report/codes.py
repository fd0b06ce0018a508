"""Codes that no concept lists: as text, CSV, JSON, or as Turtle to be filled in and read back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rdflib import Literal, URIRef

from eligo.report.page import Page
from eligo.trial.model import Criterion
from eligo.vocabulary.mappings import MappingFolder
from eligo.vocabulary.ontology import Ontology

FORMAT = "eligo-codes"
FORMAT_VERSION = "1"
COLUMNS = (
    "system",
    "code",
    "display",
    "patients",
    "facts",
    "blocked_patients",
    "criterion",
    "criterion_patients",
)
STUB_PREFIXES = ("concept", "elig", "rdfs", "system")


@dataclass(frozen=True)
class UnmappedCode:
    """A code that no concept lists.

    Attributes:
        system: IRI of its code system.
        notation: The code.
        display: What records call it, the most frequent wording; None if they give no words.
        patients: How many patients carry it.
        facts: How many facts carry it.
        blocks: The criteria it blocks, in the record's order, with the number of patients.
        blocked_patients: For how many patients it blocks any criterion.
    """

    system: URIRef
    notation: str
    display: str | None
    patients: int
    facts: int
    blocks: tuple[tuple[Criterion, int], ...]
    blocked_patients: int


@dataclass(frozen=True)
class CodeReport:
    """The unmapped codes of a run.

    Attributes:
        trial: Registry number of the trial.
        policy: Name of the evidence policy.
        version: Version of Eligo.
        patients: How many patients were looked at.
        codes: The codes, those that block most patients first.
        mappings: Folders of code mappings that were used.
        ontology: Names code systems and criteria.
    """

    trial: str
    policy: str
    version: str
    patients: int
    codes: tuple[UnmappedCode, ...]
    mappings: tuple[MappingFolder, ...]
    ontology: Ontology

    def system(self, code: UnmappedCode) -> str:
        """Name a code's system shortly, or by its IRI where it is not declared."""
        return self.ontology.short(code.system).removeprefix("system:")


def write_codes(report: CodeReport, page: Page, *, every: bool) -> None:
    """Write the codes as text: those that block a criterion, or all.

    Args:
        report: The codes.
        page: Where to write.
        every: Whether to list the codes that block nothing, too.
    """
    blocking = [code for code in report.codes if code.blocks]
    shown = report.codes if every else blocking
    page.put(
        f"{report.trial}: {_count(report.patients, 'patient')}, policy {report.policy}",
        style="bold",
    )
    page.put(
        f"{_count(len(report.codes), 'code')} mapped to no concept; {len(blocking)} of them keep "
        "criteria unknown",
        indent=2,
    )
    for code in shown:
        page.blank()
        page.put(
            f"{report.system(code)} {code.notation}  {code.display or ''}".rstrip(), style="bold"
        )
        page.put(f"carried by {_count(code.patients, 'patient')}", indent=2)
        if code.blocks:
            listed = ", ".join(f"{c.notation} ({count})" for c, count in code.blocks)
            page.put(
                f"keeps unknown, for {_count(code.blocked_patients, 'patient')}: {listed}", indent=2
            )
    if len(shown) < len(report.codes):
        page.blank()
        rest = _count(len(report.codes) - len(shown), "code")
        page.put(f"{rest} not shown, which keep nothing unknown (--all lists them)")


def codes_csv(report: CodeReport) -> str:
    """Return CSV with a line for each code and criterion; a code that blocks nothing has one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for code in report.codes:
        about = (
            *(report.system(code), code.notation, code.display or ""),
            *(code.patients, code.facts, code.blocked_patients),
        )
        blocks = [(c.notation, str(count)) for c, count in code.blocks] or [("", "")]
        writer.writerows((*about, *block) for block in blocks)
    return text.getvalue()


def codes_json(report: CodeReport) -> str:
    """Return the codes as JSON text."""
    value = {
        "format": FORMAT,
        "formatVersion": FORMAT_VERSION,
        "eligo": report.version,
        "trial": report.trial,
        "policy": report.policy,
        "mappings": [
            {"folder": mapping.path, "sha256": mapping.digest, "codes": mapping.codes}
            for mapping in report.mappings
        ],
        "patients": report.patients,
        "codes": [_json(report, code) for code in report.codes],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _json(report: CodeReport, code: UnmappedCode) -> dict[str, Any]:
    return {
        "system": report.system(code),
        "systemIri": str(code.system),
        "code": code.notation,
        "display": code.display,
        "patients": code.patients,
        "facts": code.facts,
        "blockedPatients": code.blocked_patients,
        "blocks": [{"criterion": c.notation, "patients": count} for c, count in code.blocks],
    }


def codes_turtle(report: CodeReport) -> str:
    """Return the codes that block a criterion as mappings that still lack their concept."""
    used = dict(_prefixes(report))
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(used.items()))
    parts = [
        head,
        "# Give a code its meaning by a line such as `elig:standsFor concept:Asthma ;`.\n"
        "# Leave out what you are not sure of: a code without a concept can be anything.\n",
    ]
    blocking = [code for code in report.codes if code.blocks]
    systems = {code.system for code in blocking if not report.ontology.is_declared(code.system)}
    for system in sorted(systems):
        parts.append(
            f"<{system}> a elig:CodeSystem ;\n    rdfs:label {Literal(str(system)).n3()} .\n"
        )
    parts += [_stub(report, code) for code in blocking]
    return "\n".join(parts)


def _stub(report: CodeReport, code: UnmappedCode) -> str:
    short = report.ontology.short(code.system)
    lines = [
        "[] a elig:CodeMapping ;",
        f"elig:inSystem {short if short != str(code.system) else f'<{short}>'} ;",
        f"elig:notation {Literal(code.notation).n3()} ;",
    ]
    if code.display is not None:
        lines.append(f"rdfs:label {Literal(code.display).n3()} ;")
    lines.append(f"elig:patientCount {code.patients} ;")
    listed = " , ".join(report.ontology.short(criterion.name) for criterion, _ in code.blocks)
    lines.append(f"elig:blocks {listed} .")
    return "\n    ".join(lines) + "\n"


def _prefixes(report: CodeReport) -> Iterator[tuple[str, str]]:
    known: Mapping[str, str] = report.ontology.prefixes
    names = {*STUB_PREFIXES}
    for code in report.codes:
        names |= {report.ontology.short(c.name).partition(":")[0] for c, _ in code.blocks}
    return ((name, known[name]) for name in names)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
