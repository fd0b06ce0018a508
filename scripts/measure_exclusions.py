"""Count how often an exclusion that a human reader would call absent is decided to be absent.

Usage: python scripts/measure_exclusions.py FOLDER SCREENING_DATE

FOLDER holds FHIR R4 bundles of Synthea. The patients are derived under the policy `complete-lists`
and decided directly. What a reader would call absent is in `exclusions.yaml` beside this script.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from rdflib import URIRef

from eligo.api import Trial
from eligo.evaluate.kleene import Evaluator
from eligo.evaluate.truth import Status
from eligo.evaluate.view import GraphView
from eligo.explain.explainer import Explainer
from eligo.explain.words import Words

READER = Path(__file__).with_name("exclusions.yaml")
POLICY = "complete-lists"
RECENT = timedelta(days=3 * 366)
TOP = 3


def resources(file: Path) -> list[dict[str, Any]]:
    """Return the resources of a bundle."""
    return [entry["resource"] for entry in json.loads(file.read_text("utf-8"))["entry"]]


def codes(concept: dict[str, Any] | None) -> set[str]:
    """Return the codes of a CodeableConcept."""
    return {coding.get("code", "") for coding in (concept or {}).get("coding", [])}


def is_present(resource: dict[str, Any], how: str, screening: date) -> bool:
    """Tell whether a resource counts, by status and date alone."""
    kind = resource["resourceType"]
    if how == "ever":
        return kind in ("Condition", "Procedure", "MedicationRequest")
    if how == "allergies":
        return kind == "AllergyIntolerance"
    active = kind == "MedicationRequest" and resource["status"] == "active"
    if kind == "Condition":
        ended = resource.get("abatementDateTime")
        active = "active" in codes(resource.get("clinicalStatus")) and not ended
        if how == "recent" and ended:
            return date.fromisoformat(ended[:10]) >= screening - RECENT
    if how == "recent" and kind == "Procedure":
        done = resource.get("performedDateTime") or resource.get("performedPeriod", {}).get("end")
        return done is None or date.fromisoformat(done[:10]) >= screening - RECENT
    return active


def called_absent(file: Path, screening: date) -> tuple[str, set[str]]:
    """Return the patient and the exclusions that a human reader would call absent."""
    everything = resources(file)
    (patient,) = (r for r in everything if r["resourceType"] == "Patient")
    absent = set()
    for criterion, rule in yaml.safe_load(READER.read_text("utf-8"))["read"].items():
        who = rule.pop("who", None)
        if who is not None and (who == "women") != (patient["gender"] == "female"):
            continue
        found = any(
            is_present(resource, how, screening)
            and codes(resource.get("code") or resource.get("medicationCodeableConcept"))
            & set(map(str, listed))
            for how, listed in rule.items()
            for resource in everything
        )
        if not found:
            absent.add(criterion)
    return f"urn:eligo:fhir:Patient:{patient['id']}", absent


def main(folder: Path, screening: date) -> None:
    """Print the counts."""
    trial = Trial.load("NCT06150651")
    records = trial.read(folder)
    prepared = trial.prepare(records, screening_date=screening, policy=POLICY)
    absent = dict(called_absent(file, screening) for file in sorted(folder.rglob("*.json")))
    counts: Counter[tuple[str, Status]] = Counter()
    called: Counter[tuple[str, bool]] = Counter()
    dubious: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    exclusions = [c for top in trial.criteria for c in top.walk() if c.polarity == "exclusion"]
    for patient, graph in prepared.derived.graphs.items():
        evaluator = Evaluator(GraphView(graph), patient, trial.model.rules)
        explainer = Explainer(evaluator, Words(trial.model.ontology, graph))
        for criterion in exclusions:
            name = criterion.notation
            status = evaluator.named(criterion.name).status
            counts[name, status] += 1
            if name in absent[str(patient)]:
                called[name, status is Status.NOT_MET] += 1
            elif status is Status.NOT_MET:
                dubious[name] += 1
            if status is Status.UNKNOWN:
                found = {m.text for m in explainer.missing(URIRef(criterion.name), patient)}
                reasons.setdefault(name, Counter()).update(found)
    print(
        "| exclusion | met | not met | unknown | called absent | of these not met | other not met |"
    )
    print("|---|---|---|---|---|---|---|")
    for criterion in exclusions:
        name = criterion.notation
        met, refuted, unknown = (
            counts[name, s] for s in (Status.MET, Status.NOT_MET, Status.UNKNOWN)
        )
        total = called[name, True] + called[name, False]
        share = f"{called[name, True]} ({called[name, True] / total:.0%})" if total else ""
        shown = (name, met, refuted, unknown, total or "", share, dubious[name] if total else "")
        print(f"| {' | '.join(map(str, shown))} |")
    print()
    for name, found in reasons.items():
        listed = "; ".join(f"{text} ({count})" for text, count in found.most_common(TOP))
        print(f"{name} kept unknown by: {listed}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
