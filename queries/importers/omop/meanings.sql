--+ summary: What concepts mean: results and routes by their codes, units, vaccines, strengths and daily doses.
--+ tags: importer, omop

-- Values of concepts by their code in a code system, as for other importers.
CREATE OR REPLACE TABLE concept_code_map AS
SELECT DISTINCT listed.element, known.concept_id, listed.value
FROM concept AS known
JOIN value_map AS vocabulary
    ON vocabulary.element = 'concept.vocabulary_id' AND vocabulary.code = known.vocabulary_id
JOIN value_map AS listed ON listed.system = vocabulary.value AND listed.code = known.concept_code;

CREATE OR REPLACE TABLE concept_value AS
SELECT element, concept_id, value FROM concept_code_map WHERE value IS NOT NULL;

-- Codes by which a row says that nothing is known: no fact, and no statement that a list is complete either.
CREATE OR REPLACE TABLE nothing_to_record AS
SELECT element, concept_id, 'its code says that there is nothing to record' AS reason
FROM concept_code_map
WHERE value IS NULL AND element IN ('Condition.code', 'Medication.code', 'Procedure.code');

-- The unit of each pair of unit concept and unit text: the UCUM code, else the source's own text.
CREATE OR REPLACE TABLE unit_of AS
SELECT
    used.concept_id,
    used.written,
    COALESCE(CASE WHEN known.vocabulary_id = 'UCUM' THEN known.concept_code END, listed.text, used.written) AS text
FROM (
    SELECT DISTINCT COALESCE(unit_concept_id, '0') AS concept_id, unit_source_value AS written FROM measurement
    UNION
    SELECT DISTINCT COALESCE(unit_concept_id, '0'), unit_source_value FROM observation
) AS used
LEFT JOIN concept AS known ON known.concept_id = used.concept_id
LEFT JOIN value_map AS listed ON listed.element = 'measurement.unit_concept_id' AND listed.code = used.concept_id;

CREATE OR REPLACE TABLE vaccine AS
SELECT known.concept_id
FROM concept AS known
JOIN value_map AS listed
    ON listed.element = 'concept.vocabulary_id/immunization' AND listed.code = known.vocabulary_id
UNION
SELECT concept_id FROM classified WHERE value = elig('Immunization');

-- Drugs with one ingredient, and the amount of it in one unit where the drug comes in units. Of a drug with
-- several, no single ingredient names it and no single amount is its strength.
CREATE OR REPLACE TABLE single_ingredient AS
SELECT
    strength.drug_concept_id,
    strength.ingredient_concept_id,
    CASE WHEN unit.concept_code IS NOT NULL AND is_number(strength.amount_value)
              AND TRY_CAST(strength.amount_value AS DOUBLE) > 0
              AND strength.numerator_value IS NULL AND strength.box_size IS NULL
         THEN strength.amount_value END AS amount,
    unit.concept_code AS unit
FROM drug_strength AS strength
JOIN (
    SELECT drug_concept_id FROM drug_strength GROUP BY drug_concept_id HAVING COUNT(*) = 1
) AS single ON single.drug_concept_id = strength.drug_concept_id
JOIN concept AS ingredient ON ingredient.concept_id = strength.ingredient_concept_id
LEFT JOIN concept AS unit
    ON unit.concept_id = strength.amount_unit_concept_id AND unit.vocabulary_id = 'UCUM';

-- Daily doses of supplies: units times strength over days, in whole billionths, rounded outward. Numbers with
-- more places than are carried, administrations and drugs taken as needed give none.
CREATE OR REPLACE TABLE daily_dose AS
SELECT
    row,
    billionths(supplied // days) AS low,
    billionths(supplied // days + CASE WHEN supplied % days = 0 THEN 0 ELSE 1 END) AS high
FROM (
    SELECT
        exposure.row,
        CAST(TRY_CAST(exposure.quantity AS DECIMAL(12, 3)) * 1000 AS HUGEINT)
            * CAST(TRY_CAST(strength.amount AS DECIMAL(14, 6)) * 1000000 AS HUGEINT) AS supplied,
        CAST(TRY_CAST(exposure.days_supply AS INTEGER) AS HUGEINT) AS days
    FROM drug_exposure AS exposure
    JOIN single_ingredient AS strength ON strength.drug_concept_id = exposure.drug_concept_id
    LEFT JOIN value_map AS status
        ON status.element = 'drug_exposure.drug_type_concept_id/eventStatus'
        AND status.code = exposure.drug_type_concept_id
    WHERE strength.amount IS NOT NULL
        AND status.value IS NULL
        AND exposure.row NOT IN (
            SELECT needed.row
            FROM drug_exposure AS needed
            JOIN value_map AS words
                ON words.element = 'drug_exposure.sig' AND CONTAINS(LOWER(needed.sig), words.code))
        AND is_number(exposure.quantity) AND is_number(exposure.days_supply)
        AND regexp_full_match(exposure.quantity, '[0-9]+([.][0-9]{1,3})?')
        AND regexp_full_match(strength.amount, '[0-9]+([.][0-9]{1,6})?')
        AND regexp_full_match(exposure.days_supply, '[0-9]+')
) AS supply
WHERE supplied > 0 AND days > 0;
