"""Facts that exclude, in the words of the case files, each by itself."""

from __future__ import annotations

EXCLUDING = {
    "breast-cancer": """:patient elig:hasCondition :x .
        :x a elig:Condition ; elig:code concept:BreastCancer ; elig:clinicalStatus elig:Active ;
          elig:verificationStatus elig:Confirmed ; elig:startDate "2025-01-01"^^xsd:date .""",
    "transplant": """:patient elig:hasProcedure :x .
        :x a elig:Procedure ; elig:eventStatus elig:Completed ; elig:date "2010-05-05"^^xsd:date ;
          elig:code [ a elig:Coding ; elig:inSystem system:SNOMEDCT ;
            elig:notation "70536003" ] .""",
    "reaction": """:patient elig:hasAdverseReaction :x .
        :x a elig:AdverseReaction ; elig:agent concept:Cyclophosphamide ;
          elig:severity elig:Severe ; elig:date "2020-01-01"^^xsd:date .""",
    "vaccine": """:patient elig:hasImmunization :x .
        :x a elig:Immunization ; elig:eventStatus elig:Planned ; elig:date "2026-04-01"^^xsd:date ;
          elig:code [ a elig:Coding ; elig:inSystem system:CVX ; elig:notation "03" ] .""",
    "viral-dna": """:patient elig:hasObservation :x .
        :x a elig:Observation ; elig:code concept:HbvDna ; elig:date "2026-02-27"^^xsd:date ;
          elig:result concept:Positive .""",
    "egfr": """:patient elig:hasObservation :x .
        :x a elig:Observation ; elig:date "2026-02-27"^^xsd:date ;
          elig:code [ a elig:Coding ; elig:inSystem system:LOINC ; elig:notation "98979-8" ] ;
          elig:quantity [ elig:value 20.0 ; elig:unit "mL/min/{1.73_m2}" ] .""",
    "car-t": """:patient elig:hasMedicationUse :x .
        :x a elig:MedicationUse ; elig:eventStatus elig:Completed ;
          elig:startDate "2022-01-01"^^xsd:date ; elig:endDate "2022-01-01"^^xsd:date ;
          elig:code [ a elig:Coding ; elig:inSystem system:RxNorm ; elig:notation "1986438" ] .""",
    "infection": """:patient elig:hasCondition :x .
        :x a elig:Condition ; elig:clinicalStatus elig:Active ;
          elig:startDate "2026-02-25"^^xsd:date ;
          elig:code [ a elig:Coding ; elig:inSystem system:ICD10CM ; elig:notation "A41.9" ] .""",
    "other-trial": """:patient elig:hasTrialParticipation :x .
        :x a elig:TrialParticipation ; elig:code concept:InterventionalStudy ;
          elig:studyIdentifier "NCT01673295" ; elig:eventStatus elig:Active ;
          elig:startDate "2026-01-10"^^xsd:date .""",
    "pregnancy": """:patient elig:hasCondition :x .
        :x a elig:Condition ; elig:code concept:Pregnancy ; elig:clinicalStatus elig:Active ;
          elig:startDate "2026-01-15"^^xsd:date .""",
}
"""Each makes an eligible patient not eligible."""
