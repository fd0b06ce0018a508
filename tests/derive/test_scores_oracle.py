"""Scores and classification sets against the plain reading of their files."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph

from derive.evidence_kit import Derived, Record, closure, ontology_record, parents
from score_oracle import items, judge_item, load_scores, total

RUN = ("00", "05", "10", "11", "20", "21", "44")
CLASSES = ("IsnRpsClass", "ClassII", "MembranousLupusNephritis", "ProliferativeLupusNephritis")


@cache
def scores() -> Graph:
    return load_scores()


@cache
def below() -> frozenset[tuple[str, str]]:
    pairs = closure(parents())
    return frozenset((a.partition(":")[2], b.partition(":")[2]) for a, b in pairs)


def record(**more: Any) -> Record:
    return ontology_record().screen(**more)


def found(
    made: Record, name: str, present: bool, day: str | None = "2019-05-01", **more: Any
) -> Record:
    extra = {"date": day} if day else {}
    return made.add(
        "hasFinding", f"f{len(made.links)}", f"concept:{name}", present=present, **extra, **more
    )


def biopsy(made: Record, *classes: str, **more: Any) -> Record:
    name = f"b{len(made.links)}"
    made.add("hasProcedure", name, "concept:KidneyBiopsy", date="2024-03-10", **more)
    for each in classes:
        made.attributes.append((name, "elig:histologicClass", f"concept:{each}", "iri"))
    return made


V06 = {
    True: "AntinuclearAntibodyTitre80 AntinuclearAntibodyPositive FeverAbove38Point3 Leukopenia "
    "OralUlcers LowC3",
    False: "LeukopeniaOnTwoOccasions LowC4 LowCh50 SleSpecificAntibody AntiphospholipidAntibody "
    "DirectCoombsPositive AcuteOrSubacuteCutaneousLupus ChronicCutaneousLupus Photosensitivity "
    "Alopecia MusculoskeletalManifestation SerosalManifestation RenalManifestation "
    "NeuropsychiatricManifestation Hemolysis DecreasedLymphocyteCount DecreasedPlateletCount",
}


def vignette(fever: bool = True) -> Derived:
    made = record()
    for present, names in V06.items():
        for name in names.split():
            found(made, name, present if name != "FeverAbove38Point3" else fever)
    return made.complete("hasProcedure").run(*RUN)


def test_ten_points_exactly() -> None:
    derived = vignette()
    assert derived.measure("eularAcr2019Total") == (10, 10)
    assert derived.measure("eularAcr2019Entry") == (1, 1)
    assert derived.measure("eularAcr2019ClinicalCount") == (3, 3)
    assert derived.measure("acr1997Count") == (2, 2)
    assert derived.measure("slicc2012Count") == (4, 4)
    assert derived.measure("slicc2012ClinicalCount") == (2, 2)
    assert derived.measure("slicc2012ImmunologicCount") == (2, 2)
    assert derived.measure("slicc2012Biopsy") == (0, 0)
    assert derived.measure("slicc2012Antibody") == (1, 1)


def test_eight_points_without_fever() -> None:
    assert vignette(fever=False).measure("eularAcr2019Total") == (8, 8)


def test_nothing_recorded_is_no_score() -> None:
    derived = record().complete("hasProcedure").run(*RUN)
    assert derived.rows("SELECT * FROM measurement") == []


BEST = (
    "FeverAbove38Point3 Thrombocytopenia Seizure AcuteCutaneousLupus AcutePericarditis "
    "JointInvolvement LupusAnticoagulant LowC3 LowC4 AntiSm"
)


def test_all_items_of_the_best_domains_make_fifty_one() -> None:
    made = record()
    names = BEST.split()
    for name in names:
        found(made, name, True)
    derived = biopsy(made, "ClassIV").run(*RUN)
    assert derived.measure("eularAcr2019Total") == (51, 51)
    assert found(record(), "AntinuclearAntibodyTitre80", True).run(*RUN).measure(
        "eularAcr2019Total"
    ) == (0, 51)


def test_present_wins_over_absent_over_a_life() -> None:
    made = found(found(record(), "Seizure", True, "2015-01-01"), "Seizure", False, "2025-01-01")
    assert (made.run(*RUN).measure("acr1997Count") or (0,))[0] == 1


@pytest.mark.parametrize(
    ("day", "more", "counted"),
    [
        ("2026-03-02", {}, True),
        ("2026-03-03", {}, False),
        (None, {}, True),
        ("2019", {}, True),
        ("2019-05-01", {"verificationStatus": "elig:Unconfirmed"}, False),
        ("2019-05-01", {"verificationStatus": "elig:Refuted"}, False),
    ],
)
def test_which_findings_count(day: str | None, more: dict[str, Any], counted: bool) -> None:
    derived = found(record(), "Seizure", True, day, **more).run(*RUN)
    assert (derived.measure("acr1997Count") is not None) is counted


@pytest.mark.parametrize(
    ("classes", "complete", "renal", "proven"),
    [
        (["ClassIV"], False, (10, 10), (1, 1)),
        (["ClassIV"], True, (10, 10), (1, 1)),
        (["ClassV"], False, (8, 10), (1, 1)),
        (["ClassV"], True, (8, 8), (1, 1)),
        (["ClassIIIandV"], True, (10, 10), (1, 1)),
        (["ClassII", "ClassIV"], True, (10, 10), (1, 1)),
        (["ClassVI"], True, (0, 4), (1, 1)),
        (["ProliferativeLupusNephritis"], True, (10, 10), (1, 1)),
    ],
)
def test_biopsies_are_findings(
    classes: list[str], complete: bool, renal: tuple[int, int], proven: tuple[int, int]
) -> None:
    made = biopsy(found(record(), "NeuropsychiatricManifestation", False), *classes)
    if complete:
        made.complete("hasProcedure", forKind="concept:KidneyBiopsy")
    derived = made.run(*RUN)
    low, high = derived.measure("eularAcr2019Total") or (None, None)
    others = 51 - 10 - 5
    assert (low, high - others) == renal
    assert derived.measure("slicc2012Biopsy") == proven


@pytest.mark.parametrize("kind", ["none", "planned", "unclassed", "unknown-procedure"])
def test_when_a_class_is_absent(kind: str) -> None:
    made = found(record(), "Proteinuria", False).complete("hasProcedure")
    if kind == "planned":
        biopsy(made, "ClassIV", eventStatus="elig:Planned")
    elif kind == "unclassed":
        biopsy(made)
    elif kind == "unknown-procedure":
        made.add("hasProcedure", "x", date="2020-01-01")
    derived = made.run(*RUN)
    absent = kind in {"none", "planned"}
    assert derived.measure("slicc2012Biopsy") == (0, 0 if absent else 1)


def test_completeness_of_another_kind_closes_no_class() -> None:
    made = found(record(), "Seizure", False)
    made.complete("hasProcedure", forKind="concept:Transplantation")
    assert made.run(*RUN).measure("slicc2012Biopsy") == (0, 1)


SLEDAI = sorted(next(iter(item.any_of)) for item in items(load_scores(), "Sledai2k") if item.any_of)


def sledai(made: Record) -> tuple[Any, ...] | None:
    return made.run(*RUN).measure("sledai")


def visit(
    present: list[str], absent: list[str], day: str = "2026-02-25", made: Record | None = None
) -> Record:
    made = made or record(evaluation="2026-03-05")
    for name in (*present, *absent):
        found(made, name, name in present, day)
    return made


def reported(
    value: str, day: str = "2026-02-25", made: Record | None = None, unit: str | None = "{score}"
) -> Record:
    made = made or record(evaluation="2026-03-05")
    name = f"t{len(made.links)}"
    made.add("hasObservation", name, "concept:Sledai2kTotal", date=day)
    made.quantity(name, "elig:quantity", value, unit)
    return made


SIX = ["Sledai2kArthritis", "Sledai2kRash"]


def test_a_half_filled_visit_is_an_interval() -> None:
    rest = [n for n in SLEDAI if n not in {*SIX, "Sledai2kIncreasedDnaBinding"}]
    assert sledai(visit(SIX, rest)) == (6, 8)
    assert sledai(visit(SIX, [])) == (6, 105)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-31", (10, 10)),
        ("2026-01-30", None),
        ("2026-03-05", (10, 10)),
        ("2026-03-06", None),
        ("2026-02", (10, 10)),
        ("2026-01", None),
    ],
)
def test_the_window_of_totals(day: str, expected: Any) -> None:
    assert sledai(reported("10", day)) == expected


@pytest.mark.parametrize(
    ("unit", "expected"), [("1", (10, 10)), (None, (10, 10)), ("mg", None), ("?", None)]
)
def test_units_of_totals(unit: str | None, expected: Any) -> None:
    assert sledai(reported("10", unit=unit)) == expected


def test_the_latest_day_counts() -> None:
    assert sledai(reported("4", "2026-02-26", reported("10"))) == (4, 4)
    assert sledai(visit(SIX, [], "2026-02-26", reported("10"))) == (6, 105)
    assert sledai(reported("10", "2026-02-26", visit(SIX, []))) == (10, 10)
    assert sledai(reported("ten", "2026-02-26", visit(SIX, []))) is None
    assert sledai(reported("4", "2026-02", reported("10"))) == (4, 10)
    assert sledai(reported("4", "2026-01", reported("10"))) == (10, 10)


def test_total_and_items_of_one_day() -> None:
    assert sledai(reported("10", made=visit(SIX, []))) == (10, 10)
    assert sledai(reported("4", made=visit(SIX, []))) == (4, 105)
    assert sledai(reported("ten", made=visit(SIX, []))) == (6, 105)
    assert sledai(reported("8", made=reported("10"))) == (8, 10)
    bound = reported("10", made=visit(SIX, []))
    bound.quantities[-1] = (*bound.quantities[-1][:5], ">=", "{score}")
    assert sledai(bound) == (10, 105)


def test_a_contradiction_within_a_visit_is_no_assessment() -> None:
    rest = [n for n in SLEDAI if n not in SIX]
    made = visit(["Sledai2kArthritis"], rest)
    found(found(made, "Sledai2kRash", True, "2026-02-25"), "Sledai2kRash", False, "2026-02-25")
    assert sledai(made) == (4, 6)


def test_sources_of_a_score_are_what_bears_on_its_items() -> None:
    made = found(found(found(record(), "Seizure", True), "OralUlcers", False), "LowC3", True)
    derived = made.run(*RUN)
    assert derived.sources("acr1997Count") == {"f0", "f1"}
    assert derived.sources("slicc2012ImmunologicCount") == {"f2"}
    visits = visit(SIX, [], "2026-02-20", visit(["Sledai2kFever"], [], "2026-02-26"))
    assert visits.run(*RUN).sources("sledai") == {"f0"}


FINDINGS = sorted(
    concept
    for concept, kind in below()
    if kind == "ClassificationFinding" and concept != "ClassificationFinding"
)
HISTOLOGY = ["ClassI", "ClassII", "ClassIII", "ClassIV", "ClassV", "ClassIVandV", "ClassVI", None]
person = st.tuples(
    st.dictionaries(st.sampled_from(FINDINGS), st.booleans(), max_size=25),
    st.lists(st.sampled_from(HISTOLOGY), max_size=2),
    st.booleans(),
)
MEASURES = {
    "acr1997Count": ("Acr1997", None),
    "slicc2012Count": ("Slicc2012", None),
    "slicc2012ClinicalCount": ("Slicc2012", "ClinicalDomain"),
    "slicc2012ImmunologicCount": ("Slicc2012", "ImmunologicDomain"),
    "slicc2012Biopsy": ("Slicc2012", "BiopsyDomain"),
    "slicc2012Antibody": ("Slicc2012", "AntibodyDomain"),
    "eularAcr2019Entry": ("EularAcr2019", "EntryDomain"),
    "eularAcr2019ClinicalCount": ("EularAcr2019", "ClinicalDomain"),
    "eularAcr2019Total": ("EularAcr2019", None),
}


def known(case: tuple[dict[str, bool], list[str | None], bool]) -> dict[str, bool]:
    """Findings with the histologic classes that biopsies show or rule out."""
    recorded, biopsies, complete = case
    judged = dict(recorded)
    for kind in CLASSES:
        if any((shown, kind) in below() for shown in biopsies if shown):
            judged[kind] = True
        elif (
            complete and None not in biopsies and not any(possible(s, kind) for s in biopsies if s)
        ):
            judged[kind] = False
    return judged


def possible(shown: str, kind: str) -> bool:
    """Whether a biopsy of one class can be of another: some class is both."""
    return any((c, shown) in below() and (c, kind) in below() for c, _ in below())


@settings(max_examples=8, deadline=None)
@given(st.lists(person, max_size=25))
def test_random_findings_agree(cases: list[Any]) -> None:
    made = ontology_record()
    for index, (recorded, biopsies, complete) in enumerate(cases):
        made.screen(f"p{index}")
        for name, present in recorded.items():
            made.add(
                "hasFinding",
                f"p{index}-{name}",
                f"concept:{name}",
                patient=f"p{index}",
                present=present,
                date="2020",
            )
        for count, shown in enumerate(biopsies):
            more = {"histologicClass": f"concept:{shown}"} if shown else {}
            made.add(
                "hasProcedure",
                f"p{index}-b{count}",
                "concept:KidneyBiopsy",
                patient=f"p{index}",
                date="2024-01-01",
                **more,
            )
        if complete:
            made.complete("hasProcedure", patient=f"p{index}")
    derived = made.run(*RUN)
    for index, case in enumerate(cases):
        recorded = known(case)
        for measure, (score, kind) in MEASURES.items():
            actual = derived.measure(measure, f"p{index}")
            if actual:
                assert actual == expected(score, kind, recorded), (measure, case)
            else:
                assert nothing_recorded(score, case)


def expected(score: str, kind: str | None, recorded: dict[str, bool]) -> tuple[int, int]:
    if kind is None:
        whole = total(scores(), score, recorded, best=score == "EularAcr2019")
        return whole.low, whole.high
    mine = [i for i in items(scores(), score) if i.kind == kind]
    statuses = [status(item, recorded) for item in mine]
    return sum(s is True for s in statuses), sum(s is not False for s in statuses)


def status(item: Any, recorded: dict[str, bool]) -> bool | None:
    result: bool | None = judge_item(scores(), recorded, item)
    return result


def nothing_recorded(score: str, case: Any) -> bool:
    """No record bears on any item: a row is absent only then."""
    recorded, biopsies, _ = case
    shown = {k: True for k in CLASSES for b in biopsies if b and (b, k) in below()}
    return all(status(i, {**recorded, **shown}) is None for i in items(scores(), score))


visits = st.dictionaries(st.sampled_from(SLEDAI), st.booleans(), min_size=1, max_size=24)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(-1, 40), visits), max_size=3), max_size=15))
def test_random_visits_agree(cases: list[list[tuple[int, dict[str, bool]]]]) -> None:
    made = ontology_record()
    for index, each in enumerate(cases):
        made.screen(f"p{index}", evaluation="2026-03-05")
        for back, recorded in dict(each).items():
            day = (date(2026, 3, 5) - timedelta(back)).isoformat()
            for name, present in recorded.items():
                made.add(
                    "hasFinding",
                    f"p{index}-{back}-{name}",
                    f"concept:{name}",
                    patient=f"p{index}",
                    present=present,
                    date=day,
                )
    derived = made.run(*RUN)
    for index, each in enumerate(cases):
        admissible = [back for back, _ in each if 0 <= back <= 33]
        actual = derived.measure("sledai", f"p{index}")
        if not admissible:
            assert actual is None
        else:
            whole = total(scores(), "Sledai2k", dict(each)[min(admissible)])
            assert actual == (Decimal(whole.low), Decimal(whole.high))
