"""The classification sets and SLEDAI-2K: complete, well founded, and enough to decide patients."""

import pytest
from rdflib import Graph
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from score_oracle import CONCEPT, ELIG, SCORE, above, items, judge, load_scores, name, points, total

SETS = ("Acr1997", "Slicc2012", "EularAcr2019", "Sledai2k")
ROOTS = (CONCEPT.ClassificationFinding, CONCEPT.Sledai2kItem)


@pytest.fixture(scope="module")
def scores() -> Graph:
    return load_scores()


def findings(graph: Graph) -> set[str]:
    return {name(c) for root in ROOTS for c in graph.transitive_subjects(RDFS.subClassOf, root)}


def test_acr_has_eleven_items_of_weight_one(scores: Graph) -> None:
    assert points(scores, "Acr1997") == [1] * 11


def test_slicc_has_eleven_clinical_and_six_immunologic_items(scores: Graph) -> None:
    assert points(scores, "Slicc2012", {"ClinicalDomain"}) == [1] * 11
    assert points(scores, "Slicc2012", {"ImmunologicDomain"}) == [1] * 6
    assert points(scores, "Slicc2012", {"BiopsyDomain", "AntibodyDomain"}) == [0] * 2


def test_eular_acr_weights_and_domain_maxima(scores: Graph) -> None:
    weights: dict[str, list[int]] = {}
    for item in items(scores, "EularAcr2019"):
        weights.setdefault(item.domain.removeprefix("EularAcr2019-"), []).append(item.weight)
    assert {domain: sorted(found) for domain, found in weights.items()} == {
        "Entry": [0],
        "Constitutional": [2],
        "Hematologic": [3, 4, 4],
        "Neuropsychiatric": [2, 3, 5],
        "Mucocutaneous": [2, 2, 4, 6],
        "Serosal": [5, 6],
        "Musculoskeletal": [6],
        "Renal": [4, 8, 10],
        "Antiphospholipid": [2],
        "Complement": [3, 4],
        "SleSpecific": [6],
    }
    assert sum(max(found) for found in weights.values()) == 51


def test_sledai_has_24_items_and_105_points(scores: Graph) -> None:
    found = sorted(points(scores, "Sledai2k"))
    assert found == [1] * 3 + [2] * 7 + [4] * 6 + [8] * 8
    assert sum(found) == 105


@pytest.mark.parametrize("score", SETS)
def test_items_rest_on_declared_findings(scores: Graph, score: str) -> None:
    for item in items(scores, score):
        assert bool(item.any_of) != bool(item.all_of), item.node
        for finding in item.any_of | item.all_of:
            assert (CONCEPT[finding], RDF.type, OWL.Class) in scores, finding
            assert (CONCEPT[finding], RDF.type, CONCEPT[finding]) in scores, finding


def test_every_finding_serves_an_item(scores: Graph) -> None:
    """A finding is used, or lies above or below one that is."""
    used = {f for score in SETS for item in items(scores, score) for f in item.any_of | item.all_of}
    parents = {a for f in used for a in above(scores, f)}
    idle = {f for f in findings(scores) - parents if not above(scores, f) & used}
    assert idle == set()


def test_covers_are_leaves_below_their_finding(scores: Graph) -> None:
    """One step of covering suffices, and what covers a finding implies it."""
    for whole, part in scores.subject_objects(ELIG.coveredBy):
        assert name(whole) in above(scores, name(part))
        assert (part, ELIG.coveredBy, None) not in scores


def test_everything_is_labelled_and_defined(scores: Graph) -> None:
    ours = {s for s in scores.subjects(RDF.type) if str(s).startswith(SCORE)}
    ours |= {CONCEPT[f] for f in findings(scores)}
    for subject in ours:
        assert len(list(scores.objects(subject, RDFS.label))) == 1, subject
        assert len(list(scores.objects(subject, SKOS.definition))) == 1, subject
    labels = [str(label) for s in ours for label in scores.objects(s, RDFS.label)]
    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize(
    ("finding", "other"),
    [
        ("LeukopeniaOnTwoOccasions", "Leukopenia"),
        ("LymphopeniaBelow1000", "LymphopeniaBelow1500"),
        ("ProteinuriaAbove500MgPerDay", "ProteinuriaAtLeast500MgPerDay"),
        ("MalarRash", "AcuteOrSubacuteCutaneousLupus"),
        ("FalsePositiveSyphilisTestForSixMonths", "AntiphospholipidAntibody"),
        ("AutoimmuneHemolysis", "DirectCoombsPositive"),
    ],
)
def test_implications(scores: Graph, finding: str, other: str) -> None:
    assert other in above(scores, finding)
    assert finding not in above(scores, other)


@pytest.mark.parametrize(
    ("finding", "other"),
    [
        ("LymphopeniaBelow1500OnTwoOccasions", "LymphopeniaBelow1000"),
        ("AntinuclearAntibodyPositive", "AntinuclearAntibodyTitre80"),
        ("AnticardiolipinIgGOrIgM", "AnticardiolipinMediumOrHigh"),
        ("NonErosiveArthritis", "JointInvolvement"),
    ],
)
def test_incomparable_findings(scores: Graph, finding: str, other: str) -> None:
    assert other not in above(scores, finding)
    assert finding not in above(scores, other)


TEN_POINTS = {
    "AntinuclearAntibodyTitre80": True,
    "AntinuclearAntibodyPositive": True,
    "FeverAbove38Point3": True,
    "Leukopenia": True,
    "LeukopeniaOnTwoOccasions": False,
    "OralUlcers": True,
    "LowC3": True,
    "LowC4": False,
    "LowCh50": False,
    "SleSpecificAntibody": False,
    "AntiphospholipidAntibody": False,
    "DirectCoombsPositive": False,
    "AcuteOrSubacuteCutaneousLupus": False,
    "ChronicCutaneousLupus": False,
    "Photosensitivity": False,
    "Alopecia": False,
    "MusculoskeletalManifestation": False,
    "SerosalManifestation": False,
    "RenalManifestation": False,
    "NeuropsychiatricManifestation": False,
    "Hemolysis": False,
    "DecreasedLymphocyteCount": False,
    "DecreasedPlateletCount": False,
    "IsnRpsClass": False,
    "ClassII": False,
    "MembranousLupusNephritis": False,
    "ProliferativeLupusNephritis": False,
}


def test_eular_acr_at_exactly_ten_and_acr_below_four(scores: Graph) -> None:
    eular = total(scores, "EularAcr2019", TEN_POINTS, best=True)
    acr = total(scores, "Acr1997", TEN_POINTS)
    slicc = total(scores, "Slicc2012", TEN_POINTS)
    assert (eular.low, eular.high) == (10, 10)
    assert eular.present["EntryDomain"] == 1
    assert eular.present["ClinicalDomain"] == 3
    assert (acr.low, acr.high) == (2, 2)
    assert (slicc.low, slicc.high) == (4, 4)
    assert (slicc.present["ClinicalDomain"], slicc.present["ImmunologicDomain"]) == (2, 2)
    assert (slicc.present["BiopsyDomain"], slicc.present["AntibodyDomain"]) == (0, 1)


def test_without_fever_only_slicc_remains(scores: Graph) -> None:
    record = {**TEN_POINTS, "FeverAbove38Point3": False}
    eular = total(scores, "EularAcr2019", record, best=True)
    assert (eular.low, eular.high) == (8, 8)
    assert total(scores, "Slicc2012", record).low == 4


def test_unassessed_finding_widens_the_interval(scores: Graph) -> None:
    record = {f: p for f, p in TEN_POINTS.items() if f != "MusculoskeletalManifestation"}
    eular = total(scores, "EularAcr2019", record, best=True)
    assert (eular.low, eular.high) == (10, 16)


def test_covering_findings_refute_what_they_cover(scores: Graph) -> None:
    record = {"MalarRash": False, "MaculopapularLupusRash": False, "LowC3": False, "LowC4": False}
    assert judge(scores, record, "AcuteCutaneousLupus") is False
    assert judge(scores, record, "AcuteOrSubacuteCutaneousLupus") is None
    assert judge(scores, record, "LowC3OrC4") is False
    assert judge(scores, record, "LowComplement") is None


def test_sledai_with_one_item_not_assessed(scores: Graph) -> None:
    record = {name(c): False for c in scores.subjects(RDFS.subClassOf, CONCEPT.Sledai2kItem)}
    record |= {"Sledai2kArthritis": True, "Sledai2kRash": True}
    del record["Sledai2kIncreasedDnaBinding"]
    bounds = total(scores, "Sledai2k", record)
    assert (bounds.low, bounds.high) == (6, 8)
