--+ summary: The strengths of the drugs that the rows use; strengths that are no longer valid are left out.
--+ table: drug_strength
--+ tags: importer, omop
CREATE OR REPLACE TABLE drug_strength AS
SELECT DISTINCT drug_concept_id, ingredient_concept_id, amount_value, amount_unit_concept_id, numerator_value, box_size
FROM source_drug_strength
WHERE drug_concept_id IN (SELECT drug_concept_id FROM drug_exposure)
    AND COALESCE(invalid_reason, '') = '';
