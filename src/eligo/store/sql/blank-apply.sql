-- Writes the names in place of the blank nodes; nothing is blank afterwards.
CREATE OR REPLACE TABLE statement AS
SELECT
    statement.* REPLACE (
        COALESCE(subject_name.name, subject) AS subject,
        COALESCE(object_name.name, object) AS object,
        CASE WHEN kind = 'blank' THEN 'iri' ELSE kind END AS kind,
        CAST(NULL AS VARCHAR) AS said,
        CAST(NULL AS VARCHAR) AS place
    )
FROM statement
LEFT JOIN b_name AS subject_name ON said IS NOT NULL AND subject_name.node = subject
LEFT JOIN b_name AS object_name ON place IS NOT NULL AND object_name.node = object;
