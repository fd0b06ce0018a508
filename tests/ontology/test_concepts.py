"""House tests of the concept files: form, hierarchy, and what their codes stand for."""

from __future__ import annotations

from itertools import permutations

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph
from rdflib.namespace import DCTERMS

from ontology.concept_kit import (
    CONCEPT,
    ELIG,
    FILES,
    HEADING_LENGTHS,
    ONTOLOGY,
    SYSTEM,
    UNIT,
    above,
    can_be,
    codes,
    concepts,
    graph,
    headings,
    name,
    resolve,
)

ROOTS = frozenset(
    {
        "Attestable",
        "BodyMeasurement",
        "ClinicalScale",
        "Drug",
        "HealthCondition",
        "IndicationOnly",
        "IsnRpsClass",
        "LaboratoryTest",
        "Manifestation",
        "MedicalProcedure",
        "NonDrugAllergen",
        "NyhaClass",
        "PassiveAntibody",
        "Route",
        "SledaiTotal",
        "StudyType",
        "TestResult",
        "Vaccine",
    }
)
BESIDE = {
    "DiabeticRetinopathy",
    "LupusLungInvolvement",
    "LupusOfOtherOrgan",
    "OtherDiabeticAutonomicNeuropathy",
    "OtherDiabeticEyeDisease",
    "Type1DiabeticComplication",
    "Type2DiabeticComplication",
}
"""Kept, with all below, beside the concept of its heading: a record of lupus does not tell of lung
or brain, one of diabetes not of eye or stomach."""

MAY_BE_APART = {
    "CentralNervousSystemLupus": "SystemicLupusErythematosus",
    "GlomerularDisease": "LupusErythematosus",
    "Infection": "LungDisorder",
    "LungDisorder": "LupusErythematosus",
    "MelanomaInSitu": "CarcinomaInSitu",
    "ObstetricCondition": (
        "Malignancy HeartFailure Angina Arrhythmia LiverDisease Infection Lactation"
    ),
    "TransplantStatus": "Malignancy HeartFailure Angina",
}
"""Kinds that leave another one open, mostly because of a rare concept below them."""

APART = [
    "LupusErythematosus Malignancy HeartFailure Angina Arrhythmia LungDisorder LiverDisease "
    "Infection MentalDisorder ObstetricCondition TransplantStatus CellTherapyStatus Sterility "
    "HistoryOfMalignancy BenignNeoplasm Lactation IndicationOnly",
    "Antimalarial SystemicGlucocorticoid LocalGlucocorticoid SystemicAntiInfective "
    "CellTherapyProduct Immunosuppressant",
    "CarTProduct CarNkProduct TcrTProduct",
    "LiveVaccine InactivatedVaccine",
    "VitalOrganTransplantation HematopoieticTransplantation TissueTransplantation CellTherapy",
    "NonMelanomaSkinCancer CarcinomaInSitu MelanomaInSitu Melanoma MerkelCellCarcinoma "
    "SolidOrganMalignancy HematologicMalignancy SecondaryMalignancy",
    "HivInfection HepatitisB HepatitisC OtherViralInfection BacterialInfection",
    "SystemicLupusErythematosus DrugInducedLupus DiscoidLupus",
    "SystemicLupusErythematosus CentralNervousSystemLupus DialysisStatus ThrombocytopenicDisorder "
    "AwaitingTransplant",
    "VitalOrganTransplantation Dialysis KidneyBiopsy",
    "ProliferativeLupusNephritis ClassI ClassII ClassV ClassVI",
    "Positive Negative",
]


@pytest.mark.parametrize("file", FILES)
def test_file_has_a_complete_ontology_header(file: str) -> None:
    """Label, description, licence, version and import of the core are stated."""
    one = Graph().parse(ONTOLOGY / file, format="turtle")
    header = one.value(predicate=RDF.type, object=OWL.Ontology)
    assert header is not None
    for term in (RDFS.label, DCTERMS.description, DCTERMS.license, OWL.versionIRI, OWL.imports):
        assert (header, term, None) in one
    assert str(header).endswith("/" + file.removesuffix(".ttl"))


@pytest.mark.parametrize("concept", sorted(concepts()))
def test_concept_is_well_formed(concept: str) -> None:
    """A concept is described, stands for itself and has its place in the hierarchy."""
    term = CONCEPT[concept]
    assert len(list(graph().objects(term, RDFS.label))) == 1
    assert len(list(graph().objects(term, SKOS.definition))) == 1
    assert {OWL.Class, OWL.NamedIndividual, term} == set(graph().objects(term, RDF.type))
    parents = [name(p) for p in graph().objects(term, RDFS.subClassOf)]
    assert bool(parents) != (concept in ROOTS)
    assert all(p in concepts() and concept not in above(p) for p in parents)


def test_references_lead_to_declared_terms() -> None:
    """Every concept, system, unit and vocabulary term that is used is declared."""
    known = set((Graph().parse(ONTOLOGY / "core.ttl") + graph()).subjects(RDF.type))
    used = {str(term) for triple in graph() for term in triple} - {str(term) for term in known}
    assert [t for t in used if t.startswith((ELIG, CONCEPT, SYSTEM, UNIT))] == []


def test_code_nodes_are_well_formed() -> None:
    """A code has one system, one notation or prefix, and one source."""
    nodes = list(graph().objects(None, ELIG.hasCode))
    assert len(nodes) == len(codes()) == len(set(codes()))
    for node in nodes:
        assert len(list(graph().objects(node, ELIG.inSystem))) == 1
        assert len(list(graph().objects(node, DCTERMS.source))) == 1


def test_only_licensed_descriptions_are_shipped() -> None:
    """SNOMED CT descriptions come from the Global Patient Set only; ATC names are not copied."""
    labelled = [
        (name(system), str(graph().value(node, DCTERMS.source)))
        for node, system in graph().subject_objects(ELIG.inSystem)
        if (node, RDFS.label, None) in graph()
    ]
    assert {s for system, s in labelled if system == "SNOMEDCT"} == {"SNOMED GPS 2020-09-30"}
    assert not [s for system, s in labelled if system == "ATC"]


def test_a_code_belongs_to_one_concept() -> None:
    """The same code or prefix is never given to two concepts."""
    seen = [(system, text, prefix) for system, text, prefix, _ in codes()]
    assert len(seen) == len(set(seen))


def test_a_narrower_code_means_a_lower_concept() -> None:
    """What matches a longer code lies below what the shorter one is, or may be as a heading."""
    wrong = [
        (short, long)
        for short in codes()
        for long in codes()
        if short[0] == long[0]
        and (short[2] or short[0] in HEADING_LENGTHS)
        and long[1].startswith(short[1])
        and (short[2] or len(long[1]) > len(short[1]))
        and short[3] not in above(long[3])
        and (short[2] or not above(long[3]) & BESIDE)
        and (short[2] or not can_be(short[3], long[3]))
    ]
    assert wrong == []


def test_complete_kinds_leave_no_broader_heading_out() -> None:
    """A record coded with a broader heading of a complete kind is not taken to exclude it."""
    missing = {
        (name(kind), heading)
        for kind, system in graph().subject_objects(ELIG.completeIn)
        for in_system, text, _, concept in codes()
        if in_system == name(system) and name(kind) in above(concept)
        for heading in headings(in_system, text)
        if not (found := resolve(in_system, heading)) or not can_be(found, name(kind))
    }
    assert missing == set()


@pytest.mark.parametrize("names", APART, ids=lambda n: n.split()[0])
def test_kinds_that_exclude_each_other_stay_apart(names: str) -> None:
    """A fact of one kind does not leave another kind open that it has nothing to do with."""
    for one, other in permutations(names.split(), 2):
        allowed = other in MAY_BE_APART.get(one, "").split()
        assert can_be(one, other) == allowed, (one, other)


@pytest.mark.parametrize(
    ("system", "code", "concept", "not_kinds"),
    [
        ("ICD10CM", "M32.14", "LupusNephritis", "DrugInducedLupus LungDisorder"),
        ("SNOMEDCT", "55464009", "SystemicLupusErythematosus", "LungDisorder Malignancy"),
        ("ICD10CM", "J84.10", "InterstitialLungDisease", "Malignancy Infection"),
        ("ICD10CM", "D47.2", "NeoplasmOfUncertainBehavior", "TransplantStatus"),
        ("ICD10CM", "M32.0", "DrugInducedLupus", "SystemicLupusErythematosus"),
        ("ICD10CM", "M32.9", "SystemicLupusErythematosus", "DrugInducedLupus Infection"),
        ("ICD10CM", "C44.91", "BasalCellCarcinomaOfSkin", "CarcinomaInSitu Melanoma"),
        ("ICD10CM", "C44.1121", "BasalCellCarcinomaOfSkin", "Melanoma"),
        ("ICD10CM", "C18.9", "ColonCancer", "NonMelanomaSkinCancer CarcinomaInSitu"),
        ("ICD10CM", "C4A.30", "MerkelCellCarcinoma", "NonMelanomaSkinCancer"),
        ("ICD10CM", "C50.911", "BreastCancer", "CarcinomaInSitu"),
        ("ICD10CM", "D05.12", "CarcinomaInSituOfBreast", "BreastCancer"),
        ("ICD10CM", "Z85.3", "HistoryOfMalignancy", "Malignancy"),
        ("ICD10CM", "I11.0", "HeartFailure", "UnstableAngina"),
        ("ICD10CM", "I10", "Hypertension", "HeartFailure Infection Malignancy"),
        ("ICD10CM", "A41.9", "BacterialInfection", "HivInfection HepatitisB"),
        ("ICD10CM", "Z21", "HivInfection", "HepatitisB"),
        ("ICD10CM", "B18.1", "HepatitisB", "HepatitisC HivInfection"),
        ("ICD10CM", "Z94.7", "TissueTransplantStatus", "VitalOrganTransplantStatus"),
        ("ICD10CM", "Z95.1", "CoronaryBypassGraftStatus", "TransplantStatus"),
        ("ICD10CM", "Z92.858", "OtherCellTherapyStatus", "CarTTherapyStatus"),
        ("ATC", "L04AA06", "Mycophenolate", "Azathioprine"),
        ("ATC", "P01BA02", "Hydroxychloroquine", "SystemicAntiInfective"),
        ("ATC", "P01BA03", "Antiparasitic", "Antimalarial"),
        ("ATC", "H02AB03", "SystemicGlucocorticoid", "Immunosuppressant"),
        ("ATC", "C09AA05", "AceInhibitor", "AngiotensinReceptorBlocker CarTProduct"),
        ("ATC", "C07AB02", "CardiovascularDrug", "SystemicGlucocorticoid CarTProduct"),
        ("ATC", "R03BA02", "Budesonide", "SystemicGlucocorticoid"),
        ("CVX", "03", "MmrVaccine", "InactivatedVaccine"),
        ("CVX", "187", "ZosterRecombinantVaccine", "LiveVaccine"),
        ("RxNorm", "1734919", "CyclophosphamideInjectable", "CyclophosphamideOral"),
        ("SNOMEDCT", "60656008", "CornealTransplantation", "VitalOrganTransplantation"),
        ("SNOMEDCT", "444814009", "ViralUpperRespiratoryInfection", "Malignancy LungDisorder"),
        ("SNOMEDCT", "232717009", "CoronaryArteryBypassGraft", "Transplantation CellTherapy"),
        ("SNOMEDCT", "65575008", "OtherBiopsy", "KidneyBiopsy"),
        ("SNOMEDCT", "180207008", "BloodTransfusion", "Transplantation CellTherapy"),
        ("SNOMEDCT", "128613002", "SeizureDisorder", "MentalDisorder Infection"),
        ("SNOMEDCT", "55680006", "DrugOverdose", "AdverseDrugReaction"),
        ("SNOMEDCT", "79586000", "EctopicPregnancy", "Delivery"),
        ("SNOMEDCT", "91935009", "FoodAllergen", "Drug"),
        ("RxNorm", "979092", "Hydroxychloroquine", "Chloroquine"),
        ("RxNorm", "312615", "PrednisoneOral", "LocalGlucocorticoid Immunosuppressant"),
        ("RxNorm", "241834", "Ciclosporin", "Mycophenolate Azathioprine Cyclophosphamide"),
        ("RxNorm", "1860480", "Docetaxel", "Cyclophosphamide Fludarabine Immunosuppressant"),
        ("RxNorm", "106258", "LocalGlucocorticoid", "SystemicGlucocorticoid"),
        ("RxNorm", "978950", "HormonalOrUrologicalDrug", "AntineoplasticDrug"),
        ("CVX", "207", "CovidMrnaVaccine", "LiveVaccine"),
        ("CVX", "33", "PneumococcalPolysaccharideVaccine", "LiveVaccine CovidMrnaVaccine"),
        ("ICD10CM", "B15.9", "HepatitisA", "HepatitisB HepatitisC HivInfection"),
        ("ICD10CM", "I85.11", "BleedingVarices", "Malignancy"),
        ("ICD10CM", "K40.91", "RecurrentInguinalHernia", "GastrointestinalBleeding"),
        ("ATC", "L01XX05", "Hydroxyurea", "CarTProduct Anagrelide"),
        ("ICD10CM", "E11.9", "Type2DiabetesMellitus", "Type1DiabetesMellitus DiabeticRetinopathy"),
        ("ICD10CM", "E11.3519", "Type2ProliferativeRetinopathy", "Type1DiabeticComplication"),
        (
            "ICD10CM",
            "E11.3293",
            "Type2NonproliferativeRetinopathyWithoutMacularEdema",
            "ProliferativeDiabeticRetinopathy DiabeticMaculopathy",
        ),
        ("ICD10CM", "K86.0", "ChronicPancreatitis", "AcutePancreatitis"),
        ("ICD10CM", "I25.10", "CoronaryArteryDisease", "MyocardialInfarction Angina"),
        ("ICD10CM", "I44.7", "BundleBranchBlock", "HighDegreeAtrioventricularBlock"),
        (
            "ICD10CM",
            "I50.23",
            "DecompensatedSystolicHeartFailure",
            "DiastolicHeartFailure RightHeartFailure",
        ),
        ("ICD10CM", "G45.9", "TransientIschemicAttack", "Stroke IschemicStroke"),
        ("ICD10CM", "Z79.01", "OtherLongTermDrugUse", "InsulinUseStatus"),
        (
            "ICD10CM",
            "Z80.3",
            "FamilyHistoryOfOtherDisease",
            "FamilyHistoryOfMedullaryThyroidCarcinoma",
        ),
        ("ATC", "A10BK03", "Empagliflozin", "InjectableGlucoseLoweringDrug WeightLossDrug"),
        ("ATC", "A10AE04", "InjectedInsulin", "OralGlucoseLoweringDrug"),
        ("ATC", "A11CC05", "OtherMetabolicDrug", "GlucoseLoweringDrug WeightLossDrug"),
        ("ATC", "C09DX04", "AngiotensinReceptorBlocker", "AceInhibitor"),
        ("ATC", "C10AA01", "CardiovascularDrug", "GlucoseLoweringDrug"),
        ("LOINC", "33762-6", "NtProBnp", "BrainNatriureticPeptide"),
        ("LOINC", "59261-8", "HemoglobinA1cIfcc", "BrainNatriureticPeptide"),
        ("RxNorm", "313782", "NervousSystemDrug", "HematologicDrug SystemicGlucocorticoid"),
    ],
)
def test_code_stands_for(system: str, code: str, concept: str, not_kinds: str) -> None:
    """A code leads to its concept and away from the kinds it excludes."""
    assert resolve(system, code) == concept
    assert [k for k in not_kinds.split() if can_be(concept, k)] == []


@pytest.mark.parametrize(
    ("system", "code", "kind"),
    [
        ("CVX", "88", "LiveVaccine"),
        ("CVX", "188", "LiveVaccine"),
        ("ICD10CM", "D03.9", "CarcinomaInSitu"),
        ("ICD10CM", "C80.1", "NonMelanomaSkinCancer"),
        ("ICD10CM", "D45", "Malignancy"),
        ("ICD10CM", "D47.4", "Malignancy"),
        ("ICD10CM", "D75.81", "PrimaryMyelofibrosis"),
        ("ICD10CM", "B19.9", "HepatitisA"),
        ("ICD10CM", "H66.009", "BacterialInfection"),
        ("ICD10CM", "H66.009", "MiddleEarEffusion"),
        ("ICD10CM", "I63.411", "ArterialThromboembolism"),
        ("ICD10CM", "I85.01", "Cirrhosis"),
        ("ICD10CM", "N18.9", "ChronicKidneyDiseaseStage3"),
        ("ICD10CM", "O70.20", "Delivery"),
        ("CVX", "213", "CovidMrnaVaccine"),
        ("CVX", "109", "PneumococcalPolysaccharideVaccine"),
        ("ICD10CM", "D03.9", "Malignancy"),
        ("ICD10CM", "I13", "HeartFailure"),
        ("ICD10CM", "M32", "DrugInducedLupus"),
        ("ICD10CM", "B97.3", "HivInfection"),
        ("ICD10CM", "B97", "HivInfection"),
        ("ICD10CM", "O99.411", "Pregnancy"),
        ("ICD10CM", "O9A.111", "Pregnancy"),
        ("ICD10CM", "O99", "Pregnancy"),
        ("ICD10CM", "M32.13", "LungDisorder"),
        ("ICD10CM", "M32.13", "SystemicLupusErythematosus"),
        ("ICD10CM", "C80.2", "Malignancy"),
        ("ICD10CM", "D47.Z1", "TransplantStatus"),
        ("ICD10CM", "O98.712", "Pregnancy"),
        ("ATC", "L01X", "CarTProduct"),
        ("ATC", "L04AX", "Azathioprine"),
        ("SNOMEDCT", "77465005", "KidneyTransplantation"),
        ("SNOMEDCT", "22523008", "SterilisingProcedure"),
        ("SNOMEDCT", "444814009", "Infection"),
        ("SNOMEDCT", "40055000", "Infection"),
        ("SNOMEDCT", "40055000", "BacterialInfection"),
        ("SNOMEDCT", "74400008", "Infection"),
        ("SNOMEDCT", "386661006", "Infection"),
        ("SNOMEDCT", "53741008", "UnstableAngina"),
        ("SNOMEDCT", "410429000", "Arrhythmia"),
        ("SNOMEDCT", "126906006", "Malignancy"),
        ("SNOMEDCT", "26929004", "MentalDisorder"),
        ("SNOMEDCT", "55680006", "MentalDisorder"),
        ("SNOMEDCT", "241929008", "AdverseDrugReaction"),
        ("SNOMEDCT", "72892002", "Delivery"),
        ("SNOMEDCT", "79586000", "Pregnancy"),
        ("SNOMEDCT", "85548006", "DeliveryProcedure"),
        ("SNOMEDCT", "90470006", "SterilisingProcedure"),
    ],
)
def test_vague_code_stays_open(system: str, code: str, kind: str) -> None:
    """A code that leaves something open does not exclude it."""
    assert can_be(resolve(system, code), kind)
