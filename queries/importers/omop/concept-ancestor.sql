--+ summary: Concepts in use that stand below a class of vaccines or allergies.
--+ table: concept_ancestor
--+ tags: importer, omop
CREATE OR REPLACE TABLE classified AS
SELECT DISTINCT link.descendant_concept_id AS concept_id, class.value
FROM source_concept_ancestor AS link
JOIN (
    SELECT code AS concept_id, value FROM value_map WHERE element LIKE 'concept_ancestor.%' AND system = ''
    UNION
    SELECT known.concept_id, listed.value
    FROM value_map AS listed
    JOIN value_map AS vocabulary
        ON vocabulary.element = 'concept.vocabulary_id' AND vocabulary.value = listed.system
    JOIN concept AS known
        ON known.vocabulary_id = vocabulary.code AND known.concept_code = listed.code
    WHERE listed.element LIKE 'concept_ancestor.%'
) AS class ON class.concept_id = link.ancestor_concept_id
WHERE link.descendant_concept_id IN (SELECT concept_id FROM used_concept);
