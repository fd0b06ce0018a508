-- Documented contraindications: contraindication entries and adverse reactions dated on or before screening.

-- "sure": certainly documented by the screening day. What has no date, or a partial one, is on record at
-- the evaluation, so it is sure if evaluation is not later than screening.
CREATE OR REPLACE TABLE n_contraindication AS
SELECT
    patient,
    relation,
    fact,
    'urn:eligo:derived:contraindication:' || fact AS derived,
    confirmed,
    COALESCE(start_high <= screening, FALSE) OR evaluation <= screening AS sure
FROM n_fact
WHERE relation IN ('elig:hasContraindication', 'elig:hasAdverseReaction')
    AND NOT planned
    AND (start_low IS NULL OR start_low <= screening);

INSERT INTO derived_fact
SELECT DISTINCT named.patient, 'elig:hasDocumentedContraindication', named.derived, fact.concept
FROM n_contraindication AS named
JOIN fact ON fact.fact = named.fact AND fact.patient = named.patient AND fact.relation = named.relation;

INSERT INTO fact_source
SELECT DISTINCT patient, derived, fact FROM n_contraindication;

-- A contraindication to a class covers the drugs below it.
INSERT INTO fact_attribute
SELECT DISTINCT named.patient, named.derived, 'elig:contraindicates', NULL, NULL, below.concept
FROM n_contraindication AS named
JOIN fact ON fact.fact = named.fact AND fact.patient = named.patient AND fact.relation = named.relation
JOIN v_below AS below ON below.kind = fact.concept;

-- An intolerance is a matter of dose if it says so, or if it names the dose that was not tolerated.
CREATE OR REPLACE TABLE n_dose_limited AS
SELECT DISTINCT named.fact, COALESCE(stated.value, 'true') AS value
FROM n_contraindication AS named
LEFT JOIN d_boolean AS stated ON stated.fact = named.fact AND stated.property = 'elig:doseLimited'
LEFT JOIN e_quantity AS dose ON dose.fact = named.fact AND dose.property = 'elig:intoleratedDose'
WHERE stated.fact IS NOT NULL OR dose.fact IS NOT NULL;

-- Established: a contraindication that is not doubted and not a matter of dose, or a severe reaction.
INSERT INTO fact_attribute
SELECT patient, derived, 'elig:isEstablished', NULL, NULL, value
FROM (
    SELECT
        named.patient,
        named.derived,
        CASE
            WHEN named.relation = 'elig:hasContraindication' AND limited.value = 'true' THEN 'false'
            WHEN named.relation = 'elig:hasAdverseReaction' AND severe.value = 'false' THEN 'false'
            WHEN NOT named.confirmed OR NOT named.sure THEN NULL
            WHEN named.relation = 'elig:hasContraindication' OR severe.value = 'true' THEN 'true'
        END AS value
    FROM n_contraindication AS named
    LEFT JOIN n_dose_limited AS limited ON limited.fact = named.fact
    LEFT JOIN n_severe AS severe ON severe.fact = named.fact AND severe.patient = named.patient
) AS judged
WHERE value IS NOT NULL;

INSERT INTO fact_attribute
SELECT named.patient, named.derived, 'elig:isDoseLimited', NULL, NULL,
       CASE WHEN named.relation = 'elig:hasContraindication' THEN COALESCE(limited.value, 'false')
            ELSE 'false' END
FROM n_contraindication AS named
LEFT JOIN n_dose_limited AS limited ON limited.fact = named.fact;

-- The dose that was not tolerated, in its canonical unit.
INSERT INTO fact_attribute
SELECT named.patient, named.derived, 'elig:intoleratedDoseValue', dose.low, dose.high, NULL
FROM n_contraindication AS named
JOIN d_quantity AS dose ON dose.fact = named.fact AND dose.property = 'elig:intoleratedDose';
