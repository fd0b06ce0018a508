--+ summary: The concepts that the rows use, once each, with the classes that vaccines and allergies stand below.
--+ table: concept
--+ tags: importer, omop
CREATE OR REPLACE TABLE used_concept AS
SELECT DISTINCT concept_id
FROM (
    SELECT unnest([condition_concept_id, condition_source_concept_id]) AS concept_id FROM condition_occurrence
    UNION ALL
    SELECT unnest([drug_concept_id, drug_source_concept_id, route_concept_id]) FROM drug_exposure
    UNION ALL
    SELECT unnest([procedure_concept_id, procedure_source_concept_id]) FROM procedure_occurrence
    UNION ALL
    SELECT unnest([measurement_concept_id, measurement_source_concept_id, unit_concept_id, value_as_concept_id])
    FROM measurement
    UNION ALL
    SELECT unnest([observation_concept_id, observation_source_concept_id, unit_concept_id, value_as_concept_id,
                   qualifier_concept_id])
    FROM observation
    UNION ALL
    SELECT unnest([ingredient_concept_id, amount_unit_concept_id]) FROM drug_strength
) AS named
WHERE is_concept(concept_id);

CREATE OR REPLACE TABLE concept AS
SELECT source.*
FROM source_concept AS source
LEFT JOIN value_map AS vocabulary
    ON vocabulary.element = 'concept.vocabulary_id' AND vocabulary.code = source.vocabulary_id
LEFT JOIN (
    SELECT DISTINCT system, code FROM value_map WHERE element LIKE 'concept_ancestor.%' AND system <> ''
) AS class ON class.system = vocabulary.value AND class.code = source.concept_code
WHERE source.concept_id IN (SELECT concept_id FROM used_concept) OR class.code IS NOT NULL
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY source.concept_id ORDER BY source.vocabulary_id, source.concept_code, source.concept_name) = 1;
