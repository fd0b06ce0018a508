-- What was found about the records: by the record shapes and the readers, then by the derivation.
SELECT
    found.patient_key,
    ROW_NUMBER() OVER (PARTITION BY found.patient_key ORDER BY found.stage, found.place) AS place,
    found.severity, found.node, found.path, found.message, found.value, found.source
FROM (
    SELECT 1 AS stage, ROW_NUMBER() OVER () AS place, patient_key, severity, node, path, message, value, source FROM s_problem
    UNION ALL
    SELECT 2, place, patient, 'violation', node, NULL, message, NULL, NULL FROM r_problem
) AS found
ORDER BY patient_key, place
