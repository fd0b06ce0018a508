--+ summary: The codings that facts point at, once each: concepts, and values of the source that no concept describes.
--+ tags: importer, omop

-- Identifiers of concepts that the concept table does not describe, and values of the source, are code systems of
-- their own, so that no code is taken for one of another system.
SELECT
    used.name AS fact,
    elig('Coding') AS kind,
    CASE WHEN known.concept_id IS NOT NULL
             THEN COALESCE(listed.value, minted('vocabulary:' || url_encode(COALESCE(known.vocabulary_id, ''))))
         WHEN used.sort = 'concept' THEN minted('concept')
         ELSE minted('source-value') END AS "elig:inSystem",
    literal(CASE WHEN known.concept_id IS NOT NULL THEN COALESCE(known.concept_code, known.concept_id)
                 WHEN used.sort = 'unstated' THEN 'not stated'
                 ELSE used.value END) AS "elig:notation",
    literal(known.concept_name) AS "rdfs:label"
FROM (
    SELECT
        name,
        SPLIT_PART(local, ':', 1) AS sort,
        url_decode(SUBSTR(local, LENGTH(SPLIT_PART(local, ':', 1)) + 2)) AS value
    FROM used_node
) AS used
LEFT JOIN concept AS known ON used.sort = 'concept' AND known.concept_id = used.value
LEFT JOIN value_map AS listed
    ON listed.element = 'concept.vocabulary_id' AND listed.code = known.vocabulary_id
